//! Who may be in a room: coming in, leaving, being removed, being banned.

pub mod ban;
pub mod join;
pub mod kick;
pub mod leave;
