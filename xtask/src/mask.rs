//! Rust text with everything blanked out that is no code, so that a plain search finds code only.
//!
//! Not a parser: it knows comments, strings, characters and braces, which is all that the rules of [`crate::tidy`] need.

/// Code of one file: comments are spaces, the insides of strings and characters are `_`. Lines stay where they were.
#[derive(Debug, Clone)]
pub struct Masked {
    chars: Vec<char>,
    text: String,
}

/// A function with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Line of its `fn`, from 1.
    pub line: usize,
    /// Lines of its body that hold code.
    pub lines: usize,
    /// Whether an attribute states a reason for its length: a flat table, one arm per word.
    pub excused: bool,
}

impl Masked {
    /// Blanks out what is no code in `source`.
    pub fn new(source: &str) -> Masked {
        let chars = blank(&source.chars().collect::<Vec<_>>());
        let text = chars.iter().collect();
        Masked { chars, text }
    }

    /// Lines of code with their numbers, from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().zip(1..).map(|(line, number)| (number, line))
    }

    /// For each line, whether it lies in an item under `#[cfg(test)]`.
    pub fn test_lines(&self) -> Vec<bool> {
        let mut tests = vec![false; self.text.lines().count()];
        let marker: Vec<char> = "#[cfg(test)]".chars().collect();
        let mut at = 0;
        while let Some(found) = self.find(&marker, at) {
            at = found + marker.len();
            let Some(open) = self.position(at, |c| c == '{' || c == ';') else { break };
            if self.chars.get(open) == Some(&'{') {
                let close = self.closing(open);
                let (first, last) = (self.line_of(found), self.line_of(close));
                tests.iter_mut().take(last).skip(first.saturating_sub(1)).for_each(|line| *line = true);
                at = close;
            }
        }
        tests
    }

    /// Functions with a body, in order.
    pub fn functions(&self) -> Vec<Function> {
        let mut functions = Vec::new();
        let mut at = 0;
        while let Some(found) = self.find(&['f', 'n', ' '], at) {
            at = found + 3;
            let before = found.checked_sub(1).and_then(|index| self.chars.get(index));
            if before.is_some_and(|c| is_word(*c)) {
                continue;
            }
            let rest = self.chars.get(at..).unwrap_or_default();
            let name: String =
                rest.iter().skip_while(|c| c.is_whitespace()).take_while(|c| is_word(**c)).collect();
            if name.is_empty() {
                continue; // `fn` in a type such as `fn (u8)`
            }
            let Some(open) = self.body(at) else { continue };
            let close = self.closing(open);
            let body: String = self.chars.get(open + 1..close).unwrap_or_default().iter().collect();
            let lines = body.lines().filter(|line| !line.trim().is_empty()).count();
            functions.push(Function {
                name,
                line: self.line_of(found),
                lines,
                excused: self.is_excused(found),
            });
        }
        functions
    }

    /// Whether `expect(clippy::too_many_lines, reason = …)` stands among the attributes of the item at `from`.
    fn is_excused(&self, from: usize) -> bool {
        let before = self.chars.get(..from).unwrap_or_default().iter().rev();
        let head: String = before.take_while(|c| !matches!(c, '{' | '}' | ';')).collect();
        let head: String = head.chars().rev().collect();
        head.contains("clippy::too_many_lines") && head.contains("reason = ")
    }

    /// The brace that opens the body of the function whose signature begins at `from`; none if it ends with `;`.
    fn body(&self, from: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (index, c) in self.chars.iter().enumerate().skip(from) {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                '{' if depth == 0 => return Some(index),
                ';' if depth == 0 => return None,
                _ => {}
            }
        }
        None
    }

    /// The brace that closes the one at `open`, or the end of the file.
    fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for (index, c) in self.chars.iter().enumerate().skip(open) {
            match c {
                '{' => depth += 1,
                '}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return index;
                    }
                }
                _ => {}
            }
        }
        self.chars.len()
    }

    fn find(&self, what: &[char], from: usize) -> Option<usize> {
        let rest = self.chars.get(from..)?;
        rest.windows(what.len()).position(|window| window == what).map(|index| index + from)
    }

    fn position(&self, from: usize, is: impl Fn(char) -> bool) -> Option<usize> {
        self.chars.iter().enumerate().skip(from).find(|(_, c)| is(**c)).map(|(index, _)| index)
    }

    fn line_of(&self, index: usize) -> usize {
        self.chars.iter().take(index).filter(|c| **c == '\n').count() + 1
    }
}

