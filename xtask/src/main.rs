//! Chores in Rust: run, test, bench, tidy.
fn main() {}
