//! Songs: the built-in catalogue, songs that somebody named, search, digging at random, and which fit a mood.
//!
//! [`song`] is the shape of a song in answers, [`row`] reads it from a statement of anybody who joins `songs s`.

pub mod mood;
pub mod row;
pub mod show;
pub mod song;
pub mod video;
