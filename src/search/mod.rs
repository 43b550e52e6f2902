//! Finding things by a part of what they say or are called, in any script.
//!
//! [`query`] makes of what somebody typed the pieces that are kept of every name and of all that is written. [`people`] and
//! [`text`] walk along the rarest of them and look at the words themselves, a bounded stretch for each page; [`written`]
//! merges what was found by words, by tag and by person, of [`posts`] and [`playlists`]; [`rooms`] looks at those that are
//! listed to whoever asks; tags and songs are found where they live. [`sections`] puts one kind after the other into one
//! list, and [`handler`] is the route.

pub mod handler;
pub mod merge;
pub mod people;
pub mod playlists;
pub mod posts;
pub mod query;
pub mod rooms;
pub mod sections;
mod tag_names;
pub mod text;
pub mod written;
