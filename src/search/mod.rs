//! Finding people by what they are called, in any script.
//!
//! [`query`] makes of what somebody typed the pieces that `users::grams` keeps of every name; [`people`] walks along the
//! rarest of them and looks at the names themselves; [`handler`] is the route.

pub mod handler;
pub mod people;
pub mod query;
