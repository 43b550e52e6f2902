//! `POST /admin/users/{user}/actions`: what staff do to somebody, or to something of theirs.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use utoipa::ToSchema;

use super::audit::{self, Act, Action};
use super::report::note;
use super::staff::Staff;
use super::takedown;
use crate::base::id::{CommentId, MessageId, PlaylistId, PostId, RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::Parting;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::social::target;
use crate::store::StoreError;
use crate::users::{CurrentUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Longest suspension, in days: ten years.
pub const LONGEST: u32 = 3650;
/// One day.
const DAY: Duration = Duration::from_secs(86_400);

/// Body of `POST /admin/users/{user}/actions`. What it names is of the person in the address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum NewAct {
    /// Let them look only, which ends their calls. Again: from now on, for so long.
    Suspend {
        /// For how many days from now.
        #[schema(minimum = 1, maximum = 3650, examples(7))]
        days: u32,
        /// Why, for the audit log.
        #[serde(default)]
        #[schema(max_length = 500)]
        note: String,
    },
    /// Let them write again.
    Unsuspend {
        /// Why, for the audit log.
        #[serde(default)]
        #[schema(max_length = 500)]
        note: String,
    },
    /// Hide a post from everybody; its author cannot bring it back.
    HidePost {
        /// The post.
        id: PostId,
        /// Why, for the audit log.
        #[serde(default)]
        #[schema(max_length = 500)]
        note: String,
    },
    /// Show a post that was hidden.
    ShowPost {
        /// The post.
        id: PostId,
        /// Why, for the audit log.
        #[serde(default)]
        #[schema(max_length = 500)]
        note: String,
    },
    /// Hide a playlist from everybody; its owner cannot bring it back.
    HidePlaylist {
        /// The playlist.
        id: PlaylistId,
        /// Why, for the audit log.
        #[serde(default)]
        #[schema(max_length = 500)]
        note: String,
    },
    /// Show a playlist that was hidden.
    ShowPlaylist {
        /// The playlist.
        id: PlaylistId,
        /// Why, for the audit log.
        #[serde(default)]
        #[schema(max_length = 500)]
        note: String,
    },
    /// Delete a comment.
    RemoveComment {
        /// The comment.
        id: CommentId,
        /// Why, for the audit log.
        #[serde(default)]
        #[schema(max_length = 500)]
        note: String,
    },
    /// Delete a line of chat.
    RemoveMessage {
        /// The line.
        id: MessageId,
        /// Why, for the audit log.
        #[serde(default)]
        #[schema(max_length = 500)]
        note: String,
    },
    /// Delete a room, which ends its call.
    RemoveRoom {
        /// The room.
        id: RoomId,
        /// Why, for the audit log.
        #[serde(default)]
        #[schema(max_length = 500)]
        note: String,
    },
}

impl NewAct {
    fn note(&self) -> &str {
        match self {
            Self::Suspend { note, .. }
            | Self::Unsuspend { note }
            | Self::HidePost { note, .. }
            | Self::ShowPost { note, .. }
            | Self::HidePlaylist { note, .. }
            | Self::ShowPlaylist { note, .. }
            | Self::RemoveComment { note, .. }
            | Self::RemoveMessage { note, .. }
            | Self::RemoveRoom { note, .. } => note,
        }
    }
}

/// Act on somebody
///
/// For staff, on everybody who is not staff; what staff wrote can be taken down all the same. What is suspended, hidden or
/// removed is so at once, and stands in the audit log.
#[utoipa::path(post, path = "/admin/users/{user}/actions", tag = "moderation", operation_id = "actOnUser",
    params(("user" = String, Path, description = "Identifier or handle.")),
    request_body = NewAct,
    responses(
        (status = 201, description = "It is done.", body = Act),
        (status = 403, description = "They are staff."),
        (status = 404, description = "Nobody of that name, or nothing of theirs; or whoever asks is not staff."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    State(rooms): State<Rooms>,
    Staff(me): Staff,
    Segment(user): Segment<String>,
    Body(act): Body<NewAct>,
) -> Result<(StatusCode, Json<Act>), ApiError> {
    let store = &users.state.store;
    let whom = target::named(store, &user).await?;
    let note = note(act.note())?;
    let now = Timestamp::now();
    let act = match act {
        NewAct::Suspend { days, .. } => {
            if !(1..=LONGEST).contains(&days) {
                return Err(ApiError::field("/days", format!("A suspension is for 1 to {LONGEST} days.")));
            }
            suspend(&users, me, whom, Some(now.after(DAY * days)), &note, now).await?
        }
        NewAct::Unsuspend { .. } => suspend(&users, me, whom, None, &note, now).await?,
        NewAct::HidePost { id, .. } => takedown::post(store, me.id, whom, id, true, &note, now).await?,
        NewAct::ShowPost { id, .. } => takedown::post(store, me.id, whom, id, false, &note, now).await?,
        NewAct::HidePlaylist { id, .. } => takedown::playlist(store, me.id, whom, id, true, &note, now).await?,
        NewAct::ShowPlaylist { id, .. } => takedown::playlist(store, me.id, whom, id, false, &note, now).await?,
        NewAct::RemoveComment { id, .. } => takedown::comment(store, me.id, whom, id, &note, now).await?,
        NewAct::RemoveMessage { id, .. } => takedown::message(&rooms, me.id, Some(whom), id, &note, now).await?,
        NewAct::RemoveRoom { id, .. } => takedown::room(&rooms, me.id, Some(whom), id, &note, now).await?,
    };
    Ok((StatusCode::CREATED, Json(act)))
}

/// The end of a suspension, or none; of somebody who is not staff: person, end.
pub const SUSPEND: &str = "UPDATE users SET suspended_until = $2 WHERE id = $1 AND is_staff = 0";

async fn suspend(
    users: &Users,
    me: CurrentUser,
    whom: UserId,
    until: Option<Timestamp>,
    note: &str,
    now: Timestamp,
) -> Result<Act, ApiError> {
    let mut transaction = users.state.store.begin().await?;
    let done = sqlx::query(SUSPEND).bind(whom).bind(until).execute(&mut *transaction).await?.rows_affected();
    if done == 0 {
        return Err(ApiError::Forbidden(Code::Forbidden));
    }
    let action = if until.is_some() { Action::Suspend } else { Action::Unsuspend };
    let act = written(&mut transaction, me.id, action, &whom.to_string(), note, now).await?;
    transaction.commit().await?;
    users.live.forget_all(whom).await?;
    if until.is_some() {
        users.state.partings.announce(Parting::Suspended(whom));
    }
    tracing::info!(user = %whom, action = action.as_str(), "staff acted on somebody");
    Ok(act)
}

/// Writes an act down, as the answer shows it.
pub(super) async fn written(
    transaction: &mut AnyConnection,
    me: UserId,
    action: Action,
    subject: &str,
    note: &str,
    now: Timestamp,
) -> Result<Act, StoreError> {
    let id = audit::record(transaction, Some(me), action, subject, note, now).await?;
    Ok(sqlx::query_as(audit::ONE).bind(id).fetch_one(transaction).await?)
}
