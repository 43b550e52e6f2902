//! Playlists: songs in an order that somebody chose, with a title, a cover and tags; public, or their owner's alone.
//!
//! One operation is one file. [`playlist`] is the shape of a playlist in answers, [`row`] reads playlists: one statement for
//! those of a page and one for their tags; [`artwork`] is all about their covers as files; [`songs`] reads and changes what
//! is in one, [`place`] is where in it. Who sees a playlist says [`crate::social::sight`]. Everything that changes a playlist
//! locks its row first; likes, and what takes notices away, lock people before it.

pub mod artwork;
pub mod bookmark;
pub mod cover;
pub mod create;
pub mod delete;
pub mod edit;
pub mod for_you;
pub mod grams;
pub mod leaning;
pub mod like;
pub mod list;
pub mod marked;
pub mod of_user;
pub mod owned;
pub mod place;
pub mod playlist;
pub mod restore;
pub mod row;
pub mod show;
pub mod songs;
pub mod sweep;
pub mod text;
