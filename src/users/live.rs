//! Which log-ins still hold: a signature says who somebody was when the token was made, this says who they are now.

use std::time::Duration;

use moka::future::Cache;

use crate::base::id::{SessionId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::Hub;
use crate::store::{Store, StoreError};

/// How long another node may take to notice that a log-in has ended; on this node it ends at once.
const TRUSTED: Duration = Duration::from_secs(10);
/// Log-ins that are remembered.
const REMEMBERED: u64 = 100_000;

/// What is known of a log-in that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whose it is.
    pub user: UserId,
    /// Whether they are staff.
    pub staff: bool,
    /// Until when they may look only; none, or a time that is over, for everybody else.
    pub suspended_until: Option<Timestamp>,
}

impl Standing {
    /// Whether they may look only.
    pub fn is_suspended(&self, now: Timestamp) -> bool {
        self.suspended_until.is_some_and(|until| until > now)
    }
}

/// The log-ins that hold; clones share what they remember.
#[derive(Clone)]
pub struct LiveSessions {
    store: Store,
    sockets: Hub,
    known: Cache<SessionId, Option<Standing>>,
}

impl LiveSessions {
    /// Remembers nothing yet.
    pub fn new(store: Store, sockets: Hub) -> Self {
        Self { store, sockets, known: Cache::builder().max_capacity(REMEMBERED).time_to_live(TRUSTED).build() }
    }

    /// Who the log-in is, if it holds: neither ended nor over, and its account not deleted.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn standing(&self, session: SessionId) -> Result<Option<Standing>, StoreError> {
        if let Some(known) = self.known.get(&session).await {
            return Ok(known);
        }
        let standing = self.look(session).await?;
        self.known.insert(session, standing).await;
        Ok(standing)
    }

    /// The same, past everything that is remembered: for whoever must not act on what was true a moment ago.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn look(&self, session: SessionId) -> Result<Option<Standing>, StoreError> {
        let row: Option<(UserId, i16, Option<Timestamp>)> = sqlx::query_as(
            "SELECT u.id, u.is_staff, u.suspended_until FROM sessions s JOIN users u ON u.id = s.user_id \
             WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.deletes_at IS NULL",
        )
        .bind(session)
        .bind(Timestamp::now())
        .fetch_optional(self.store.read())
        .await?;
        Ok(row.map(|(user, staff, suspended_until)| Standing { user, staff: staff != 0, suspended_until }))
    }

    /// Forgets what was known of every log-in of somebody, after what they may do has changed.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn forget_all(&self, user: UserId) -> Result<(), StoreError> {
        let sessions: Vec<SessionId> =
            sqlx::query_scalar("SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL")
                .bind(user)
                .fetch_all(self.store.read())
                .await?;
        for session in sessions {
            self.forget(session).await;
        }
        Ok(())
    }

    /// Forgets what was known of a log-in, after it ended or changed. Its sockets look whether it still holds.
    pub async fn forget(&self, session: SessionId) {
        self.known.invalidate(&session).await;
        self.sockets.session_changed(session);
    }
}
