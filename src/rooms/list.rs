//! `GET /rooms`: the rooms that are live now and listed to whoever asks, or one's own.

use std::collections::HashSet;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sqlx::FromRow;
use sqlx::any::AnyRow;
use utoipa::IntoParams;

use super::Rooms;
use super::api::never_stored;
use super::room::Room;
use super::row::{RoomRow, Visibility, columns};
use super::shown::{Company, ShownRoom};
use crate::base::id::{RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::store::StoreError;
use crate::users::MaybeUser;
use crate::users::card::Card;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, MOST, Page, Paging};

/// Which rooms to list.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WhichRooms {
    /// One's own, whether or not anybody is inside; otherwise those where somebody is.
    #[serde(default)]
    mine: bool,
}

/// A room and its host.
struct Listed {
    room: RoomRow,
    host: Option<Card>,
}

impl<'r> FromRow<'r, AnyRow> for Listed {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let room = RoomRow::from_row(row)?;
        let host = room.host.map(|_| Card::from_row(row)).transpose()?;
        Ok(Self { room, host })
    }
}

/// Rooms of a host, newest first, without those that were made for ringing one friend: host, time, identifier, rows.
pub const MINE: &str = concat!(
    "SELECT ",
    columns!(),
    ", h.id, h.handle, h.nickname, h.avatar FROM rooms r JOIN users h ON h.id = r.host_id \
     WHERE r.host_id = $1 AND r.callee_id IS NULL AND (r.created_at, r.id) < ($2, $3) ORDER BY r.created_at DESC, r.id DESC LIMIT $4"
);

/// The rooms with these identifiers, a page of them at most; the rest of the places is filled with empty texts.
pub const THESE: &str = concat!(
    "SELECT ",
    columns!(),
    ", h.id, h.handle, h.nickname, h.avatar FROM rooms r JOIN users h ON h.id = r.host_id \
     WHERE h.deletes_at IS NULL AND r.id IN (\
     $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
     $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, \
     $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, \
     $61, $62, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72, $73, $74, $75, $76, $77, $78, $79, $80, \
     $81, $82, $83, $84, $85, $86, $87, $88, $89, $90, $91, $92, $93, $94, $95, $96, $97, $98, $99, $100, $101)"
);

/// Whoever `$1` has blocked, and whoever has blocked them.
pub const APART: &str = "SELECT blocked_id AS id FROM blocks WHERE blocker_id = $1 \
                         UNION ALL SELECT blocker_id AS id FROM blocks WHERE blocked_id = $1";

/// The friends of `$1`.
pub const FRIENDS: &str = "SELECT high_id AS id FROM friendships WHERE low_id = $1 \
                           UNION ALL SELECT low_id AS id FROM friendships WHERE high_id = $1";

/// Rooms that `$1` is banned from.
pub const BARRED: &str = "SELECT room_id FROM room_members WHERE user_id = $1 AND standing = 'banned'";

