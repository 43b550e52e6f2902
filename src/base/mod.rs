//! Words that every other module shares: identifiers, the clock, shutdown, text limits.

pub mod clock;
pub mod id;
