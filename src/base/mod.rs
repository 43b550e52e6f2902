//! Words that every other module shares: identifiers, the clock, shutdown, networks, text limits.

pub mod clock;
pub mod id;
pub mod net;
pub mod shutdown;
pub mod text;
