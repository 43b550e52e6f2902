//! `moodcall bench`: measures the pipeline and the call, and prints a table or JSON.

pub mod call;
pub mod child;
pub mod client;
pub mod load;
pub mod received;
pub mod report;
