//! The habits hold in the project as it stands.

use xtask::{process, tidy, tree::Tree};

#[test]
fn the_project_is_tidy() {
    let root = process::root().unwrap();
    let findings = tidy::check(&Tree::load(&root).unwrap(), &root).unwrap();
    assert!(findings.is_empty(), "\n{}", tidy::report(&findings));
}
