//! `PUT` and `DELETE /posts/{id}/tags/{tag}`: one tag of a post.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;

use super::owned::Owned;
use crate::base::id::{PostId, UserId};
use crate::protocol::code::Code;
use crate::state::AppState;
use crate::tags::name::{MOST, TagName};
use crate::tags::set::Tagged;
use crate::users::ActiveUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Put a tag on a post
///
/// By its author. A post with the tag stays as it is.
#[utoipa::path(put, path = "/posts/{id}/tags/{tag}", tag = "posts", operation_id = "tagPost",
    params(
        ("id" = PostId, Path, description = "The post."),
        ("tag" = String, Path, description = "The tag.", example = "rain"),
    ),
    responses(
        (status = 204, description = "It has the tag."),
        (status = 403, description = "Somebody else wrote it; `suspended`."),
        (status = 404, description = "No such post for the one who asks."),
        (status = 422, description = "It is no tag, or the post has ten."),
    ),
    security(("access" = []))
)]
pub async fn put(
    State(state): State<AppState>,
    ActiveUser(me): ActiveUser,
    Segment((id, tag)): Segment<(PostId, String)>,
) -> Result<StatusCode, ApiError> {
    let tag = TagName::parse(&tag, "tag")?;
    change(&state, id, me.id, |tags| {
        if tags.len() >= MOST && !tags.contains(&tag) {
            return Err(ApiError::field("tag", format!("At most {MOST} tags.")));
        }
        Ok(tags.insert(tag))
    })
    .await
}

/// Take a tag from a post
///
/// By its author. A post without the tag stays as it is.
#[utoipa::path(delete, path = "/posts/{id}/tags/{tag}", tag = "posts", operation_id = "untagPost",
    params(
        ("id" = PostId, Path, description = "The post."),
        ("tag" = String, Path, description = "The tag.", example = "rain"),
    ),
    responses(
        (status = 204, description = "It does not have the tag."),
        (status = 403, description = "Somebody else wrote it; `suspended`."),
        (status = 404, description = "No such post for the one who asks."),
    ),
    security(("access" = []))
)]
pub async fn delete(
    State(state): State<AppState>,
    ActiveUser(me): ActiveUser,
    Segment((id, tag)): Segment<(PostId, String)>,
) -> Result<StatusCode, ApiError> {
    // What is no tag is on nothing.
    let tag = TagName::new(&tag).ok_or(ApiError::NotFound(Code::NotFound))?;
    change(&state, id, me.id, |tags| Ok(tags.remove(&tag))).await
}

/// Changes the tags of a post, if `edit` says that it has.
async fn change(
    state: &AppState,
    id: PostId,
    me: UserId,
    edit: impl FnOnce(&mut BTreeSet<TagName>) -> Result<bool, ApiError>,
) -> Result<StatusCode, ApiError> {
    let mut transaction = state.store.begin().await?;
    let post = Owned::lock(&mut transaction, id, me).await?;
    let thing = Tagged::Post(id, post.created_at);
    let has = thing.tags(&mut transaction).await?;
    let mut tags: BTreeSet<TagName> = has.keys().filter_map(|name| TagName::new(name)).collect();
    if edit(&mut tags)? {
        thing.set(&mut transaction, &tags, post.sight(), post.sight()).await?;
        transaction.commit().await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
