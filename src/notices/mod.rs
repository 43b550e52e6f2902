//! What people are told: a row for each thing that happened to them, and a word to their open sockets once it is there.
//!
//! [`put()`] writes the row inside the transaction of what happened; after the commit, [`Hub::wake`] has every socket of that
//! person read it. The word carries an identifier and no content, so it can tell nobody what the row would not.

pub mod hide;
pub mod hub;
pub mod parting;
pub mod put;
pub mod row;

pub use hub::{Hub, Listener};
pub use parting::{Parting, Partings};
pub use put::{Notice, put};
pub use row::Noted;
