//! Taking a line back: `DELETE /messages/{id}`.

use axum::extract::State;
use axum::http::StatusCode;
use sqlx::AnyConnection;

use super::line::Origin;
use super::{change, tell};
use crate::base::id::{MessageId, RoomId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::protocol::server::ServerMessage;
use crate::rooms::Rooms;
use crate::rooms::asker::Asker;
use crate::store::StoreError;
use crate::users::Users;
use crate::web::error::ApiError;
use crate::web::extract::{Bearer, Segment};

/// Delete a line of chat
///
/// For whoever said it and for the room's host. Its words are gone and its place is kept; the room hears of it. To delete
/// it again changes nothing.
#[utoipa::path(delete, path = "/messages/{id}", tag = "rooms", operation_id = "deleteMessage",
    params(("id" = MessageId, Path, description = "The line.")),
    responses(
        (status = 204, description = "It is deleted."),
        (status = 403, description = "Somebody else said it, in a room that is not one's own."),
        (status = 404, description = "There is no such line to be seen."),
    ),
    security(("access" = []), ("seat" = []))
)]
pub async fn handler(
    State(rooms): State<Rooms>,
    State(users): State<Users>,
    Segment(message): Segment<MessageId>,
    Bearer(bearer): Bearer,
) -> Result<StatusCode, ApiError> {
    let asker = Asker::of(&rooms, &users, &bearer).await?;
    let gone = || ApiError::NotFound(Code::NotFound);
    let line = Origin::load(&mut *rooms.state.store.read().acquire().await?, message).await?.ok_or_else(gone)?;
    // What one has said one may take back, wherever one may be by now.
    if !asker.wrote(&line) {
        match asker.read(&rooms, line.room).await {
            Ok(true) => {}
            Ok(false) => return Err(ApiError::Forbidden(Code::Forbidden)),
            Err(ApiError::Forbidden(_) | ApiError::NotFound(_)) => return Err(gone()),
            Err(error) => return Err(error),
        }
    }
    // Whoever goes away meanwhile must not leave a line on the others' pages.
    let deleting = rooms.state.tasks.spawn({
        let rooms = rooms.clone();
        async move { delete(&rooms, line, message).await }
    });
    deleting.await.map_err(|_| ApiError::Internal)??;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete(rooms: &Rooms, line: Origin, message: MessageId) -> Result<(), ApiError> {
    let _turn = rooms.chat().turn(line.room).await;
    let mut transaction = rooms.state.store.begin().await?;
    if let Some(news) = erase(&mut transaction, line.room, message).await? {
        transaction.commit().await?;
        tell(rooms, line.room, &news);
    }
    Ok(())
}

/// A line that is not deleted: line, time, number of the change.
pub const ERASE: &str =
    "UPDATE messages SET body = '', deleted_at = $2, change_seq = $3 WHERE id = $1 AND deleted_at IS NULL";

/// Deletes a line of the room, of which it is the caller's turn ([`super::Chat::turn`]). What the room is to be told after
/// the commit; none when the line was deleted before.
///
/// # Errors
/// The database does not answer.
pub async fn erase(
    transaction: &mut AnyConnection,
    room: RoomId,
    message: MessageId,
) -> Result<Option<ServerMessage>, StoreError> {
    let change = change::next(&mut *transaction, room).await?;
    let deleted = sqlx::query(ERASE)
        .bind(message)
        .bind(Timestamp::now())
        .bind(change)
        .execute(transaction)
        .await?
        .rows_affected();
    Ok((deleted > 0).then_some(ServerMessage::ChatDeleted { message, change }))
}
