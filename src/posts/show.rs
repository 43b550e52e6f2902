//! `GET /posts/{id}`.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::post::Post;
use super::view::Visits;
use super::{row, version};
use crate::base::id::PostId;
use crate::base::timestamp::Timestamp;
use crate::users::{MaybeUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::rate::Caller;

/// Fetch a post
///
/// Counts a visit: once for each visitor in half an hour, and never the author's own. The entity tag changes with what the
/// author changes, not with counts.
#[utoipa::path(get, path = "/posts/{id}", tag = "posts", operation_id = "fetchPost",
    params(("id" = PostId, Path, description = "The post.")),
    responses(
        (status = 200, description = "The post.", body = Post,
            headers(("ETag" = String, description = "Its version, for `If-Match`."))),
        (status = 404, description = "No such post for the one who asks."),
    ),
    security((), ("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    State(visits): State<Visits>,
    MaybeUser(viewer): MaybeUser,
    Extension(caller): Extension<Caller>,
    Segment(id): Segment<PostId>,
) -> Result<Response, ApiError> {
    let store = &users.state.store;
    let mut post = row::fetch(store, id, viewer.map(|user| user.id)).await?;
    if !post.mine {
        visits.note(store, id, &users.visitors.name(caller), Timestamp::now()).await?;
    }
    post.counts.views += visits.waiting(id);
    Ok(version::tagged(post))
}
