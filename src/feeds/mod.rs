//! What is shown in an order: posts, the latest, the popular, and those of whom one follows; what carries a tag; and the
//! beginning of each on the first page, with shelves of playlists.
//!
//! A page costs a fixed number of statements: one for the posts, with their authors and what the viewer thinks of them, and
//! what [`crate::posts::row`] reads of the whole page; and so for playlists and rooms. Cursors name a place, so posts that come in later move nothing.

pub mod following;
pub mod home;
pub mod latest;
pub mod popular;
pub mod tagged;
