//! A still that somebody owns, as its owner and those who are in it see it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row as _};
use utoipa::ToSchema;

use super::files;
use crate::base::clock;
use crate::base::id::{ParticipantId, RoomId, StillId, UserId};
use crate::base::timestamp::Timestamp;
use crate::rooms::Rooms;
use crate::store::StoreError;
use crate::users::card::Card;

/// Whether somebody agrees that a still is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StillConsent {
    /// They have not answered. A guest never can.
    Pending,
    /// They agree.
    Given,
    /// They do not.
    Refused,
}

impl StillConsent {
    /// As it stands in a row.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Given => "given",
            Self::Refused => "refused",
        }
    }

    fn of(text: &str) -> Option<Self> {
        [Self::Pending, Self::Given, Self::Refused].into_iter().find(|one| one.as_str() == text)
    }
}

/// Somebody whose camera is in a still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StillPerson {
    /// Who they are; none for a guest, and for somebody who is not to be seen.
    pub user: Option<Card>,
    /// What they were called then.
    #[schema(examples("Ada"))]
    pub name: String,
    /// Whether they agree that it is published.
    pub consent: StillConsent,
    /// When they said so.
    pub answered_at: Option<Timestamp>,
}

/// A still that somebody owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Still {
    /// The still.
    pub id: StillId,
    /// Who took it; none when they are not to be seen.
    pub owner: Option<Card>,
    /// Whether one took it oneself.
    pub mine: bool,
    /// Whether one agrees that it is published; none when one is not in it.
    pub consent: Option<StillConsent>,
    /// Where it was taken; none when that room is gone.
    pub room: Option<RoomId>,
    /// What the room was called then.
    #[schema(examples("Tea at five"))]
    pub room_title: String,
    /// In pixels.
    #[schema(minimum = 1, examples(1280))]
    pub width: i64,
    /// In pixels.
    #[schema(minimum = 1, examples(480))]
    pub height: i64,
    /// Signed address of the PNG. It works for a few minutes.
    pub png: String,
    /// Signed address of the WebP. It works for a few minutes.
    pub webp: String,
    /// When it was taken.
    pub created_at: Timestamp,
    /// Whose cameras are in it.
    pub people: Vec<StillPerson>,
    /// Whether everybody who is in it agrees that it is published; its owner agrees by publishing it.
    pub postable: bool,
}

/// What is shown of `s`, with its owner, if the viewer `$1` may see them.
macro_rules! shown {
    () => {
        "s.id AS still_id, s.owner_id, s.room_id, s.room_title, s.width, s.height, s.created_at, \
         u.id, u.handle, u.nickname, u.avatar FROM stills s \
         LEFT JOIN users u ON u.id = s.owner_id AND u.deletes_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $1 AND b.blocked_id = u.id) \
         AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $1)"
    };
}

/// What is shown of `p`, somebody in a still, if the viewer `$1` may see them.
macro_rules! sitter {
    () => {
        "p.still_id, p.participant_id, p.user_id, p.name, p.consent, p.answered_at, \
         u.id, u.handle, u.nickname, u.avatar"
    };
}

/// The account of `p`, if the viewer `$1` may see it.
macro_rules! account {
    () => {
        " LEFT JOIN users u ON u.id = p.user_id AND u.deletes_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $1 AND b.blocked_id = u.id) \
         AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $1)"
    };
}
pub(super) use {account, shown, sitter};

/// One: viewer, identifier. For its owner and whoever is in it.
pub const ONE: &str = concat!(
    "SELECT ",
    shown!(),
    " WHERE s.id = $2 AND (s.owner_id = $1 \
     OR EXISTS (SELECT 1 FROM still_people q WHERE q.still_id = s.id AND q.user_id = $1))"
);

/// Who is in one: viewer, still.
pub const PEOPLE: &str = concat!(
    "SELECT ",
    sitter!(),
    " FROM still_people p",
    account!(),
    " WHERE p.still_id = $2 ORDER BY p.participant_id"
);

