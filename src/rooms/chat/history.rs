//! What was said: `GET /rooms/{id}/messages`, forwards after a number or backwards before one; and what happened to lines
//! after a number.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::line::{Message, shown};
use crate::base::id::RoomId;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::rooms::asker::Asker;
use crate::users::Users;
use crate::web::error::ApiError;
use crate::web::extract::{Bearer, Segment};
use crate::web::page::{MOST, Page, USUAL};

/// Which lines are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// Lines after this number, the oldest first.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// Lines before this number, the newest first. Without either, the newest of all.
    #[param(minimum = 0)]
    before: Option<i64>,
    /// Lines that were said, changed or deleted after this number of a `change`, in the order of their last one: what one has
    /// missed.
    #[param(minimum = 0)]
    changed_after: Option<i64>,
    /// Lines of the page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
}

impl Stretch {
    /// The statement for it, and the number that it begins at.
    fn place(self) -> Result<(&'static str, i64), ApiError> {
        let (sql, number) = match (self.after, self.before, self.changed_after) {
            (Some(after), None, None) => (AFTER, after),
            (None, before, None) => (BEFORE, before.unwrap_or(i64::MAX)),
            (None, None, Some(changed)) => (CHANGED, changed),
            _ => return Err(ApiError::field("before", "One asks for lines after, before or changed_after a number.")),
        };
        if number < 0 { Err(ApiError::field("after", "Numbers of lines begin with 1.")) } else { Ok((sql, number)) }
    }
}

/// Lines after a number: viewer, room, number, rows.
pub const AFTER: &str = concat!("SELECT ", shown!(), " WHERE m.room_id = $2 AND m.seq > $3 ORDER BY m.seq LIMIT $4");

/// Lines to which something happened after a number: viewer, room, number, rows.
pub const CHANGED: &str =
    concat!("SELECT ", shown!(), " WHERE m.room_id = $2 AND m.change_seq > $3 ORDER BY m.change_seq LIMIT $4");

/// Lines before a number: viewer, room, number, rows.
pub const BEFORE: &str =
    concat!("SELECT ", shown!(), " WHERE m.room_id = $2 AND m.seq < $3 ORDER BY m.seq DESC LIMIT $4");

/// List lines of chat
///
/// For whoever sits in the room, by the token of their seat or their log-in; for its host; and for people whom the host has
/// admitted. After a lost socket is back, `changed_after` the last number that one has heard gives what was said, changed and
/// deleted meanwhile; what happens from then on comes by the socket, and may be in both. `next_cursor` is the number to go on
/// with, `after`, `before` or `changed_after` it.
#[utoipa::path(get, path = "/rooms/{id}/messages", tag = "rooms", operation_id = "listMessages",
    params(("id" = RoomId, Path, description = "The room."), Stretch),
    responses(
        (status = 200, description = "The lines.", body = Page<Message>),
        (status = 403, description = "They are not for the one who asks."),
        (status = 404, description = "`room-gone`: there is no such room."),
    ),
    security(("access" = []), ("seat" = []))
)]
pub async fn handler(
    State(rooms): State<Rooms>,
    State(users): State<Users>,
    Segment(room): Segment<String>,
    Bearer(bearer): Bearer,
    stretch: Result<Query<Stretch>, QueryRejection>,
) -> Result<Json<Page<Message>>, ApiError> {
    let room: RoomId = room.parse().map_err(|_| ApiError::NotFound(Code::RoomGone))?;
    let Query(stretch) = stretch.map_err(|_| ApiError::field("after", "Numbers of lines are whole numbers."))?;
    let limit = stretch.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::field("limit", format!("The limit must be 1 to {MOST}.")));
    }
    let (sql, place) = stretch.place()?;
    let asker = Asker::of(&rooms, &users, &bearer).await?;
    asker.read(&rooms, room).await?;
    let mut items: Vec<Message> = sqlx::query_as(sql)
        .bind(asker.name())
        .bind(room)
        .bind(place)
        .bind(i64::from(limit) + 1)
        .fetch_all(rooms.state.store.read())
        .await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let number = |line: &Message| if sql == CHANGED { line.change } else { line.seq };
    let next_cursor = items.last().filter(|_| more).map(|last| number(last).to_string());
    Ok(Json(Page { items, next_cursor }))
}
