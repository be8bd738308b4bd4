//! Working time: weekly intervals, holidays, make-up days, time zones; due, elapsed, explain.
