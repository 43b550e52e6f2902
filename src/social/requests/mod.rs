//! Asking for friendship. Nobody becomes a friend without having agreed: by accepting, or by having asked as well.

pub mod answer;
pub mod ask;
pub mod list;
pub mod row;
pub mod withdraw;

use sqlx::AnyConnection;

use super::pair::Pair;
use super::ties;
use crate::base::id::{FriendRequestId, NoticeId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::{self, Notice};
use crate::protocol::notification::NoticeKind;
use crate::store::StoreError;

/// The open request that `asker` made is accepted: the two are friends, and the asker is told.
async fn accept(
    transaction: &mut AnyConnection,
    pair: Pair,
    request: FriendRequestId,
    asker: UserId,
    now: Timestamp,
) -> Result<Option<NoticeId>, StoreError> {
    sqlx::query("UPDATE friend_requests SET status = 'accepted', answered_at = $2 WHERE id = $1")
        .bind(request)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    ties::befriend(transaction, pair, now).await?;
    let answerer = if pair.low == asker { pair.high } else { pair.low };
    let subject = Some(request.to_string());
    let notice = Notice { kind: NoticeKind::FriendAccepted, actor: answerer, subject };
    notices::put(transaction, asker, &notice, now).await
}
