//! The worked example: people, texts and a seeded simulation through the same commands as real use.
