//! Logging in with an account that somebody has elsewhere. Only (issuer, subject) says who somebody is; an address never
//! links two accounts, because whoever may write it could choose whose account to enter.

pub mod authorize;
pub mod callback;
pub mod link;
pub mod linked;
pub mod pending;
pub mod providers;
pub mod unlink;
pub mod visit;

pub use pending::Pending;
pub use providers::Providers;
