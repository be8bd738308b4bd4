//! What recording means: versioned records, hash chain, contracts, in-memory version, conformance suite.
