//! The public log: checkpoint, tiles, proofs and key, read-only and for everybody (C2SP tlog-tiles). It holds hashes and
//! signatures only. No header lets pages of other sites read it: whoever watches a log is a program.

pub(crate) mod checkpoint;
pub(crate) mod key;
pub(crate) mod proof;
pub(crate) mod tile;

use axum::{Router, routing::get};

use crate::state::Api;

/// Text as the formats of the log have it.
const TEXT: &str = "text/plain; charset=utf-8";

/// Its routes, which lie outside of the interface proper: their paths and formats are a standard's.
pub(super) fn routes() -> Router<Api> {
    Router::new()
        .route("/log/checkpoint", get(checkpoint::newest))
        .route("/log/checkpoint/cosigned", get(checkpoint::cosigned))
        .route("/log/tile/{*path}", get(tile::show))
        .route("/log/key", get(key::show))
        .route("/log/proof", get(proof::show))
}
