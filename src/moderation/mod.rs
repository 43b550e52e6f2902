//! What people report, and what staff do about it.
//!
//! A report keeps what the thing said when it was reported. Staff read the queue, close reports, and act; every act stands
//! in the audit log, written in the transaction of the act itself ([`audit`]), and nothing ever changes a row there. For
//! everybody else the addresses of staff do not exist.

pub mod act;
pub mod appoint;
pub mod audit;
pub mod case;
pub mod overview;
pub mod queue;
pub mod report;
pub mod reported;
pub mod staff;
pub mod subject;
pub mod tag;
pub mod takedown;
pub mod verdict;
