//! Songs: the built-in catalogue, songs that somebody named, search, digging at random, and which fit a mood.
//!
//! [`song`] is the shape of a song in answers, [`row`] reads it from a statement of anybody who joins `songs s`. [`catalog`] is
//! what the program brings along, and [`edition`] writes it into the database; [`named`] keeps songs that a model names.
//! [`find`] walks along pieces of words, [`random`] along a circle.

pub mod catalog;
pub mod choose;
pub mod edition;
pub mod find;
pub mod grams;
pub mod key;
pub mod list;
pub mod named;
pub mod random;
pub mod row;
pub mod show;
pub mod song;
pub mod video;
