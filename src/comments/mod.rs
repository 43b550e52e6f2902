//! What people say under a post or a playlist: comments, and one level of replies to them.
//!
//! [`target::Target`] is what a comment stands under; everything else is the same for both. A comment that is deleted
//! leaves its place to the replies under it and vanishes when there are none. [`about::About`] knows whom a comment
//! concerns, locks them in the one order that everything between people has, and tells them.

pub mod about;
pub mod delete;
pub mod edit;
pub mod list;
pub mod row;
pub mod show;
pub mod target;
pub mod words;
pub mod write;
