//! Taking a playlist away from others: what they were told about it goes with it.

use std::collections::BTreeMap;

use sqlx::{Any, AnyConnection, Transaction};

use super::put::count;
use crate::base::id::{PlaylistId, UserId};
use crate::store::{Engine, Store, StoreError};

/// Whom else the notices of a playlist are of: playlist, owner. The owner is among them, so that all locks are in one order.
pub const TOLD: &str = "SELECT id FROM users WHERE id = $2 OR id IN (SELECT n.user_id FROM notifications n \
     WHERE n.subject_id = $1 AND n.kind = 'playlist-replied') ORDER BY id FOR NO KEY UPDATE";

/// What others were told about a playlist, and whether it was new to them: playlist, owner.
pub const FORGET: &str = "DELETE FROM notifications WHERE subject_id = $1 AND kind = 'playlist-replied' AND user_id <> $2 \
     RETURNING user_id, CAST(CASE WHEN read_at IS NULL THEN 1 ELSE 0 END AS BIGINT)";

/// A transaction that may hide a playlist: whoever was told about it is locked first, in the order of identifiers, as
/// everywhere (`social::pair`).
///
/// # Errors
/// The database does not answer.
pub async fn begin(
    store: &Store,
    playlist: PlaylistId,
    owner: UserId,
) -> Result<Transaction<'static, Any>, StoreError> {
    let mut transaction = store.begin().await?;
    if store.engine() == Engine::Postgres {
        sqlx::query(TOLD).bind(playlist.to_string()).bind(owner).execute(&mut *transaction).await?;
    }
    Ok(transaction)
}

/// Takes back what everybody but the owner was told about a playlist that they do not see any more. They were told of
/// replies to what they had said; likes and comments are told to the owner alone.
///
/// # Errors
/// The database does not answer.
pub async fn quiet(transaction: &mut AnyConnection, playlist: PlaylistId, owner: UserId) -> Result<(), StoreError> {
    let gone: Vec<(UserId, i64)> =
        sqlx::query_as(FORGET).bind(playlist.to_string()).bind(owner).fetch_all(&mut *transaction).await?;
    let mut unread: BTreeMap<UserId, i64> = BTreeMap::new();
    for (user, new) in gone {
        *unread.entry(user).or_default() += new;
    }
    for (user, new) in unread {
        count(transaction, user, -new).await?;
    }
    Ok(())
}
