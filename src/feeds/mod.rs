//! Posts in an order: the latest, the popular, those of whom one follows, and the first of each on the first page.
//!
//! A page costs a fixed number of statements: one for the posts, with their authors and what the viewer thinks of them, and
//! what [`crate::posts::row`] reads of the whole page. Cursors name a place, so posts that come in later move nothing.

pub mod following;
pub mod home;
pub mod latest;
pub mod popular;
pub mod tagged;
