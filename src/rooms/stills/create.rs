//! `POST /rooms/{id}/stills`: taking one without a socket.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::take::{CreatedStill, NewStill, take};
use crate::base::id::RoomId;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::rooms::asker::Asker;
use crate::users::Users;
use crate::web::error::ApiError;
use crate::web::extract::{Bearer, Body, Segment};

/// Take a picture of a call
///
/// For whoever has a seat in the room, by its token or their log-in, and for its host, by their log-in or the host key. It
/// lies in the gallery of its taker, if they have an account.
#[utoipa::path(post, path = "/rooms/{id}/stills", tag = "stills", operation_id = "createStill",
    params(("id" = RoomId, Path, description = "The room.")), request_body = NewStill,
    security(("seat" = []), ("access" = [])),
    responses(
    (status = 201, description = "The picture's addresses.", body = CreatedStill,
        headers(("Location" = String, description = "Signed address of the PNG."))),
    (status = 403, description = "The token is of no seat here, or this server takes no pictures; or `suspended`."),
    (status = 404, description = "`room-gone`: there is no such room, or its link is too old."),
    (status = 409, description = "`nothing-to-show`: nobody's camera is on. `gallery-full`: one keeps as many stills as one may."),
))]
pub async fn handler(
    State(rooms): State<Rooms>,
    State(users): State<Users>,
    Segment(id): Segment<String>,
    Bearer(bearer): Bearer,
    Body(body): Body<NewStill>,
) -> Result<Response, ApiError> {
    let room: RoomId = id.parse().map_err(|_| ApiError::NotFound(Code::RoomGone))?;
    let asker = Asker::of(&rooms, &users, &bearer).await?;
    asker.active(&users).await?;
    asker.picture(&rooms, room).await?;
    let still = take(&rooms, room, asker.user(), body).await.map_err(|code| match code {
        Code::NothingToShow | Code::GalleryFull => ApiError::Conflict(code),
        Code::TooMany => ApiError::TooMany(Duration::from_secs(5)),
        Code::Forbidden => ApiError::Forbidden(code),
        Code::Draining | Code::Unavailable => ApiError::Unavailable(code),
        _ => ApiError::Internal,
    })?;
    let headers = [(header::LOCATION, still.png.clone()), (header::CACHE_CONTROL, "no-store".into())];
    Ok((StatusCode::CREATED, headers, Json(still)).into_response())
}
