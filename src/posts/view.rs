//! Counting who looks at a post: once per visitor in half an hour, the author never.
//!
//! Whoever looks does not wait until the disk has that: visits are gathered, and one transaction a moment later writes all
//! of them. Until then [`Visits`] knows them, so that nobody is counted twice and the next answer counts them already. A
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
use crate::store::{Store, StoreError};

/// How long somebody who comes again is the same visit.
pub const VISIT: Duration = Duration::from_secs(30 * 60);
/// How long visits are gathered.
const GATHERED: Duration = Duration::from_millis(500);
/// Visits that wait at most, while the database does not answer; more are not counted.
const MOST: usize = 20_000;

/// The last visit of a post: post, visitor.
pub const SEEN: &str = "SELECT seen_at FROM post_views WHERE post_id = $1 AND viewer = $2";

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

    /// Writes what waits now, in one transaction.
    async fn write(&self, store: &Store) -> Result<(), StoreError> {
        let mut posts: Vec<(PostId, HashMap<String, Timestamp>)> =
            self.waiting.lock().iter().map(|(post, few)| (*post, few.clone())).collect();
        if posts.is_empty() {
            return Ok(());
        }
        // Everybody who changes several rows does it in this order.
        posts.sort_by_key(|(post, _)| *post);
        let mut transaction = store.begin().await?;
        for (post, visitors) in &posts {
            count(&mut transaction, *post, visitors).await?;
        }
        transaction.commit().await?;
        let mut waiting = self.waiting.lock();
        for (post, written) in &posts {
            if let Some(few) = waiting.get_mut(post) {
                few.retain(|visitor, _| !written.contains_key(visitor));
                if few.is_empty() {
                    waiting.remove(post);
                }
            }
        }
        let written: usize = posts.iter().map(|(_, visitors)| visitors.len()).sum();
        self.count.send_modify(|count| *count -= written);
        Ok(())
    }
}

/// Counts the visits of one post.
async fn count(
    transaction: &mut AnyConnection,
    post: PostId,
    visitors: &HashMap<String, Timestamp>,
) -> Result<(), StoreError> {
    let most = visitors.len() as i64;
    // Locked first, like by everything else that changes a post; gone means that there is nothing to count.
    let there = add(transaction, post, most).await?;
    if !there {
        return Ok(());
    }
    let mut fresh = 0;
    for (visitor, at) in visitors {
        // Another server may have seen them meanwhile.
        fresh += sqlx::query(
            "INSERT INTO post_views (post_id, viewer, seen_at) SELECT id, $2, $3 FROM posts WHERE id = $1 \
             ON CONFLICT (post_id, viewer) DO UPDATE SET seen_at = excluded.seen_at WHERE post_views.seen_at <= $4",
        )
        .bind(post)
        .bind(visitor)
        .bind(*at)
        .bind(at.before(VISIT))
        .execute(&mut *transaction)
        .await?
        .rows_affected() as i64;
    }
    if fresh < most {
        add(transaction, post, fresh - most).await?;
    }
    Ok(())
}

async fn add(transaction: &mut AnyConnection, post: PostId, by: i64) -> Result<bool, StoreError> {
    let query = sqlx::query("UPDATE posts SET view_count = view_count + $2 WHERE id = $1 AND deleted_at IS NULL");
    Ok(query.bind(post).bind(by).execute(transaction).await?.rows_affected() > 0)
}
