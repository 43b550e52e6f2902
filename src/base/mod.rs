//! Words that every other module shares: identifiers, times, the clock, languages, shutdown, networks, key files, text
//! limits.

pub mod clock;
pub mod id;
pub mod keyfile;
pub mod language;
pub mod net;
pub mod shutdown;
pub mod text;
pub mod timestamp;
pub mod token;
