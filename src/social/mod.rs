//! Who follows whom, who is friends with whom, who wants to see nothing of whom; and the notices of it.
//!
//! Everything between two people happens in a transaction that locks both ([`pair`]), so that a block and a follow cannot
//! pass each other, and the counts in `users` are changed exactly when a row was. The lists show nobody who has blocked
//! the viewer or was blocked by them, and nobody whose account is being deleted; by name these are not found either.
//! [`sight`] says the same of posts and playlists.

pub mod block;
pub mod blocks;
pub mod follow;
pub mod friends;
pub mod lists;
pub mod notifications;
pub mod pair;
pub mod requests;
pub mod sight;
pub mod target;
pub mod ties;
