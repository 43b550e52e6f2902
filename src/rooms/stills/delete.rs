//! `DELETE /stills/{still}`: the row, the files, and the picture in every post.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;

use super::files;
use super::keep::{asked, lock};
use crate::base::id::{StillId, UserId};
use crate::notices::put::take_back;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::store::Engine;
use crate::users::{CurrentUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Delete a still
///
/// For whoever took it. Posts lose the picture too: without the still, nobody who is in it could take their consent back.
#[utoipa::path(delete, path = "/stills/{still}", tag = "stills", operation_id = "deleteStill",
    params(("still" = StillId, Path, description = "The still.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "One has no such still."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(rooms): State<Rooms>,
    State(users): State<Users>,
    me: CurrentUser,
    Segment(still): Segment<StillId>,
) -> Result<StatusCode, ApiError> {
    let store = &rooms.state.store;
    let mut transaction = store.begin().await?;
    let people: Vec<UserId> = sqlx::query_scalar(
        "SELECT p.user_id FROM still_people p JOIN stills s ON s.id = p.still_id \
         WHERE s.id = $1 AND s.owner_id = $2 AND p.user_id IS NOT NULL AND p.user_id <> $2",
    )
    .bind(still)
    .bind(me.id)
    .fetch_all(&mut *transaction)
    .await?;
    let people: BTreeSet<UserId> = people.into_iter().collect();
    lock(store, &mut transaction, &people).await?;
    if store.engine() == Engine::Postgres {
        // Nobody makes a post of it from here on.
        sqlx::query("SELECT id FROM stills WHERE id = $1 FOR UPDATE").bind(still).execute(&mut *transaction).await?;
    }
    let posted: Vec<String> = sqlx::query_scalar(
        "DELETE FROM uploads WHERE still_id IN (SELECT id FROM stills WHERE id = $1 AND owner_id = $2) RETURNING blob",
    )
    .bind(still)
    .bind(me.id)
    .fetch_all(&mut *transaction)
    .await?;
    let gone = sqlx::query("DELETE FROM stills WHERE id = $1 AND owner_id = $2")
        .bind(still)
        .bind(me.id)
        .execute(&mut *transaction)
        .await?;
    if gone.rows_affected() == 0 {
        return Err(ApiError::NotFound(Code::NotFound));
    }
    for person in people {
        take_back(&mut transaction, person, &asked(still, me.id)).await?;
    }
    transaction.commit().await?;
    // It is gone whatever becomes of the files: one that stays behind goes with those that nobody owns.
    for name in files(still).map_err(|_| ApiError::Internal)? {
        if let Err(error) = rooms.state.blobs.delete(&name).await {
            tracing::warn!(%error, %still, "a file of a deleted still stays for the next sweep");
        }
    }
    if let Err(error) = users.uploads.release(posted).await {
        tracing::warn!(?error, %still, "pictures of a deleted still stay for the next sweep");
    }
    Ok(StatusCode::NO_CONTENT)
}
