//! `GET /stills/{still}`: with an ending, a file by its signed address; without one, what is known of a still.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::file::{self, Proof};
use super::still::Still;
use crate::base::id::StillId;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Show a still
///
/// By its identifier: what is known of it, for whoever took it or is in it. With the ending of a file: the picture, for
/// whoever has the signed address, until that ends.
#[utoipa::path(get, path = "/stills/{still}", tag = "stills", operation_id = "showStill",
    params(("still" = String, Path, description = "The still, or the name of its file.", min_length = 1), Proof),
    responses(
        (status = 200, description = "The still, or the picture.", content(
            (Still = "application/json"),
            (Vec<u8> = "image/png"),
            (Vec<u8> = "image/webp"),
        )),
        (status = 403, description = "`signature`: the address was not made by this server, or it is over."),
        (status = 404, description = "One has no such still and is in none, or the file is gone."),
    ),
    security((), ("access" = []))
)]
pub async fn handler(
    State(rooms): State<Rooms>,
    me: Result<CurrentUser, ApiError>,
    Segment(still): Segment<String>,
    proof: Result<Query<Proof>, QueryRejection>,
) -> Result<Response, ApiError> {
    if still.contains('.') {
        let Query(proof) = proof.map_err(|_| ApiError::Forbidden(Code::Signature))?;
        return file::show(&rooms, &still, proof).await;
    }
    let me = me?;
    let gone = || ApiError::NotFound(Code::NotFound);
    let still: StillId = still.parse().map_err(|_| gone())?;
    let mut connection = rooms.state.store.read().acquire().await?;
    let still = rooms.still(&mut connection, me.id, still).await?.ok_or_else(gone)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(still)).into_response())
}
