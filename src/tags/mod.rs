//! Words that posts, playlists and rooms are found by.
//!
//! [`name`] says what a tag may be, [`set`] writes the tags of a thing in the transaction that writes the thing, [`list`] is
//! the route. A tag counts, and is shown in lists, for what everybody may see: the words of a private post are nobody's
//! business.

pub mod list;
pub mod name;
pub mod set;
