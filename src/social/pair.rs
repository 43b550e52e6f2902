//! Two people, one transaction.

use std::future::Future;

use sqlx::{Any, AnyConnection, Transaction};

use crate::base::id::UserId;
use crate::protocol::code::Code;
use crate::store::{Engine, Store, StoreError};
use crate::web::error::ApiError;

/// How often a transaction that another one was in the way of is tried.
const TRIES: u32 = 5;

/// Two different people, the lower identifier first, as friendships and requests are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The lower identifier.
    pub low: UserId,
    /// The higher one.
    pub high: UserId,
}

impl Pair {
    /// The two.
    ///
    /// # Errors
    /// 409 `oneself` when they are one.
    pub fn of(one: UserId, other: UserId) -> Result<Self, ApiError> {
        if one == other {
            return Err(ApiError::Conflict(Code::Oneself));
        }
        Ok(Self { low: one.min(other), high: one.max(other) })
    }
}

/// Why a transaction did not come to its end.
#[derive(Debug)]
pub enum Trouble {
    /// Another one was in the way.
    Busy(StoreError),
    /// Trying again would not help.
    Refused(ApiError),
}

impl From<ApiError> for Trouble {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Busy(_)) { Self::Busy(error) } else { Self::Refused(error.into()) }
    }
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

/// Tries a whole transaction again while another one is in its way. Everybody here locks in one order, so this is for
/// transactions of others, such as the deletion of an account.
///
/// # Errors
/// What the transaction was refused for; 503 when it stayed busy.
pub async fn patiently<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, ApiError>
where
    F: Future<Output = Result<T, Trouble>>,
{
    for _ in 1..TRIES {
        match attempt().await {
            Ok(done) => return Ok(done),
            Err(Trouble::Refused(error)) => return Err(error),
            Err(Trouble::Busy(error)) => tracing::debug!(%error, "trying again"),
        }
    }
    attempt().await.map_err(|trouble| match trouble {
        Trouble::Busy(error) => error.into(),
        Trouble::Refused(error) => error,
    })
}

/// A transaction in which nobody else changes anything about the two. Rows of `users` are locked in the order of their
/// identifiers and before anything else, so two transactions never wait for each other. SQLite has one writer anyway.
///
/// # Errors
/// The database does not answer.
pub async fn begin(store: &Store, pair: Pair) -> Result<Transaction<'static, Any>, StoreError> {
    let mut transaction = store.begin().await?;
    if store.engine() == Engine::Postgres {
        sqlx::query("SELECT id FROM users WHERE id IN ($1, $2) ORDER BY id FOR NO KEY UPDATE")
            .bind(pair.low)
            .bind(pair.high)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(transaction)
}

/// The same for one person alone.
///
/// # Errors
/// The database does not answer.
pub async fn begin_alone(store: &Store, user: UserId) -> Result<Transaction<'static, Any>, StoreError> {
    begin(store, Pair { low: user, high: user }).await
}

/// How two people stand to each other, as far as meeting at all goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Whether both accounts are there and stay.
    pub there: bool,
    /// Whether the first has blocked the second.
    pub blocks: bool,
    /// Whether the second has blocked the first.
    pub blocked: bool,
}

impl Terms {
    /// How `one` and `other` stand.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn between(connection: &mut AnyConnection, one: UserId, other: UserId) -> Result<Self, StoreError> {
        let (there, blocks, blocked): (i64, i64, i64) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM users WHERE id IN ($1, $2) AND deletes_at IS NULL), \
             (SELECT COUNT(*) FROM blocks WHERE blocker_id = $1 AND blocked_id = $2), \
             (SELECT COUNT(*) FROM blocks WHERE blocker_id = $2 AND blocked_id = $1)",
        )
        .bind(one)
        .bind(other)
        .fetch_one(connection)
        .await?;
        Ok(Self { there: there == 2, blocks: blocks > 0, blocked: blocked > 0 })
    }

    /// Refuses people who may not meet as if the other were nobody.
    ///
    /// # Errors
    /// 404.
    pub fn open(self) -> Result<(), ApiError> {
        if self.there && !self.blocks && !self.blocked { Ok(()) } else { Err(ApiError::NotFound(Code::NotFound)) }
    }
}
