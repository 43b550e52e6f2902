//! Counting who looks at a post: once per visitor in half an hour, the author never.
//!
//! Whoever looks does not wait until the disk has that: visits are gathered and written a moment later, a hundred by one
//! statement. Until then [`Visits`] knows them, so that nobody is counted twice and the next answer counts them already. A
//! visit is nothing that somebody was promised: one that a crash takes within that moment is not counted.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use sqlx::AnyConnection;
use tokio::sync::watch;

use crate::base::id::PostId;
use crate::base::shutdown::{Phase, Shutdown};
use crate::base::timestamp::Timestamp;
use crate::store::hundred::{AT_ONCE, filled, hundred, hundred_rows_of_three};
use crate::store::{Engine, Store, StoreError};

/// How long somebody who comes again is the same visit.
pub const VISIT: Duration = Duration::from_secs(30 * 60);
/// How long visits are gathered.
const GATHERED: Duration = Duration::from_millis(500);
/// Visits that wait at most, while the database does not answer; more are not counted.
const MOST: usize = 20_000;
/// Visits of one transaction: few enough that nobody who likes one of these posts waits for long.
const TOGETHER: usize = 1000;

/// The last visit of a post: post, visitor.
pub const SEEN: &str = "SELECT seen_at FROM post_views WHERE post_id = $1 AND viewer = $2";

/// The posts, in the order of their identifiers, so that two transactions never wait for each other.
const LOCK: &str = concat!("SELECT id FROM posts WHERE id IN ", hundred!(), " ORDER BY id FOR NO KEY UPDATE");

/// Counts `$101` more visits of posts.
const ADD: &str = concat!("UPDATE posts SET view_count = view_count + $101 WHERE id IN ", hundred!());

/// A hundred visits: the post, the visitor and the time of each, and then how long a visit is. Answers with the post of each
/// that is a new one: another server may have seen some of the visitors, and some of the posts may be gone.
const INSERT: &str = concat!(
    "WITH visit (post_id, viewer, seen_at) AS (VALUES ",
    hundred_rows_of_three!(),
    ") INSERT INTO post_views (post_id, viewer, seen_at) SELECT p.id, v.viewer, v.seen_at \
     FROM visit v JOIN posts p ON p.id = v.post_id WHERE p.deleted_at IS NULL \
     ON CONFLICT (post_id, viewer) DO UPDATE SET seen_at = excluded.seen_at \
     WHERE post_views.seen_at <= excluded.seen_at - $301 RETURNING post_id"
);

/// Visits that are not in the database yet: visitors of each post, and when they came. Clones share them.
#[derive(Clone)]
pub struct Visits {
    waiting: Arc<Mutex<HashMap<PostId, HashMap<String, Timestamp>>>>,
    /// How many there are.
    count: Arc<watch::Sender<usize>>,
}

impl Default for Visits {
    fn default() -> Self {
        Self { waiting: Arc::default(), count: Arc::new(watch::Sender::new(0)) }
    }
}

impl Visits {
    /// How many visits of the post are not in its row yet.
    #[must_use]
    pub fn waiting(&self, post: PostId) -> i64 {
        self.waiting.lock().get(&post).map_or(0, |few| few.len() as i64)
    }

    /// Notes a visit unless it goes on from an earlier one.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn note(&self, store: &Store, post: PostId, visitor: &str, now: Timestamp) -> Result<(), StoreError> {
        let seen: Option<Timestamp> =
            sqlx::query_scalar(SEEN).bind(post).bind(visitor).fetch_optional(store.read()).await?;
        let fresh = seen.is_none_or(|seen| seen <= now.before(VISIT));
        let mut waiting = self.waiting.lock();
        if fresh && *self.count.borrow() < MOST && !waiting.get(&post).is_some_and(|few| few.contains_key(visitor)) {
            waiting.entry(post).or_default().insert(visitor.to_owned(), now);
            self.count.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    /// Writes what waits whenever something does, until the server stops; what waits then is written last.
    pub async fn run(self, store: Store, shutdown: Shutdown) {
        let mut count = self.count.subscribe();
        loop {
            tokio::select! {
                changed = count.wait_for(|count| *count > 0) => {
                    if changed.is_err() {
                        return;
                    }
                }
                () = shutdown.reached(Phase::Stopping) => {}
            }
            let stopping = tokio::time::timeout(GATHERED, shutdown.reached(Phase::Stopping)).await.is_ok();
            if let Err(error) = self.write(&store).await {
                tracing::warn!(%error, "visits could not be written; the next round tries again");
            }
            if stopping {
                return;
            }
        }
    }

    /// Waits until everything that was noted is in the database.
    pub async fn written(&self) {
        // The sender lives as long as this does.
        let _ = self.count.subscribe().wait_for(|count| *count == 0).await;
    }

    /// Writes what waits now.
    async fn write(&self, store: &Store) -> Result<(), StoreError> {
        let mut visits: Vec<Visit> = {
            let waiting = self.waiting.lock();
            let all = waiting.iter().flat_map(|(post, few)| few.iter().map(|(who, at)| (*post, who.clone(), *at)));
            all.map(|(post, visitor, at)| Visit { post, visitor, at }).collect()
        };
        // Everybody who changes several rows does it in this order.
        visits.sort_by_key(|visit| visit.post);
        for some in visits.chunks(TOGETHER) {
            let mut transaction = store.begin().await?;
            for few in some.chunks(AT_ONCE) {
                count(&mut transaction, store.engine(), few).await?;
            }
            transaction.commit().await?;
            self.forget(some);
        }
        Ok(())
    }

    /// Lets go of visits that the database has.
    fn forget(&self, written: &[Visit]) {
        let mut waiting = self.waiting.lock();
        for visit in written {
            if let Some(few) = waiting.get_mut(&visit.post) {
                few.remove(&visit.visitor);
                if few.is_empty() {
                    waiting.remove(&visit.post);
                }
            }
        }
        self.count.send_modify(|count| *count -= written.len());
    }
}

/// Somebody looked at a post.
struct Visit {
    post: PostId,
    visitor: String,
    at: Timestamp,
}

/// Counts up to a hundred visits.
async fn count(transaction: &mut AnyConnection, engine: Engine, visits: &[Visit]) -> Result<(), StoreError> {
    // Locked first and in order, like by everything else that changes posts. SQLite has one writer anyway.
    if engine == Engine::Postgres {
        let posts = filled(visits.iter().map(|visit| visit.post));
        posts.fold(sqlx::query(LOCK), |query, id| query.bind(id)).execute(&mut *transaction).await?;
    }
    let mut query = sqlx::query_scalar(INSERT);
    for at in 0..AT_ONCE {
        let visit = visits.get(at);
        query = query.bind(visit.map_or_else(String::new, |visit| visit.post.to_string()));
        query = query.bind(visit.map_or("", |visit| &visit.visitor));
        query = query.bind(visit.map_or(0, |visit| visit.at.millis()));
    }
    let counted: Vec<String> = query.bind(VISIT.as_millis() as i64).fetch_all(&mut *transaction).await?;
    let mut of_post: HashMap<String, i64> = HashMap::new();
    for post in counted {
        *of_post.entry(post).or_default() += 1;
    }
    let mut by: HashMap<i64, Vec<String>> = HashMap::new();
    for (post, visits) in of_post {
        by.entry(visits).or_default().push(post);
    }
    for (visits, posts) in by {
        let query = filled(posts).fold(sqlx::query(ADD), |query, id| query.bind(id));
        query.bind(visits).execute(&mut *transaction).await?;
    }
    Ok(())
}
