//! `PUT` and `DELETE /posts/{id}/like`.

use axum::extract::State;
use axum::http::StatusCode;
use sqlx::{Any, Transaction};

use crate::base::id::{NoticeId, PostId, UserId};
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

/// Like a post
///
/// Its author is told, the first time. To like again changes nothing.
#[utoipa::path(put, path = "/posts/{id}/like", tag = "posts", operation_id = "likePost",
    params(("id" = PostId, Path, description = "The post.")),
    responses(
        (status = 204, description = "One likes it."),
        (status = 403, description = "`suspended`."),
        (status = 404, description = "No such post for the one who asks."),
    ),
    security(("access" = []))
)]
pub async fn put(
    State(state): State<AppState>,
    ActiveUser(me): ActiveUser,
    Segment(id): Segment<PostId>,
) -> Result<StatusCode, ApiError> {
    let author = seen(&state, id, me.id).await?;
    // Most repetitions end here, without a lock.
    if likes(&state, id, me.id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    if let Some(notice) = patiently(|| like(&state, id, me.id, author)).await? {
        state.notices.wake(author, notice);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Like a post no longer
///
/// Its author is told nothing of it any more.
#[utoipa::path(delete, path = "/posts/{id}/like", tag = "posts", operation_id = "unlikePost",
    params(("id" = PostId, Path, description = "The post.")),
    responses(
        (status = 204, description = "One does not like it."),
        (status = 404, description = "No such post for the one who asks."),
    ),
    security(("access" = []))
)]
pub async fn delete(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(id): Segment<PostId>,
) -> Result<StatusCode, ApiError> {
    let author = seen(&state, id, me.id).await?;
    if !likes(&state, id, me.id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    patiently(|| unlike(&state, id, me.id, author)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn seen(state: &AppState, post: PostId, me: UserId) -> Result<UserId, ApiError> {
    let mut connection = state.store.read().acquire().await?;
    sight::author(&mut connection, post, Some(me)).await
}

async fn likes(state: &AppState, post: PostId, me: UserId) -> Result<bool, ApiError> {
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM post_likes WHERE post_id = $1 AND user_id = $2")
        .bind(post)
        .bind(me)
        .fetch_one(state.store.read())
        .await?;
    Ok(rows > 0)
}

/// Both people are locked, so that a like and a block cannot pass each other and the author's count of notices is right.
async fn together(state: &AppState, me: UserId, author: UserId) -> Result<Transaction<'static, Any>, Trouble> {
    Ok(match Pair::of(me, author) {
        Ok(pair) => begin(&state.store, pair).await?,
        Err(_) => begin_alone(&state.store, me).await?,
    })
}

async fn like(state: &AppState, post: PostId, me: UserId, author: UserId) -> Result<Option<NoticeId>, Trouble> {
    let mut transaction = together(state, me, author).await?;
    sight::author(&mut transaction, post, Some(me)).await?;
    let now = Timestamp::now();
    let made = sqlx::query(
        "INSERT INTO post_likes (post_id, user_id, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (post_id, user_id) DO NOTHING",
    )
    .bind(post)
    .bind(me)
    .bind(now)
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    let mut told = None;
    if made > 0 {
        count(&mut transaction, post, 1).await?;
        if me != author {
            told = notices::put(&mut transaction, author, &notice(post, me), now).await?;
        }
    }
    transaction.commit().await?;
    Ok(told)
}

async fn unlike(state: &AppState, post: PostId, me: UserId, author: UserId) -> Result<(), Trouble> {
    let mut transaction = together(state, me, author).await?;
    let cut = sqlx::query("DELETE FROM post_likes WHERE post_id = $1 AND user_id = $2")
        .bind(post)
        .bind(me)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    if cut > 0 {
        count(&mut transaction, post, -1).await?;
        take_back(&mut transaction, author, &notice(post, me)).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn count(transaction: &mut Transaction<'static, Any>, post: PostId, by: i64) -> Result<(), Trouble> {
    sqlx::query("UPDATE posts SET like_count = like_count + $2 WHERE id = $1")
        .bind(post)
        .bind(by)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

fn notice(post: PostId, me: UserId) -> Notice {
    Notice { kind: NoticeKind::PostLiked, actor: me, subject: Some(post.to_string()) }
}