/// A row of `stills`.
pub(super) struct StillRow {
    pub id: StillId,
    pub created_at: Timestamp,
    owner_id: UserId,
    owner: Option<Card>,
    room: Option<RoomId>,
    room_title: String,
    width: i64,
    height: i64,
}

impl<'r> FromRow<'r, AnyRow> for StillRow {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("still_id")?,
            created_at: row.try_get("created_at")?,
            owner_id: row.try_get("owner_id")?,
            owner: card(row)?,
            room: row.try_get("room_id")?,
            room_title: row.try_get("room_title")?,
            width: row.try_get("width")?,
            height: row.try_get("height")?,
        })
    }
}

/// A row of `still_people`.
pub(super) struct SitterRow {
    still: StillId,
    participant: ParticipantId,
    user: Option<UserId>,
    shown: StillPerson,
}

impl<'r> FromRow<'r, AnyRow> for SitterRow {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let consent: String = row.try_get("consent")?;
        let consent = StillConsent::of(&consent)
            .ok_or_else(|| sqlx::Error::Decode(format!("no such consent: {consent}").into()))?;
        let (name, answered_at) = (row.try_get("name")?, row.try_get("answered_at")?);
        Ok(Self {
            still: row.try_get("still_id")?,
            participant: row.try_get("participant_id")?,
            user: row.try_get("user_id")?,
            shown: StillPerson { user: card(row)?, name, consent, answered_at },
        })
    }
}

fn card(row: &AnyRow) -> Result<Option<Card>, sqlx::Error> {
    row.try_get::<Option<UserId>, _>("id")?.map(|_| Card::from_row(row)).transpose()
}

impl Rooms {
    /// Rows of stills with those who are in them, as `viewer` sees them, with fresh addresses.
    pub(super) fn stills_shown(&self, viewer: UserId, rows: Vec<StillRow>, sitters: Vec<SitterRow>) -> Vec<Still> {
        let mut people: HashMap<StillId, Vec<SitterRow>> = HashMap::new();
        for sitter in sitters {
            let those = people.entry(sitter.still).or_default();
            // Somebody who is in it twice may have been read twice.
            if !those.iter().any(|one| one.participant == sitter.participant) {
                those.push(sitter);
            }
        }
        let unix = clock::unix();
        let shown = |row: StillRow| {
            let sitters = people.remove(&row.id).unwrap_or_default();
            let [png, webp] = files(row.id).ok()?.map(|name| self.address(&name, unix));
            let consent = sitters.iter().find(|one| one.user == Some(viewer)).map(|one| one.shown.consent);
            let StillRow { id, created_at, owner_id, owner, room, room_title, width, height } = row;
            Some(Still {
                id,
                owner,
                mine: owner_id == viewer,
                consent,
                room,
                room_title,
                width,
                height,
                png,
                webp,
                created_at,
                postable: sitters
                    .iter()
                    .all(|one| one.user == Some(owner_id) || one.shown.consent == StillConsent::Given),
                people: sitters.into_iter().map(|sitter| sitter.shown).collect(),
            })
        };
        rows.into_iter().filter_map(shown).collect()
    }

    /// A still that `viewer` took or is in.
    ///
    /// # Errors
    /// The database does not answer.
    pub(super) async fn still(
        &self,
        connection: &mut AnyConnection,
        viewer: UserId,
        still: StillId,
    ) -> Result<Option<Still>, StoreError> {
        let row: Option<StillRow> =
            sqlx::query_as(ONE).bind(viewer).bind(still).fetch_optional(&mut *connection).await?;
        let Some(row) = row else { return Ok(None) };
        let sitters = sqlx::query_as(PEOPLE).bind(viewer).bind(still).fetch_all(connection).await?;
        Ok(self.stills_shown(viewer, vec![row], sitters).pop())
    }
}
