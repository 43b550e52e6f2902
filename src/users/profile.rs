//! `GET /users/{id|handle}`: what others see of a person.

pub use super::card::{Card, picture_url};
