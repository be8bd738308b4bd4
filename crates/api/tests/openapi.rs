//! The committed description of the interface is the one that the program serves. `UPDATE_SNAPSHOTS=1` rewrites it.

use std::path::Path;

#[test]
fn the_committed_description_is_the_one_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let mut served = serde_json::to_string_pretty(&yinuo_api::document()).unwrap();
    served.push('\n');
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &served).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == served,
        "crates/api/openapi.json is stale: run `UPDATE_SNAPSHOTS=1 cargo test -p yinuo-api --test openapi`"
    );
}
