//! The web UI inside the binary.

/// Name below `web/dist` and content of every file.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/assets.in"));

/// The content of a file of the web UI.
pub(crate) fn find(name: &str) -> Option<&'static [u8]> {
    FILES
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()
        .and_then(|at| FILES.get(at))
        .map(|(_, bytes)| *bytes)
}

/// Whether the web UI was there when the binary was built.
pub(crate) fn are_built() -> bool {
    find("index.html").is_some()
}
