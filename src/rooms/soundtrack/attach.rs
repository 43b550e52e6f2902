//! `PUT /rooms/{id}/soundtrack`: the host attaches a playlist, or takes it away.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::list;
use super::playing::{Listed, Moment, Playing};
use crate::base::clock;
use crate::base::id::{PlaylistId, RoomId};
use crate::base::timestamp::Timestamp;
use crate::rooms::Rooms;
use crate::rooms::live::Live;
use crate::rooms::row::RoomRow;
use crate::users::ActiveUser;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Body of `PUT /rooms/{id}/soundtrack`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSoundtrack {
    /// One's own playlist, or a public one; null for silence.
    #[serde(deserialize_with = "said")]
    #[schema(required = true)]
    pub playlist_id: Option<PlaylistId>,
}

/// Null is said; nothing is not.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PlaylistId>, D::Error> {
    Option::deserialize(deserializer)
}

/// The list of a room: room, playlist.
pub const SET: &str = "UPDATE rooms SET playlist_id = $2 WHERE id = $1";

/// Attach a playlist to a room
///
/// For its host. Everybody inside is told by the socket's `soundtrack`, and hears the list from its beginning once the host
/// plays it; attaching the same list again changes nothing. It stays attached when everybody has left. A list that is
/// deleted, or that the host may hear no longer, falls silent before its next song.
#[utoipa::path(put, path = "/rooms/{id}/soundtrack", tag = "rooms", operation_id = "setSoundtrack",
    params(("id" = RoomId, Path, description = "The room.")), request_body = NewSoundtrack, responses(
    (status = 204, description = "So it is."),
    (status = 403, description = "The room is somebody else's; or `suspended`."),
    (status = 404, description = "`room-gone`: there is no such room."),
    (status = 422, description = "There is no such playlist for the host, or no song in it."),
), security(("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    ActiveUser(me): ActiveUser,
    Segment(id): Segment<String>,
    Body(body): Body<NewSoundtrack>,
) -> Result<StatusCode, ApiError> {
    let RoomRow { id, .. } = rooms.own(&id, me.id).await?;
    let list = match body.playlist_id {
        None => None,
        Some(playlist) => {
            let list = list::heard(&rooms.state.store, playlist, me.id).await?;
            let list = list.ok_or_else(|| ApiError::field("/playlist_id", "There is no such playlist."))?;
            if list.songs.is_empty() {
                return Err(ApiError::field("/playlist_id", "There is no song in this playlist."));
            }
            Some(list)
        }
    };
    rooms.attach(id, list).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// This moment.
pub(super) fn now() -> Moment {
    Moment { instant: clock::now(), at: Timestamp::now() }
}

impl Rooms {
    /// Writes the row and has the room play it, both or neither: in one turn, so that of two at once the later is in the row
    /// and plays, and in a task of its own, which goes on when whoever asked hangs up.
    async fn attach(&self, room: RoomId, list: Option<Listed>) -> Result<(), ApiError> {
        let rooms = self.clone();
        let both = self.state.tasks.spawn(async move {
            let _turn = rooms.shared.soundtracks.of(room).await;
            let playlist = list.as_ref().map(|list| list.playlist);
            sqlx::query(SET).bind(room).bind(playlist).execute(rooms.state.store.write()).await?;
            rooms.play(room, list);
            Ok::<(), sqlx::Error>(())
        });
        both.await.map_err(|_| ApiError::Internal)??;
        Ok(())
    }

    /// The row says so now: whoever is inside hears of it.
    fn play(&self, room: RoomId, list: Option<Listed>) {
        let mut live = self.live();
        let same = live.soundtrack(room).zip(list.as_ref()).is_some_and(|(now, list)| now.playlist() == list.playlist);
        if !same {
            live.set_soundtrack(room, list.and_then(|list| Playing::at_start(list, now())));
        }
        drop(live);
        self.soundtrack_changed();
    }

    /// Somebody has come into a room where nothing is known to play: what its row has is there again, silent.
    pub async fn restore_soundtrack(&self, room: RoomId) {
        let wanting = |live: &Live| live.room(room).is_some() && live.soundtrack(room).is_none();
        if !wanting(&self.live()) {
            return;
        }
        let _turn = self.shared.soundtracks.of(room).await;
        let list = match list::attached(&self.state.store, room).await {
            Ok(Some(list)) => list,
            Ok(None) => return,
            Err(error) => return tracing::warn!(%error, %room, "the soundtrack of a room cannot be read"),
        };
        let mut live = self.live();
        if wanting(&live) {
            live.set_soundtrack(room, Playing::at_start(list, now()));
        }
    }
}
