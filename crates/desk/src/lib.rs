//! Runs each use case once: load, decide, append; ticker, outbox worker, ports.
