//! `DELETE /rooms/{id}/members/{user}`: removing somebody, for now or for good.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::base::id::{ParticipantId, RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::social::target;
use crate::store::StoreError;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// For how long.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Removal {
    /// Whether they may not come again. A guest can come again under any name, so only people with accounts are banned.
    #[serde(default)]
    ban: bool,
}

/// Remove somebody from a room
///
/// For its host. Ends what they send and receive at once, and what an invitation or a knock gave them. A seat of a guest is
/// named by its own identifier.
#[utoipa::path(delete, path = "/rooms/{id}/members/{user}", tag = "rooms", operation_id = "removeMember",
    params(
        ("id" = RoomId, Path, description = "The room."),
        ("user" = String, Path, description = "Identifier or handle of a person, or the identifier of a seat."),
        Removal,
    ),
    responses(
    (status = 204, description = "They are not there."),
    (status = 403, description = "The room is somebody else's."),
    (status = 404, description = "`room-gone`, or nobody of that name is to be seen."),
    (status = 409, description = "`oneself`."),
), security(("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    me: CurrentUser,
    Segment((id, who)): Segment<(String, String)>,
    Query(Removal { ban }): Query<Removal>,
) -> Result<StatusCode, ApiError> {
    let room = rooms.own(&id, me.id).await?.id;
    let seat = who.parse::<ParticipantId>().ok().filter(|seat| rooms.live().home(*seat) == Some(room));
    let user = match seat {
        Some(seat) => rooms.live().account(seat),
        None => Some(target::named(&rooms.state.store, &who).await?),
    };
    if user == Some(me.id) {
        return Err(ApiError::Conflict(Code::Oneself));
    }
    match (user, seat) {
        (Some(user), _) if ban => rooms.ban(room, user).await?,
        (Some(user), _) => rooms.remove(room, user).await?,
        (None, Some(seat)) => rooms.kick(room, &[seat]).await,
        (None, None) => {}
    }
    Ok(StatusCode::NO_CONTENT)
}

impl Rooms {
    /// Removes somebody for now. What let them in goes first, so that they are not back before their seat is free.
    ///
    /// # Errors
    /// The database does not answer. They are removed all the same.
    pub async fn remove(&self, room: RoomId, user: UserId) -> Result<(), StoreError> {
        let forgotten =
            sqlx::query("DELETE FROM room_members WHERE room_id = $1 AND user_id = $2 AND standing = 'admitted'")
                .bind(room)
                .bind(user)
                .execute(self.state.store.write())
                .await;
        self.kick_all(room, user).await;
        Ok(forgotten.map(drop)?)
    }

    /// Removes somebody for good.
    ///
    /// # Errors
    /// The database does not answer; then nothing has changed.
    pub async fn ban(&self, room: RoomId, user: UserId) -> Result<(), StoreError> {
        let now = Timestamp::now();
        let mut transaction = self.state.store.begin().await?;
        sqlx::query(
            "INSERT INTO room_members (room_id, user_id, standing, created_at) VALUES ($1, $2, 'banned', $3) \
             ON CONFLICT (room_id, user_id) DO UPDATE SET standing = 'banned', created_at = $3",
        )
        .bind(room)
        .bind(user)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "UPDATE room_knocks SET status = 'refused', answered_at = $3 \
             WHERE room_id = $1 AND user_id = $2 AND status = 'pending'",
        )
        .bind(room)
        .bind(user)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.kick_all(room, user).await;
        Ok(())
    }

    async fn kick_all(&self, room: RoomId, user: UserId) {
        let seats = {
            let mut live = self.live();
            live.rights_changed();
            live.seats_of(room, user)
        };
        self.kick(room, &seats).await;
    }

    /// Frees seats as the host of the room: whoever sat there is told, and their media ends.
    pub async fn kick(&self, room: RoomId, seats: &[ParticipantId]) {
        for seat in seats {
            let kicked = {
                let mut live = self.live();
                let by = live.hosts(room).into_iter().next();
                live.kick(by, *seat)
            };
            if kicked {
                self.freed(*seat).await;
            }
        }
    }
}
