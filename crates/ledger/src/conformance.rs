//! What every ledger has to do.
