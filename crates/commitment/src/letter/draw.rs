//! The composed letter as Markdown and as HTML.

use std::fmt::Write as _;

use super::compose::{Block, Item};
use crate::vocabulary::Language;

pub(super) fn markdown(blocks: &[Block], language: Language) -> String {
    let colon = match language {
        Language::Zh => "：",
        Language::En => ": ",
    };
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Title(title) => push(&mut text, format_args!("# {}\n\n", marked(title))),
            Block::Heading(heading) => push(&mut text, format_args!("## {}\n\n", marked(heading))),
            Block::Paragraph(words) => push(&mut text, format_args!("{}\n\n", marked(words))),
            Block::Facts(facts) => {
                for (name, value) in facts {
                    push(&mut text, format_args!("- {}{colon}{}\n", marked(name), marked(value)));
                }
                text.push('\n');
            }
            Block::Items(items) => {
                for (number, item) in items.iter().enumerate() {
                    push(&mut text, format_args!("{}. ", number + 1));
                    if let Some(lead) = &item.lead {
                        push(&mut text, format_args!("**{}** ", marked(lead)));
                    }
                    push(&mut text, format_args!("{}\n", marked(&item.text)));
                    if let Some(note) = &item.note {
                        push(&mut text, format_args!("    - {}\n", marked(note)));
                    }
                }
                text.push('\n');
            }
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

pub(super) fn html(blocks: &[Block], language: Language) -> String {
    let tag = match language {
        Language::Zh => "zh-CN",
        Language::En => "en",
    };
    let mut text = format!("<article class=\"letter\" lang=\"{tag}\">\n");
    for block in blocks {
        match block {
            Block::Title(title) => push(&mut text, format_args!("<h1>{}</h1>\n", escaped(title))),
            Block::Heading(heading) => push(&mut text, format_args!("<h2>{}</h2>\n", escaped(heading))),
            Block::Paragraph(words) => push(&mut text, format_args!("<p>{}</p>\n", escaped(words))),
            Block::Facts(facts) => {
                text.push_str("<dl>\n");
                for (name, value) in facts {
                    push(&mut text, format_args!("<dt>{}</dt><dd>{}</dd>\n", escaped(name), escaped(value)));
                }
                text.push_str("</dl>\n");
            }
            Block::Items(items) => {
                text.push_str("<ol>\n");
                for item in items {
                    list_item(&mut text, item);
                }
                text.push_str("</ol>\n");
            }
        }
    }
    text.push_str("</article>\n");
    text
}

fn list_item(text: &mut String, item: &Item) {
    match &item.id {
        Some(id) => push(text, format_args!("<li id=\"{}\">", escaped(id))),
        None => text.push_str("<li>"),
    }
    if let Some(lead) = &item.lead {
        push(text, format_args!("<strong>{}</strong> ", escaped(lead)));
    }
    text.push_str(&escaped(&item.text));
    if let Some(note) = &item.note {
        push(text, format_args!("<p class=\"exact\">{}</p>", escaped(note)));
    }
    text.push_str("</li>\n");
}

fn push(text: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = text.write_fmt(words);
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Markdown in which no character of the text is markup; line breaks become blanks.
fn marked(text: &str) -> String {
    let mut marked = String::with_capacity(text.len());
    for (at, c) in text.trim().chars().enumerate() {
        let starts_block = at == 0 && matches!(c, '#' | '-' | '+' | '=' | '~');
        if starts_block || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|') {
            marked.push('\\');
        }
        marked.push(if c.is_control() { ' ' } else { c });
    }
    marked
}