/// List rooms
///
/// Where somebody is inside now, the latest to begin first: open rooms, one's friends' rooms for friends, and one's own.
/// With `mine`, one's own, newest first. A page takes the same few queries however many rooms there are; it may have
/// fewer rows than asked for while rooms come and go.
#[utoipa::path(get, path = "/rooms", tag = "rooms", operation_id = "listRooms", params(WhichRooms, Paging), responses(
    (status = 200, description = "The rooms.", body = Page<ShownRoom>),
    (status = 401, description = "`login-needed`: a guest has no rooms of their own."),
), security((), ("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    MaybeUser(user): MaybeUser,
    Query(WhichRooms { mine }): Query<WhichRooms>,
    paging: Paging,
) -> Result<Response, ApiError> {
    let user = user.map(|user| user.id);
    let page = match (mine, user) {
        (true, None) => return Err(ApiError::Unauthorized(Code::LoginNeeded)),
        (true, Some(user)) => own(&rooms, user, &paging).await?,
        (false, user) => live(&rooms, user, &paging).await?,
    };
    Ok((never_stored(), Json(page)).into_response())
}

async fn own(rooms: &Rooms, user: UserId, paging: &Paging) -> Result<Page<ShownRoom>, StoreError> {
    let (at, id) = paging.before();
    let rows: Vec<Listed> = sqlx::query_as(MINE)
        .bind(user)
        .bind(at)
        .bind(id)
        .bind(paging.rows())
        .fetch_all(rooms.state.store.read())
        .await?;
    let live = rooms.live();
    let shown = |Listed { room, host }: Listed| {
        let company = Company::of(&live, room.id);
        ShownRoom::new(room, host, company, true, None)
    };
    let shown = rows.into_iter().map(shown).collect();
    Ok(paging.page(shown, |room: &ShownRoom| Cursor { at: room.created_at, id: room.id.to_string() }))
}

/// What a viewer is to others, as far as a list of rooms goes.
#[derive(Default)]
struct Viewer {
    user: Option<UserId>,
    friends: HashSet<UserId>,
    apart: HashSet<UserId>,
    barred: HashSet<RoomId>,
}

impl Viewer {
    async fn load(rooms: &Rooms, user: Option<UserId>) -> Result<Self, StoreError> {
        let Some(id) = user else { return Ok(Self::default()) };
        let read = rooms.state.store.read();
        let friends: Vec<UserId> = sqlx::query_scalar(FRIENDS).bind(id).fetch_all(read).await?;
        let apart: Vec<UserId> = sqlx::query_scalar(APART).bind(id).fetch_all(read).await?;
        let barred: Vec<RoomId> = sqlx::query_scalar(BARRED).bind(id).fetch_all(read).await?;
        let (friends, apart, barred) =
            (friends.into_iter().collect(), apart.into_iter().collect(), barred.into_iter().collect());
        Ok(Self { user, friends, apart, barred })
    }

    /// Whether a room of this host is listed to them.
    fn listed(&self, host: Option<UserId>, visibility: Visibility, guests: bool) -> bool {
        // Nobody's room is listed when nobody answers for it.
        let Some(host) = host else { return false };
        if self.user == Some(host) {
            return true;
        }
        match visibility {
            Visibility::Open => self.user.is_some() || guests,
            Visibility::Friends => self.friends.contains(&host),
            Visibility::Link | Visibility::Invite => false,
        }
    }

    /// The same of a room with people inside, among whom is nobody from whom a block keeps them.
    fn sees(&self, id: RoomId, inside: &Room) -> bool {
        let setting = inside.setting();
        let accounts = || inside.seats().iter().filter_map(|seat| Some(seat.member.as_ref()?.person.id));
        self.listed(setting.host, setting.visibility, setting.guests)
            && !self.barred.contains(&id)
            && !accounts().chain(setting.host).any(|user| self.apart.contains(&user))
    }
}

async fn live(rooms: &Rooms, user: Option<UserId>, paging: &Paging) -> Result<Page<ShownRoom>, StoreError> {
    let viewer = Viewer::load(rooms, user).await?;
    let (at, before) = paging.before();
    let mut places: Vec<(Timestamp, RoomId)> = {
        let live = rooms.live();
        let seen = live.rooms().filter(|(id, inside)| viewer.sees(*id, inside));
        let places = seen.map(|(id, inside)| (inside.since(), id));
        places.filter(|(since, id)| (since.millis(), id.to_string().as_str()) < (at, before)).collect()
    };
    places.sort_unstable_by(|one, other| other.cmp(one));
    places.truncate(paging.limit as usize + 1);
    let more = places.len() > paging.limit as usize;
    places.truncate(paging.limit as usize);
    let mut rows = these(rooms, &places).await?;
    let live = rooms.live();
    let mut items = Vec::with_capacity(places.len());
    for (_, id) in &places {
        let Some(index) = rows.iter().position(|row| row.room.id == *id) else { continue };
        let Listed { room, host } = rows.swap_remove(index);
        // The row has the last word on who is shown it; and the last one inside may have left by now.
        let listed = viewer.listed(room.host, room.visibility, room.guests);
        if listed && live.room(*id).is_some_and(|inside| viewer.sees(*id, inside)) {
            let yours = room.host == user;
            items.push(ShownRoom::new(room, host, Company::of(&live, *id), yours, None));
        }
    }
    let last = places.last().filter(|_| more);
    let next_cursor = last.map(|(since, id)| Cursor { at: *since, id: id.to_string() }.to_text());
    Ok(Page { items, next_cursor })
}

async fn these(rooms: &Rooms, places: &[(Timestamp, RoomId)]) -> Result<Vec<Listed>, StoreError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = sqlx::query_as(THESE);
    for place in 0..=MOST as usize {
        query = query.bind(places.get(place).map(|(_, id)| id.to_string()).unwrap_or_default());
    }
    Ok(query.fetch_all(rooms.state.store.read()).await?)
}
