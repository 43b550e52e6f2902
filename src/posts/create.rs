//! `POST /posts`.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use utoipa::ToSchema;

use super::picture::{self, NewPicture, ReadyPicture};
use super::post::{Post, PostVisibility};
use super::{grams, row, text, version};
use crate::base::id::{PlaylistId, PostId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::mood::ClearMood;
use crate::social::sight;
use crate::tags::name::TagName;
use crate::tags::set::{Sight, Tagged};
use crate::users::{ActiveUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::Body;
use crate::web::idempotency::Once;

/// Body of `POST /posts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPost {
    /// 1 to 100 characters as readers count them.
    #[schema(min_length = 1, max_length = 500, examples("Rain on the window"))]
    pub title: String,
    /// The text.
    #[serde(default)]
    #[schema(max_length = 2000, examples("Three hours of it, and nobody wanted to hang up."))]
    pub body: String,
    /// One's own uploads and stills, in the order in which they are shown.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub pictures: Vec<NewPicture>,
    /// What it is found by: words of 1 to 30 characters.
    #[serde(default)]
    #[schema(max_items = 10, examples("rain"))]
    pub tags: Vec<String>,
    /// A playlist that belongs to it: one's own, or a public one.
    #[serde(default)]
    pub playlist_id: Option<PlaylistId>,
    /// Its mood.
    #[serde(default)]
    pub mood: Option<ClearMood>,
    /// Whom to show it.
    #[serde(default)]
    pub visibility: PostVisibility,
}

/// A new post whose words have been looked at.
struct Draft {
    title: String,
    body: String,
    pictures: Vec<ReadyPicture>,
    tags: std::collections::BTreeSet<TagName>,
    playlist: Option<PlaylistId>,
    mood: Option<ClearMood>,
    visibility: PostVisibility,
}

/// Write a post
///
/// The author is who is logged in. A still may be posted by whose it is, when everybody else in it has agreed.
#[utoipa::path(post, path = "/posts", tag = "posts", operation_id = "createPost", request_body = NewPost,
    responses(
        (status = 201, description = "The post.", body = Post, headers(
            ("Location" = String, description = "Address of the post."),
            ("ETag" = String, description = "Its version, for `If-Match`."))),
        (status = 403, description = "`suspended`."),
        (status = 409, description = "`not-agreed`: somebody in a still has not agreed. `key-reused`: the key came with \
            another request before."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    ActiveUser(user): ActiveUser,
    once: Option<Extension<Once>>,
    Body(body): Body<NewPost>,
) -> Result<Response, ApiError> {
    let (title, text) = (text::title(&body.title)?, text::body(&body.body)?);
    let tags = TagName::all(&body.tags, "/tags")?;
    users.pace.post(user.id)?;
    let draft = Draft {
        title,
        body: text,
        tags,
        pictures: picture::ready(&users, user.id, body.pictures).await?,
        playlist: body.playlist_id,
        mood: body.mood,
        visibility: body.visibility,
    };
    let key = once.map(|Extension(Once(key))| key);
    let store = &users.state.store;
    let mut transaction = store.begin().await?;
    let id = match insert(&mut transaction, user.id, &draft, key.as_deref()).await? {
        Some(id) => {
            transaction.commit().await?;
            id
        }
        // The server died after this post and before its answer.
        None => {
            sqlx::query_scalar("SELECT id FROM posts WHERE author_id = $1 AND request_key = $2")
                .bind(user.id)
                .bind(key)
                .fetch_one(&mut *transaction)
                .await?
        }
    };
    let post = row::fetch(store, id, Some(user.id)).await?;
    let mut response = (StatusCode::CREATED, version::tagged(post)).into_response();
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/posts/{id}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Writes the post and all that belongs to it; none when the same request has written it before.
async fn insert(
    transaction: &mut AnyConnection,
    author: UserId,
    draft: &Draft,
    key: Option<&str>,
) -> Result<Option<PostId>, ApiError> {
    let now = Timestamp::now();
    playlist(transaction, author, draft.playlist).await?;
    let made: Option<PostId> = sqlx::query_scalar(
        "INSERT INTO posts (id, author_id, title, body, visibility, playlist_id, mood, created_at, request_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (author_id, request_key) WHERE request_key IS NOT NULL DO NOTHING RETURNING id",
    )
    .bind(PostId::new())
    .bind(author)
    .bind(&draft.title)
    .bind(&draft.body)
    .bind(draft.visibility.as_str())
    .bind(draft.playlist)
    .bind(draft.mood.map(ClearMood::as_str))
    .bind(now)
    .bind(key)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(id) = made else { return Ok(None) };
    picture::set(transaction, id, author, &draft.pictures).await?;
    grams::write(transaction, id, &draft.title, &draft.body).await?;
    let sight = Sight::of(draft.visibility == PostVisibility::Public);
    Tagged::Post(id, now).set(transaction, &draft.tags, Sight::Hidden, sight).await?;
    Ok(Some(id))
}

/// Refuses a playlist that the author may not show.
///
/// # Errors
/// 422 `/playlist_id`.
pub(super) async fn playlist(
    connection: &mut AnyConnection,
    author: UserId,
    playlist: Option<PlaylistId>,
) -> Result<(), ApiError> {
    let Some(playlist) = playlist else { return Ok(()) };
    let fine: Option<UserId> =
        sqlx::query_scalar(sight::OWNER).bind(playlist).bind(author).fetch_optional(connection).await?;
    if fine.is_none() {
        Err(ApiError::field("/playlist_id", "There is no such playlist of yours or in public."))
    } else {
        Ok(())
    }
}
