//! Making and cutting what ties two people, with the counts in `users` that go with it. Every function here is for a
//! transaction that has locked both ([`super::pair::begin`]).

use sqlx::AnyConnection;

use super::pair::Pair;
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::notices::put::{Notice, take_back};
use crate::protocol::notification::NoticeKind;
use crate::store::StoreError;

/// `follower` follows `followee` from now on. False when they did before.
///
/// # Errors
/// The database does not answer.
pub async fn follow(
    transaction: &mut AnyConnection,
    follower: UserId,
    followee: UserId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let made = sqlx::query(
        "INSERT INTO follows (follower_id, followee_id, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (follower_id, followee_id) DO NOTHING",
    )
    .bind(follower)
    .bind(followee)
    .bind(now)
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    count_follow(transaction, follower, followee, made as i64).await?;
    Ok(made > 0)
}

/// `follower` follows `followee` no longer.
///
/// # Errors
/// The database does not answer.
pub async fn unfollow(transaction: &mut AnyConnection, follower: UserId, followee: UserId) -> Result<(), StoreError> {
    let cut = sqlx::query("DELETE FROM follows WHERE follower_id = $1 AND followee_id = $2")
        .bind(follower)
        .bind(followee)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    count_follow(transaction, follower, followee, -(cut as i64)).await
}

async fn count_follow(
    transaction: &mut AnyConnection,
    follower: UserId,
    followee: UserId,
    by: i64,
) -> Result<(), StoreError> {
    if by == 0 {
        return Ok(());
    }
    sqlx::query("UPDATE users SET following_count = following_count + $2 WHERE id = $1")
        .bind(follower)
        .bind(by)
        .execute(&mut *transaction)
        .await?;
    sqlx::query("UPDATE users SET follower_count = follower_count + $2 WHERE id = $1")
        .bind(followee)
        .bind(by)
        .execute(transaction)
        .await?;
    Ok(())
}

/// The two are friends from now on.
///
/// # Errors
/// The database does not answer.
pub async fn befriend(transaction: &mut AnyConnection, pair: Pair, now: Timestamp) -> Result<(), StoreError> {
    let made = sqlx::query(
        "INSERT INTO friendships (low_id, high_id, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (low_id, high_id) DO NOTHING",
    )
    .bind(pair.low)
    .bind(pair.high)
    .bind(now)
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    count_friends(transaction, pair, made as i64).await
}

/// The two are friends no longer.
///
/// # Errors
/// The database does not answer.
pub async fn unfriend(transaction: &mut AnyConnection, pair: Pair) -> Result<(), StoreError> {
    let cut = sqlx::query("DELETE FROM friendships WHERE low_id = $1 AND high_id = $2")
        .bind(pair.low)
        .bind(pair.high)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    count_friends(transaction, pair, -(cut as i64)).await
}

async fn count_friends(transaction: &mut AnyConnection, pair: Pair, by: i64) -> Result<(), StoreError> {
    if by != 0 {
        sqlx::query("UPDATE users SET friend_count = friend_count + $3 WHERE id IN ($1, $2)")
            .bind(pair.low)
            .bind(pair.high)
            .bind(by)
            .execute(transaction)
            .await?;
    }
    Ok(())
}

/// Whether the two are friends.
///
/// # Errors
/// The database does not answer.
pub async fn are_friends(connection: &mut AnyConnection, pair: Pair) -> Result<bool, StoreError> {
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM friendships WHERE low_id = $1 AND high_id = $2")
        .bind(pair.low)
        .bind(pair.high)
        .fetch_one(connection)
        .await?;
    Ok(rows > 0)
}

/// Withdraws the open request between the two, whoever asked, with its notice.
///
/// # Errors
/// The database does not answer.
pub async fn withdraw_request(transaction: &mut AnyConnection, pair: Pair, now: Timestamp) -> Result<(), StoreError> {
    let asked: Vec<(UserId, UserId)> = sqlx::query_as(
        "UPDATE friend_requests SET status = 'withdrawn', answered_at = $3 \
         WHERE low_id = $1 AND high_id = $2 AND status = 'pending' RETURNING from_id, to_id",
    )
    .bind(pair.low)
    .bind(pair.high)
    .bind(now)
    .fetch_all(&mut *transaction)
    .await?;
    for (from, to) in asked {
        let asked = Notice { kind: NoticeKind::FriendRequested, actor: from, subject: None };
        take_back(transaction, to, &asked).await?;
    }
    Ok(())
}
