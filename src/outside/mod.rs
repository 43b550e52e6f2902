//! Services that run elsewhere and are switched on by configuration: a chat model, a search for videos, pictures from a model.
//! Each stands behind a trait whose default is inside.

pub mod answer;
pub mod chat;
pub mod fetch;
pub mod guard;
pub mod health;
pub mod images;
pub mod pictures;
mod turns;
pub mod videos;
