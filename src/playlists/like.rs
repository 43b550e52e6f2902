//! `PUT` and `DELETE /playlists/{id}/like`.

use axum::extract::State;
use axum::http::StatusCode;
use sqlx::{Any, Transaction};

use crate::base::id::{NoticeId, PlaylistId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::put::take_back;
use crate::notices::{self, Notice};
use crate::protocol::notification::NoticeKind;
use crate::social::pair::{Pair, Trouble, begin, begin_alone, patiently};
use crate::social::sight;
use crate::state::AppState;
use crate::users::{ActiveUser, CurrentUser};
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Like a playlist
///
/// Its owner is told, the first time. To like again changes nothing.
#[utoipa::path(put, path = "/playlists/{id}/like", tag = "playlists", operation_id = "likePlaylist",
    params(("id" = PlaylistId, Path, description = "The playlist.")),
    responses(
        (status = 204, description = "One likes it."),
        (status = 403, description = "`suspended`."),
        (status = 404, description = "No such playlist for the one who asks."),
    ),
    security(("access" = []))
)]
pub async fn put(
    State(state): State<AppState>,
    ActiveUser(me): ActiveUser,
    Segment(id): Segment<PlaylistId>,
) -> Result<StatusCode, ApiError> {
    let owner = seen(&state, id, me.id).await?;
    // Most repetitions end here, without a lock.
    if likes(&state, id, me.id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    if let Some(notice) = patiently(|| like(&state, id, me.id, owner)).await? {
        state.notices.wake(owner, notice);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Like a playlist no longer
///
/// Its owner is told nothing of it any more.
#[utoipa::path(delete, path = "/playlists/{id}/like", tag = "playlists", operation_id = "unlikePlaylist",
    params(("id" = PlaylistId, Path, description = "The playlist.")),
    responses(
        (status = 204, description = "One does not like it."),
        (status = 404, description = "No such playlist for the one who asks."),
    ),
    security(("access" = []))
)]
pub async fn delete(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(id): Segment<PlaylistId>,
) -> Result<StatusCode, ApiError> {
    let owner = seen(&state, id, me.id).await?;
    if likes(&state, id, me.id).await? {
        patiently(|| unlike(&state, id, me.id, owner)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn seen(state: &AppState, playlist: PlaylistId, me: UserId) -> Result<UserId, ApiError> {
    let mut connection = state.store.read().acquire().await?;
    sight::owner(&mut connection, playlist, Some(me)).await
}

async fn likes(state: &AppState, playlist: PlaylistId, me: UserId) -> Result<bool, ApiError> {
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM playlist_likes WHERE playlist_id = $1 AND user_id = $2")
        .bind(playlist)
        .bind(me)
        .fetch_one(state.store.read())
        .await?;
    Ok(rows > 0)
}

/// Both people are locked, so that a like and a block cannot pass each other and the owner's count of notices is right.
async fn together(state: &AppState, me: UserId, owner: UserId) -> Result<Transaction<'static, Any>, Trouble> {
    Ok(match Pair::of(me, owner) {
        Ok(pair) => begin(&state.store, pair).await?,
        Err(_) => begin_alone(&state.store, me).await?,
    })
}

async fn like(state: &AppState, id: PlaylistId, me: UserId, owner: UserId) -> Result<Option<NoticeId>, Trouble> {
    let mut transaction = together(state, me, owner).await?;
    let now = Timestamp::now();
    let made = sqlx::query(
        "INSERT INTO playlist_likes (playlist_id, user_id, created_at) SELECT id, $2, $3 FROM playlists WHERE id = $1 \
         ON CONFLICT (playlist_id, user_id) DO NOTHING",
    )
    .bind(id)
    .bind(me)
    .bind(now)
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    let mut told = None;
    if made > 0 {
        count(&mut transaction, id, 1).await?;
        if me != owner {
            told = notices::put(&mut transaction, owner, &notice(id, me), now).await?;
        }
    }
    // With the lock that counting took, so that nobody likes what is being hidden.
    sight::owner(&mut transaction, id, Some(me)).await?;
    transaction.commit().await?;
    Ok(told)
}

async fn unlike(state: &AppState, id: PlaylistId, me: UserId, owner: UserId) -> Result<(), Trouble> {
    let mut transaction = together(state, me, owner).await?;
    let cut = sqlx::query("DELETE FROM playlist_likes WHERE playlist_id = $1 AND user_id = $2")
        .bind(id)
        .bind(me)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    if cut > 0 {
        count(&mut transaction, id, -1).await?;
        take_back(&mut transaction, owner, &notice(id, me)).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Moves the count of likes, and how hot that makes it (as `heat` of posts): playlist, by how many.
pub const COUNT: &str = "UPDATE playlists SET like_count = like_count + $2, \
     heat = created_at + CAST(604800000 AS BIGINT) * (like_count + $2 + 2 * comment_count) \
     / (like_count + $2 + 2 * comment_count + 30) WHERE id = $1";

async fn count(transaction: &mut Transaction<'static, Any>, id: PlaylistId, by: i64) -> Result<(), Trouble> {
    sqlx::query(COUNT).bind(id).bind(by).execute(&mut **transaction).await?;
    Ok(())
}

fn notice(playlist: PlaylistId, me: UserId) -> Notice {
    Notice { kind: NoticeKind::PlaylistLiked, actor: me, subject: Some(playlist.to_string()) }
}
