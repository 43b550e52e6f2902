//! How a service outside is doing, for staff: in memory, one for each adapter of this process.

use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::OutsideError;
use crate::base::timestamp::Timestamp;

/// What the last questions to a service came to; by default of one that is off. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Health {
    configured: bool,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    last_success_at: Option<Timestamp>,
    last_problem: Option<LastProblem>,
}

/// How a service outside is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Standing {
    /// Whether it is switched on by configuration. Off means that the default inside does the work.
    pub configured: bool,
    /// When it last did what it was asked for, since this server started.
    pub last_success_at: Option<Timestamp>,
    /// What went wrong last, since this server started; also when it has worked again since.
    pub last_problem: Option<LastProblem>,
}

/// What went wrong with a service outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LastProblem {
    /// A word for what went wrong. Never what the service or anybody else wrote.
    #[schema(examples("timeout"))]
    pub what: String,
    /// When.
    pub at: Timestamp,
}

impl Health {
    /// Of a service that is switched on.
    pub fn on() -> Self {
        Self { configured: true, ..Self::default() }
    }

    /// What a question came to.
    pub fn note<T>(&self, outcome: &Result<T, OutsideError>) {
        match outcome {
            Ok(_) => self.succeeded(),
            Err(error) => self.failed(error.word()),
        }
    }

    /// It did what it was asked for.
    pub fn succeeded(&self) {
        self.state.lock().last_success_at = Some(Timestamp::now());
    }

    /// It did not; `what` is a word of ours.
    pub fn failed(&self, what: &'static str) {
        self.state.lock().last_problem = Some(LastProblem { what: what.to_owned(), at: Timestamp::now() });
    }

    /// What staff see of it.
    pub fn adapter(&self) -> Standing {
        let state = self.state.lock();
        Standing {
            configured: self.configured,
            last_success_at: state.last_success_at,
            last_problem: state.last_problem.clone(),
        }
    }
}

impl Standing {
    /// What staff see of a service that is off.
    pub const OFF: Self = Self { configured: false, last_success_at: None, last_problem: None };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_remembered_beside_a_later_success() {
        assert_eq!(Health::default().adapter(), Standing::OFF);
        let health = Health::on();
        assert_eq!(health.adapter(), Standing { configured: true, ..Standing::OFF });
        health.clone().failed("timeout");
        health.succeeded();
        let adapter = health.adapter();
        assert_eq!(adapter.last_problem.map(|problem| problem.what).as_deref(), Some("timeout"));
        assert!(adapter.last_success_at.is_some());
    }
}