/// Whether `c` can be part of a name.
pub const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn blank(source: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(source.len());
    let at = |index: usize| source.get(index).copied().unwrap_or('\0');
    let mut index = 0;
    while index < source.len() {
        let before = index.checked_sub(1).map_or(' ', at);
        let end = match at(index) {
            '/' if at(index + 1) == '/' => line_end(source, index),
            '/' if at(index + 1) == '*' => block_end(source, index),
            '"' => string_end(source, index + 1),
            'r' | 'b' | 'c' if !is_word(before) => match raw_end(source, index) {
                Some(end) => end,
                None => index,
            },
            '\'' => character_end(source, index).unwrap_or(index),
            _ => index,
        };
        if end == index {
            out.push(at(index));
            index += 1;
            continue;
        }
        let comment = at(index) == '/';
        for place in index..end {
            let edge = !comment && (place == index || place + 1 == end);
            out.push(match at(place) {
                '\n' => '\n',
                _ if comment => ' ',
                c if edge => c,
                c if c.is_whitespace() => ' ',
                _ => '_',
            });
        }
        index = end;
    }
    out
}

fn line_end(source: &[char], from: usize) -> usize {
    source.iter().enumerate().skip(from).find(|(_, c)| **c == '\n').map_or(source.len(), |(index, _)| index)
}

fn block_end(source: &[char], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut index = from;
    while index < source.len() {
        match (source.get(index), source.get(index + 1)) {
            (Some('/'), Some('*')) => {
                depth += 1;
                index += 2;
            }
            (Some('*'), Some('/')) => {
                depth -= 1;
                index += 2;
                if depth == 0 {
                    return index;
                }
            }
            _ => index += 1,
        }
    }
    source.len()
}

/// End of a string whose insides begin at `from`.
fn string_end(source: &[char], from: usize) -> usize {
    let mut index = from;
    while let Some(c) = source.get(index) {
        match c {
            '\\' => index += 2,
            '"' => return index + 1,
            _ => index += 1,
        }
    }
    source.len()
}

/// End of a string with a prefix (`r"`, `r#"`, `b"`, `br#"`, `c"`) at `from`; none if there is no such string.
fn raw_end(source: &[char], from: usize) -> Option<usize> {
    let mut index = from;
    let mut raw = false;
    while let Some(c @ ('r' | 'b' | 'c')) = source.get(index) {
        raw |= *c == 'r';
        index += 1;
    }
    let hashes = source.iter().skip(index).take_while(|c| **c == '#').count();
    if source.get(index + hashes) != Some(&'"') || index - from > 2 {
        return None;
    }
    let inside = index + hashes + 1;
    if !raw {
        return (hashes == 0).then(|| string_end(source, inside));
    }
    let mut at = inside;
    while at < source.len() {
        let closes = source.get(at) == Some(&'"')
            && source.iter().skip(at + 1).take(hashes).filter(|c| **c == '#').count() == hashes;
        if closes {
            return Some(at + 1 + hashes);
        }
        at += 1;
    }
    Some(source.len())
}

/// End of a character at `from`; none if it is a lifetime.
fn character_end(source: &[char], from: usize) -> Option<usize> {
    match source.get(from + 1)? {
        '\\' => {
            // The character after the backslash may itself be a quote.
            let rest = source.iter().enumerate().skip(from + 3);
            rest.take_while(|(_, c)| **c != '\n').find(|(_, c)| **c == '\'').map(|(index, _)| index + 1)
        }
        _ => (source.get(from + 2) == Some(&'\'')).then_some(from + 3),
    }
}
