//! What is over is thrown away: one task goes through this list every few minutes.

use std::time::Duration;

use super::Users;
use crate::base::shutdown::Phase;
use crate::base::timestamp::Timestamp;
use crate::store::StoreError;

/// Time between two rounds.
const EVERY: Duration = Duration::from_secs(5 * 60);
const DAY: Duration = Duration::from_secs(86_400);

/// One kind of row that ends by itself.
struct Leftover {
    /// What it is, for the log.
    what: &'static str,
    /// Deletes the rows whose time was over at `$1`.
    sql: &'static str,
    /// How long they are kept after their time.
    kept: Duration,
}

/// The list. A feature whose rows end by a time adds a line; whatever needs more than a statement has a task of its own.
const LEFTOVERS: &[Leftover] = &[
    Leftover {
        what: "verifications of addresses",
        sql: "DELETE FROM email_verifications WHERE expires_at <= $1",
        kept: Duration::ZERO,
    },
    Leftover {
        what: "links for new passwords",
        sql: "DELETE FROM password_resets WHERE expires_at <= $1",
        kept: Duration::ZERO,
    },
    Leftover {
        what: "visits to providers",
        sql: "DELETE FROM oidc_visits WHERE expires_at <= $1",
        kept: Duration::ZERO,
    },
    Leftover { what: "log-ins", sql: "DELETE FROM sessions WHERE expires_at <= $1", kept: Duration::ZERO },
    Leftover { what: "revoked log-ins", sql: "DELETE FROM sessions WHERE revoked_at <= $1", kept: DAY },
    // A used token is kept to notice its second use; after so long that is no theft any more, and refused all the same.
    Leftover {
        what: "used refresh tokens",
        sql: "DELETE FROM refresh_tokens WHERE used_at <= $1",
        kept: Duration::from_secs(60 * 86_400),
    },
];

/// Throws away what is over, now and every few minutes, until the server stops.
pub async fn run(users: Users) {
    loop {
        if let Err(error) = round(&users, Timestamp::now()).await {
            tracing::warn!(%error, "what is over could not be thrown away");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = users.state.shutdown.reached(Phase::Stopping) => return,
        }
    }
}

/// One round; says how many rows went.
///
/// # Errors
/// The database does not answer.
pub async fn round(users: &Users, now: Timestamp) -> Result<u64, StoreError> {
    let mut all = 0;
    for leftover in LEFTOVERS {
        let gone = sqlx::query(leftover.sql)
            .bind(now.before(leftover.kept))
            .execute(users.state.store.write())
            .await?
            .rows_affected();
        if gone > 0 {
            tracing::debug!(gone, "thrown away: {}", leftover.what);
        }
        all += gone;
    }
    Ok(all)
}
