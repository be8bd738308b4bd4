//! The binary `yinuo`.
fn main() {}
