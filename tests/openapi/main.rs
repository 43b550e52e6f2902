//! The API's description: kept beside the code, complete, and true to itself.

mod complete;
mod document;
mod examples;
mod kept;
