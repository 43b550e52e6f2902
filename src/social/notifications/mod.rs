//! One's notifications over HTTP. The rows are [`crate::notices`].

pub mod list;
pub mod marker;
pub mod read;
pub mod subjects;
