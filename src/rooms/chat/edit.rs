//! Changing what one has said: `PATCH /messages/{id}`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::line::{Message, ONE, Origin};
use super::{change, tell};
use crate::base::id::MessageId;
use crate::base::text;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::protocol::server::ServerMessage;
use crate::rooms::Rooms;
use crate::rooms::asker::Asker;
use crate::users::Users;
use crate::web::error::ApiError;
use crate::web::extract::{Bearer, Body, Segment};

/// Body of `PATCH /messages/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageChange {
    /// What it is to say.
    #[schema(min_length = 1, max_length = 1000, examples("Hello!"))]
    pub text: String,
}

/// Change a line of chat
///
/// For whoever said it: by their log-in, or by the token of the seat that they said it from while they sit there. The room
/// hears of it.
#[utoipa::path(patch, path = "/messages/{id}", tag = "rooms", operation_id = "editMessage",
    params(("id" = MessageId, Path, description = "The line.")), request_body = MessageChange,
    responses(
        (status = 200, description = "The line as it is now.", body = Message),
        (status = 403, description = "Somebody else said it; or `suspended`."),
        (status = 404, description = "There is no such line to be seen, or it was deleted."),
    ),
    security(("access" = []), ("seat" = []))
)]
pub async fn handler(
    State(rooms): State<Rooms>,
    State(users): State<Users>,
    Segment(message): Segment<String>,
    Bearer(bearer): Bearer,
    Body(body): Body<MessageChange>,
) -> Result<Json<Message>, ApiError> {
    let asker = Asker::of(&rooms, &users, &bearer).await?;
    asker.active(&users).await?;
    let message: MessageId = message.parse().map_err(|_| ApiError::NotFound(Code::NotFound))?;
    let words = text::lines(&body.text, text::CHAT)
        .ok_or_else(|| ApiError::field("/text", format!("A line has 1 to {} characters.", text::CHAT)))?;
    let line = seen(&rooms, &asker, message).await?;
    if !asker.wrote(&line) {
        return Err(ApiError::Forbidden(Code::Forbidden));
    }
    // Whoever goes away meanwhile must not leave a line that only the table knows.
    let editing = rooms.state.tasks.spawn({
        let rooms = rooms.clone();
        async move { edit(&rooms, asker, line, message, words).await }
    });
    editing.await.map_err(|_| ApiError::Internal)?.map(Json)
}

/// A line that the asker may read. What they may not read is not there.
async fn seen(rooms: &Rooms, asker: &Asker, message: MessageId) -> Result<Origin, ApiError> {
    let gone = || ApiError::NotFound(Code::NotFound);
    let line = Origin::load(&mut *rooms.state.store.read().acquire().await?, message).await?;
    let line = line.filter(|line| !line.deleted).ok_or_else(gone)?;
    match asker.read(rooms, line.room).await {
        Ok(_) => Ok(line),
        Err(ApiError::Forbidden(_) | ApiError::NotFound(_)) => Err(gone()),
        Err(error) => Err(error),
    }
}

/// A line that is not deleted: line, text, time, number of the change.
const CHANGE: &str =
    "UPDATE messages SET body = $2, edited_at = $3, change_seq = $4 WHERE id = $1 AND deleted_at IS NULL";

async fn edit(
    rooms: &Rooms,
    asker: Asker,
    line: Origin,
    message: MessageId,
    text: String,
) -> Result<Message, ApiError> {
    let _turn = rooms.chat().turn(line.room).await;
    let now = Timestamp::now();
    let mut transaction = rooms.state.store.begin().await?;
    let change = change::next(&mut transaction, line.room).await?;
    let changed =
        sqlx::query(CHANGE).bind(message).bind(&text).bind(now).bind(change).execute(&mut *transaction).await?;
    if changed.rows_affected() == 0 {
        return Err(ApiError::NotFound(Code::NotFound));
    }
    let shown = sqlx::query_as(ONE).bind(asker.name()).bind(message).fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    tell(rooms, line.room, &ServerMessage::ChatEdited { message, change, text, edited_at: now });
    Ok(shown)
}
