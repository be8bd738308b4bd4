//! Ticket life, clocks, routing, breach, figures, access: pure functions.
