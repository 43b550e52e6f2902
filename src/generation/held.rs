//! Who works at what: a row is held for a while by the one who took it, and its number of tries says who that is. What is
//! not held any more is begun again, and whoever comes back late finds that it is not theirs.

use std::time::Duration;

use sqlx::FromRow;

use super::shown::GenerationStep;
use crate::base::id::{GenerationId, UserId};
use crate::base::timestamp::Timestamp;
use crate::store::{Store, StoreError};

/// How long a row is held without a word from its holder.
pub const HOLD: Duration = Duration::from_secs(15);
/// How often it is begun at most.
pub const TRIES: i64 = 3;

/// The fewest and the most tries of what nobody holds at `$1`.
pub const FREE: &str =
    "SELECT MIN(tries), MAX(tries) FROM playlist_generations WHERE ended_at IS NULL AND held_until <= $1";

/// Takes the oldest that nobody holds at `$1`, until `$2`, if it was begun less than `$3` times.
pub const TAKE: &str = "UPDATE playlist_generations \
    SET status = 'running', step = 'understand', steps_done = 0, tries = tries + 1, held_until = $2, updated_at = $1 \
    WHERE id = (SELECT id FROM playlist_generations WHERE ended_at IS NULL AND held_until <= $1 AND tries < $3 \
                ORDER BY created_at, id LIMIT 1) \
    AND ended_at IS NULL AND held_until <= $1 AND tries < $3 \
    RETURNING id, user_id, input, seed, tries";

/// Ends what was begun `$2` times and is held by nobody at `$1`.
pub const GIVE_UP: &str = "UPDATE playlist_generations \
    SET status = 'failed', problem = 'internal', input = '', step = '', held_until = NULL, ended_at = $1, updated_at = $1 \
    WHERE ended_at IS NULL AND held_until <= $1 AND tries >= $2 RETURNING id";

/// Holds `$1` of the try `$2` until `$3`.
pub const RENEW: &str =
    "UPDATE playlist_generations SET held_until = $3 WHERE id = $1 AND tries = $2 AND status = 'running'";

/// Frees whatever is held.
pub const FREE_ALL: &str = "UPDATE playlist_generations \
    SET status = 'waiting', step = '', steps_done = 0, held_until = 0 WHERE ended_at IS NULL AND held_until > 0";

/// What there is to do with what nobody holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Free {
    /// Something can be taken.
    pub waits: bool,
    /// Something failed too often.
    pub failed: bool,
}

/// Looks for what there is to do, without the one connection that writes: whoever finds nothing keeps nobody waiting. What
/// it says may be over a moment later, so [`Held::take`] and [`give_up`] look for themselves.
///
/// # Errors
/// The database does not answer.
pub async fn free(store: &Store, now: Timestamp) -> Result<Free, StoreError> {
    let (fewest, most): (Option<i64>, Option<i64>) = sqlx::query_as(FREE).bind(now).fetch_one(store.read()).await?;
    Ok(Free { waits: fewest.is_some_and(|tries| tries < TRIES), failed: most.is_some_and(|tries| tries >= TRIES) })
}

/// What one has taken.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct Held {
    /// Which.
    pub id: GenerationId,
    /// For whom.
    #[sqlx(rename = "user_id")]
    pub user: UserId,
    /// The wish, as JSON.
    pub input: String,
    /// What is drawn at random is drawn from this.
    pub seed: i64,
    /// Which try it is: whoever has the latest is its holder.
    pub tries: i64,
}

impl Held {
    /// Takes the next one; none when nothing waits, or another node was faster.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn take(store: &Store, now: Timestamp) -> Result<Option<Self>, StoreError> {
        let taken = sqlx::query_as(TAKE).bind(now).bind(now.after(HOLD)).bind(TRIES);
        Ok(taken.fetch_optional(store.write()).await?)
    }

    /// Holds it on; false when it is not one's own any more.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn renew(&self, store: &Store) -> Result<bool, StoreError> {
        let until = Timestamp::now().after(HOLD);
        let done = sqlx::query(RENEW).bind(self.id).bind(self.tries).bind(until).execute(store.write()).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Says which step begins, and holds on; false when it is not one's own any more.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn step(&self, store: &Store, step: GenerationStep) -> Result<bool, StoreError> {
        let now = Timestamp::now();
        let done = sqlx::query(
            "UPDATE playlist_generations SET step = $3, steps_done = $4, held_until = $5, updated_at = $6 \
             WHERE id = $1 AND tries = $2 AND status = 'running'",
        )
        .bind(self.id)
        .bind(self.tries)
        .bind(step.as_str())
        .bind(step.before())
        .bind(now.after(HOLD))
        .bind(now)
        .execute(store.write())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Lets go of it, for somebody to begin again after `wait`; `counted` says whether this try counts.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn give_back(&self, store: &Store, wait: Duration, counted: bool) -> Result<(), StoreError> {
        let now = Timestamp::now();
        sqlx::query(
            "UPDATE playlist_generations \
             SET status = 'waiting', step = '', steps_done = 0, tries = tries - $3, held_until = $4, updated_at = $5 \
             WHERE id = $1 AND tries = $2 AND status = 'running'",
        )
        .bind(self.id)
        .bind(self.tries)
        .bind(i64::from(!counted))
        .bind(if wait.is_zero() { Timestamp::from_millis(0) } else { now.after(wait) })
        .bind(now)
        .execute(store.write())
        .await?;
        Ok(())
    }
}

/// Ends what failed too often. Returns which.
///
/// # Errors
/// The database does not answer.
pub async fn give_up(store: &Store, now: Timestamp) -> Result<Vec<GenerationId>, StoreError> {
    Ok(sqlx::query_scalar(GIVE_UP).bind(now).bind(TRIES).fetch_all(store.write()).await?)
}

/// Frees whatever is held, at the start of the only process that the database has.
///
/// # Errors
/// The database does not answer.
pub async fn free_all(store: &Store) -> Result<(), StoreError> {
    sqlx::query(FREE_ALL).execute(store.write()).await?;
    Ok(())
}
