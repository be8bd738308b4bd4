//! Signing in: passwords, sessions, and brakes against guessing.

pub(crate) mod address;
pub(crate) mod password;
pub(crate) mod session;
pub(crate) mod throttle;
