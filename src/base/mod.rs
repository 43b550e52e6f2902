//! Words that every other module shares: identifiers, times, the clock, languages, shutdown, networks, key files, the moods'
//! colors, text limits, locks, the processors.

pub mod clock;
pub mod fold;
pub mod id;
pub mod keyfile;
pub mod language;
pub mod locks;
pub mod net;
pub mod palette;
pub mod processors;
pub mod shutdown;
pub mod text;
pub mod timestamp;
pub mod token;
