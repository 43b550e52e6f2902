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
use super::tags::{TagsOf, carrying};
use crate::base::id::{RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::store::StoreError;
use crate::store::hundred::{AT_ONCE, filled, hundred};
use crate::tags::name::TagName;
use crate::users::MaybeUser;
use crate::users::card::Card;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// Which rooms to list.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WhichRooms {
    /// One's own, whether or not anybody is inside; otherwise those where somebody is.
    #[serde(default)]
    mine: bool,
    /// Only those with this tag. No room has a tag that is none.
    #[param(max_length = 30, example = "rain")]
    tag: Option<String>,
}

/// Statements in which one page looks for rooms with a tag, a hundred rooms each.
const STRETCHES: usize = 5;

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

/// Rooms of a host, newest first, without those that were made for ringing one friend: host, tag or
/// an empty text, time, identifier, rows.
pub const MINE: &str = concat!(
    "SELECT ",
    columns!(),
    ", h.id, h.handle, h.nickname, h.avatar FROM rooms r JOIN users h ON h.id = r.host_id \
     WHERE r.host_id = $1 AND r.callee_id IS NULL AND (r.created_at, r.id) < ($3, $4) AND ($2 = '' OR EXISTS (\
     SELECT 1 FROM room_tags x JOIN tags t ON t.id = x.tag_id WHERE x.room_id = r.id AND t.name = $2)) \
     ORDER BY r.created_at DESC, r.id DESC LIMIT $5"
);

/// The rooms with these identifiers.
pub const THESE: &str = concat!(
    "SELECT ",
    columns!(),
    ", h.id, h.handle, h.nickname, h.avatar FROM rooms r JOIN users h ON h.id = r.host_id \
     WHERE h.deletes_at IS NULL AND r.id IN ",
    hundred!()
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
/// fewer rows than asked for while rooms come and go, or few of them have the tag, and still have a next one.
#[utoipa::path(get, path = "/rooms", tag = "rooms", operation_id = "listRooms", params(WhichRooms, Paging), responses(
    (status = 200, description = "The rooms.", body = Page<ShownRoom>),
    (status = 401, description = "`login-needed`: a guest has no rooms of their own."),
), security((), ("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    MaybeUser(user): MaybeUser,
    Query(WhichRooms { mine, tag }): Query<WhichRooms>,
    paging: Paging,
) -> Result<Response, ApiError> {
    let user = user.map(|user| user.id);
    if mine && user.is_none() {
        return Err(ApiError::Unauthorized(Code::LoginNeeded));
    }
    let name = tag.as_deref().map(TagName::new);
    let page = match (name, user.filter(|_| mine)) {
        (Some(None), _) => Page { items: Vec::new(), next_cursor: None },
        (tag, Some(user)) => own(&rooms, user, tag.flatten(), &paging).await?,
        (tag, None) => live(&rooms, user, tag.flatten(), &paging).await?,
    };
    Ok((never_stored(), Json(page)).into_response())
}

async fn own(
    rooms: &Rooms,
    user: UserId,
    tag: Option<TagName>,
    paging: &Paging,
) -> Result<Page<ShownRoom>, StoreError> {
    let list = sqlx::query_as(MINE).bind(user).bind(tag.as_ref().map(TagName::as_str).unwrap_or_default());
    let place = |listed: &Listed| Cursor::new(listed.room.created_at, listed.room.id);
    let page = paging.newest_first(list, rooms.state.store.read(), place).await?;
    let mut tags = tags(rooms, &page.items).await?;
    let live = rooms.live();
    Ok(page.map(|Listed { room, host }| {
        let (company, tags) = (Company::of(&live, room.id), tags.take(room.id));
        ShownRoom::new(room, tags, host, company, true, None)
    }))
}

async fn tags(rooms: &Rooms, listed: &[Listed]) -> Result<TagsOf, StoreError> {
    let ids: Vec<RoomId> = listed.iter().map(|listed| listed.room.id).collect();
    TagsOf::load(&rooms.state.store, &ids).await
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

/// Where a room stands in the list of those that are live.
type Spot = (Timestamp, RoomId);

async fn live(
    rooms: &Rooms,
    user: Option<UserId>,
    tag: Option<TagName>,
    paging: &Paging,
) -> Result<Page<ShownRoom>, StoreError> {
    let viewer = Viewer::load(rooms, user).await?;
    let (at, before) = paging.before();
    let mut spots: Vec<Spot> = {
        let live = rooms.live();
        let seen = live.rooms().filter(|(id, inside)| viewer.sees(*id, inside));
        let spots = seen.map(|(id, inside)| (inside.since(), id));
        spots.filter(|(since, id)| (since.millis(), id.to_string().as_str()) < (at, before)).collect()
    };
    spots.sort_unstable_by(|one, other| other.cmp(one));
    let (spots, next) = cut(rooms, spots, tag, paging.limit as usize).await?;
    let mut rows = these(rooms, &spots).await?;
    let mut tags = tags(rooms, &rows).await?;
    let live = rooms.live();
    let mut items = Vec::with_capacity(spots.len());
    for (_, id) in &spots {
        let Some(index) = rows.iter().position(|row| row.room.id == *id) else { continue };
        let Listed { room, host } = rows.swap_remove(index);
        // The row has the last word on who is shown it: nobody but its host, where one friend is rung. And the last one
        // inside may have left by now.
        let rung = room.callee.is_some() && room.host != user;
        let listed = !rung && viewer.listed(room.host, room.visibility, room.guests);
        if listed && live.room(*id).is_some_and(|inside| viewer.sees(*id, inside)) {
            let yours = room.host == user;
            items.push(ShownRoom::new(room, tags.take(*id), host, Company::of(&live, *id), yours, None));
        }
    }
    let next_cursor = next.map(|(since, id)| Cursor::new(since, id).to_text());
    Ok(Page { items, next_cursor })
}

/// The spots of one page, with the tag if there is one, and after which the next page goes on.
async fn cut(
    rooms: &Rooms,
    mut spots: Vec<Spot>,
    tag: Option<TagName>,
    most: usize,
) -> Result<(Vec<Spot>, Option<Spot>), StoreError> {
    let Some(tag) = tag else {
        let more = spots.len() > most;
        spots.truncate(most);
        let next = spots.last().copied().filter(|_| more);
        return Ok((spots, next));
    };
    let mut found: Vec<Spot> = Vec::new();
    for stretch in spots.chunks(AT_ONCE).take(STRETCHES) {
        let ids: Vec<RoomId> = stretch.iter().map(|(_, id)| *id).collect();
        let carry = carrying(&rooms.state.store, &ids, &tag).await?;
        found.extend(stretch.iter().filter(|(_, id)| carry.contains(id)));
        if found.len() > most {
            found.truncate(most);
            let next = found.last().copied();
            return Ok((found, next));
        }
    }
    let looked_at = STRETCHES * AT_ONCE;
    let next = if spots.len() > looked_at { spots.get(looked_at - 1).copied() } else { None };
    Ok((found, next))
}

async fn these(rooms: &Rooms, spots: &[Spot]) -> Result<Vec<Listed>, StoreError> {
    if spots.is_empty() {
        return Ok(Vec::new());
    }
    let query = filled(spots.iter().map(|(_, id)| id)).fold(sqlx::query_as(THESE), |query, id| query.bind(id));
    Ok(query.fetch_all(rooms.state.store.read()).await?)
}
