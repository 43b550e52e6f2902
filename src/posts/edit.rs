//! `PATCH /posts/{id}`: changes what it names and nothing else.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::create::playlist;
use super::owned::Owned;
use super::picture::{self, NewPicture};
use super::post::{Post, PostVisibility};
use super::{grams, row, text, version};
use crate::base::id::{PlaylistId, PostId};
use crate::base::timestamp::Timestamp;
use crate::protocol::mood::ClearMood;
use crate::tags::name::TagName;
use crate::tags::set::{Sight, Tagged};
use crate::users::{ActiveUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// What to change. A field that is not there stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PostEdit {
    /// The title.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 500, examples("Rain on the window"))]
    pub title: Option<String>,
    /// The text.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 2000)]
    pub body: Option<String>,
    /// All pictures, those that stay by their `upload`.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 10)]
    pub pictures: Option<Vec<NewPicture>>,
    /// All tags.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 10, examples("rain"))]
    pub tags: Option<Vec<String>>,
    /// A playlist, or null for none.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PlaylistId>)]
    pub playlist_id: Option<Option<PlaylistId>>,
    /// A mood, or null for none.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ClearMood>)]
    pub mood: Option<Option<ClearMood>>,
    /// Whom to show it.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub visibility: Option<PostVisibility>,
}

/// A field that is there has a value, which for some may be null.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Change a post
///
/// By its author. Changes what the body names and nothing else. With `If-Match`, only the version that it names; without,
/// whatever version there is.
#[utoipa::path(patch, path = "/posts/{id}", tag = "posts", operation_id = "editPost", request_body = PostEdit,
    params(
        ("id" = PostId, Path, description = "The post."),
        ("If-Match" = Option<String>, Header, description = "Entity tag of the version that is meant.", example = "\"v1\""),
    ),
    responses(
        (status = 200, description = "The post as it is now.", body = Post,
            headers(("ETag" = String, description = "Its version, for `If-Match`."))),
        (status = 403, description = "Somebody else wrote it; `suspended`."),
        (status = 404, description = "No such post for the one who asks."),
        (status = 409, description = "`not-agreed`: somebody in a still does not agree."),
        (status = 412, description = "`changed`: there is a newer version than `If-Match` names."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    ActiveUser(user): ActiveUser,
    Segment(id): Segment<PostId>,
    headers: HeaderMap,
    Body(edit): Body<PostEdit>,
) -> Result<Response, ApiError> {
    let title = edit.title.as_deref().map(text::title).transpose()?;
    let body = edit.body.as_deref().map(text::body).transpose()?;
    let tags = edit.tags.as_deref().map(|tags| TagName::all(tags, "/tags")).transpose()?;
    let store = &users.state.store;
    // Whose post it is, before anything is made of a still.
    drop(lock(&users, id, &user, &headers).await?);
    users.pace.edit(user.id)?;
    let pictures = match edit.pictures {
        Some(pictures) => Some(picture::ready(&users, user.id, pictures).await?),
        None => None,
    };
    let words = title.is_some() || body.is_some();
    let shown = words || pictures.is_some() || edit.visibility.is_some() || edit.mood.is_some();
    if !shown && tags.is_none() && edit.playlist_id.is_none() {
        return Ok(version::tagged(row::fetch(store, id, Some(user.id)).await?));
    }
    let (mut transaction, before) = lock(&users, id, &user, &headers).await?;
    playlist(&mut transaction, user.id, edit.playlist_id.flatten()).await?;
    let (title, body) = (title.unwrap_or(before.title.clone()), body.unwrap_or(before.body.clone()));
    let visibility = edit.visibility.unwrap_or(before.visibility);
    let truth = |names: bool| i16::from(names);
    sqlx::query(
        "UPDATE posts SET title = $2, body = $3, visibility = $4, \
         playlist_id = CASE WHEN $5 = 1 THEN $6 ELSE playlist_id END, \
         mood = CASE WHEN $7 = 1 THEN $8 ELSE mood END, edited_at = CASE WHEN $9 = 1 THEN $10 ELSE edited_at END \
         WHERE id = $1",
    )
    .bind(id)
    .bind(&title)
    .bind(&body)
    .bind(visibility.as_str())
    .bind(truth(edit.playlist_id.is_some()))
    .bind(edit.playlist_id.flatten())
    .bind(truth(edit.mood.is_some()))
    .bind(edit.mood.flatten().map(ClearMood::as_str))
    .bind(truth(shown))
    .bind(Timestamp::now())
    .execute(&mut *transaction)
    .await?;
    if words {
        grams::write(&mut transaction, id, &title, &body).await?;
    }
    let files = match pictures {
        Some(pictures) => picture::set(&mut transaction, id, user.id, &pictures).await?,
        None => Vec::new(),
    };
    let (thing, is) = (Tagged::Post(id, before.created_at), Sight::of(visibility == PostVisibility::Public));
    match tags {
        Some(tags) => thing.set(&mut transaction, &tags, before.sight(), is).await?,
        None => thing.seen(&mut transaction, before.sight(), is).await?,
    }
    transaction.commit().await?;
    users.uploads.release(files).await?;
    Ok(version::tagged(row::fetch(store, id, Some(user.id)).await?))
}

async fn lock(
    users: &Users,
    id: PostId,
    user: &crate::users::CurrentUser,
    headers: &HeaderMap,
) -> Result<(sqlx::Transaction<'static, sqlx::Any>, Owned), ApiError> {
    let mut transaction = users.state.store.begin().await?;
    let before = Owned::lock(&mut transaction, id, user.id).await?;
    version::check(headers, before.version)?;
    Ok((transaction, before))
}
