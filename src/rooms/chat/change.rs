//! The number of what happens to a line.

use sqlx::AnyConnection;

use crate::base::id::RoomId;
use crate::store::StoreError;

/// The next number of a room. The room's row is locked with it until the transaction ends, so that what has a lower number
/// is committed before.
///
/// # Errors
/// The database does not answer, or the room is gone.
pub(super) async fn next(transaction: &mut AnyConnection, room: RoomId) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("UPDATE rooms SET change_seq = change_seq + 1 WHERE id = $1 RETURNING change_seq")
        .bind(room)
        .fetch_one(transaction)
        .await?)
}
