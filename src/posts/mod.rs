//! What people show each other: a title, a text, pictures that they uploaded or took in a call, tags, a playlist.
//!
//! One operation is one file. [`post`] is the shape of a post in answers, [`row`] reads posts: one statement for the posts of
//! a page, one for their pictures, one for their tags, however long the page is. Who sees a post says [`crate::social::sight`].
//! Everything that changes a post locks its row first; likes lock the two people before it.

pub mod bookmark;
pub mod bookmarks;
pub mod create;
pub mod delete;
pub mod edit;
pub mod grams;
pub mod like;
pub mod list;
pub mod of_user;
pub mod owned;
pub mod picture;
pub mod post;
pub mod restore;
pub mod row;
pub mod show;
pub mod sweep;
pub mod tag;
pub mod text;
pub mod version;
pub mod view;
