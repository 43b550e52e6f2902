//! The HTTP toolkit: errors as problem documents, extractors, limits, who asks. Features build on it.

pub mod address;
pub mod error;
pub mod extract;
pub mod idempotency;
pub mod language;
pub mod limit;
pub mod origin;
pub mod page;
pub mod problem;
pub mod rate;
pub mod request_id;
pub mod version;
