//! `GET /admin/audit-log`, and the one statement that writes to it. Nothing changes or deletes a row.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row as _};
use utoipa::ToSchema;

use super::case::card;
use super::staff::Staff;
use crate::base::id::{ActId, UserId};
use crate::base::timestamp::Timestamp;
use crate::state::AppState;
use crate::store::StoreError;
use crate::users::card::Card;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal on $subject:literal),* $(,)?) => {
        /// What staff can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Action {
            $($(#[$doc])* $name),*
        }

        impl Action {
            /// As it stands in a row.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The kind of thing that it is done to.
            pub const fn subject(self) -> &'static str {
                match self { $(Self::$name => $subject),* }
            }

            /// The action of that name.
            pub fn of(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

actions! {
    /// Let somebody look only, for a while.
    Suspend = "suspend" on "user",
    /// Let them write again.
    Unsuspend = "unsuspend" on "user",
    /// Hide a post from everybody.
    HidePost = "hide-post" on "post",
    /// Show it again.
    ShowPost = "show-post" on "post",
    /// Hide a playlist from everybody.
    HidePlaylist = "hide-playlist" on "playlist",
    /// Show it again.
    ShowPlaylist = "show-playlist" on "playlist",
    /// Delete a comment.
    RemoveComment = "remove-comment" on "comment",
    /// Delete a line of chat.
    RemoveMessage = "remove-message" on "message",
    /// Delete a room.
    RemoveRoom = "remove-room" on "room",
    /// Delete a tag from everything.
    DeleteTag = "delete-tag" on "tag",
    /// Find that a report is right.
    UpholdReport = "uphold-report" on "report",
    /// Find that it is not.
    DismissReport = "dismiss-report" on "report",
    /// Make somebody staff, at the terminal of the server.
    AddStaff = "add-staff" on "user",
    /// Make them staff no more.
    RemoveStaff = "remove-staff" on "user",
}

/// One act of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Act {
    /// The act.
    pub id: ActId,
    /// Who did it; none for the terminal of the server, and when they are gone.
    pub actor: Option<Card>,
    /// What was done.
    pub action: Action,
    /// The kind of thing that it was done to.
    #[schema(examples("post"))]
    pub subject_kind: String,
    /// Its identifier.
    #[schema(examples("01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e"))]
    pub subject_id: String,
    /// Why.
    pub note: String,
    /// When.
    pub created_at: Timestamp,
}

impl<'r> FromRow<'r, AnyRow> for Act {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let action: String = row.try_get("action")?;
        Ok(Self {
            id: row.try_get("act_id")?,
            actor: card(row, ["id", "handle", "nickname", "avatar"])?,
            action: Action::of(&action).ok_or_else(|| sqlx::Error::Decode("no such action".into()))?,
            subject_kind: row.try_get("subject_kind")?,
            subject_id: row.try_get("subject_id")?,
            note: row.try_get("note")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

macro_rules! acts {
    () => {
        "SELECT l.id AS act_id, l.action, l.subject_kind, l.subject_id, l.note, l.created_at, \
         u.id, u.handle, u.nickname, u.avatar FROM audit_log l LEFT JOIN users u ON u.id = l.actor_id "
    };
}

/// Newest first: time, identifier, rows.
pub const NEWEST: &str =
    concat!(acts!(), "WHERE (l.created_at, l.id) < ($1, $2) ORDER BY l.created_at DESC, l.id DESC LIMIT $3");

/// One: identifier.
pub const ONE: &str = concat!(acts!(), "WHERE l.id = $1");

/// Writes down what staff do, in the transaction that does it. `actor` is none for the terminal.
///
/// # Errors
/// The database does not answer.
pub async fn record(
    transaction: &mut AnyConnection,
    actor: Option<UserId>,
    action: Action,
    subject: &str,
    note: &str,
    now: Timestamp,
) -> Result<ActId, StoreError> {
    let id = ActId::new();
    sqlx::query(
        "INSERT INTO audit_log (id, actor_id, action, subject_kind, subject_id, note, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(actor)
    .bind(action.as_str())
    .bind(action.subject())
    .bind(subject)
    .bind(note)
    .bind(now)
    .execute(transaction)
    .await?;
    Ok(id)
}

/// Read the audit log
///
/// For staff: what staff did, newest first.
#[utoipa::path(get, path = "/admin/audit-log", tag = "moderation", operation_id = "readAuditLog", params(Paging),
    responses(
        (status = 200, description = "What staff did.", body = Page<Act>),
        (status = 404, description = "Whoever asks is not staff."),
    ),
    security(("access" = []))
)]
pub async fn list(State(state): State<AppState>, _me: Staff, paging: Paging) -> Result<Json<Page<Act>>, ApiError> {
    let place = |act: &Act| Cursor::new(act.created_at, act.id);
    Ok(Json(paging.newest_first(sqlx::query_as(NEWEST), state.store.read(), place).await?))
}
