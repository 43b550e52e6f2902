//! `moodcall bench`: measures the pipeline and the call, and prints a table or JSON.

pub mod child;
pub mod client;
pub mod received;
pub mod report;
