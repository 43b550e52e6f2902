//! Words that every other module shares: identifiers, the clock, shutdown, networks, key files, text limits.

pub mod clock;
pub mod id;
pub mod keyfile;
pub mod net;
pub mod shutdown;
pub mod text;
