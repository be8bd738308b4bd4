//! The web UI inside the binary.

use std::borrow::Cow;

/// Name below `web/dist` and content of every file, by name.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/assets.in"));

/// The files of `web/dist` as they were when the binary was built.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Embedded;

impl yinuo_api::Assets for Embedded {
    fn get(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        find(path).map(Cow::Borrowed)
    }
}

/// Whether the web UI was there when the binary was built.
pub(crate) fn are_built() -> bool {
    find("index.html").is_some()
}

fn find(name: &str) -> Option<&'static [u8]> {
    let at = FILES.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    FILES.get(at).map(|(_, bytes)| *bytes)
}

#[cfg(test)]
mod tests {
    use super::FILES;

    #[test]
    fn files_are_in_the_order_that_the_search_needs() {
        assert!(FILES.is_sorted_by(|one, other| one.0 < other.0));
    }
}
