//! The promise language: parse with spans, check, coverage, diff, explain, letter.
