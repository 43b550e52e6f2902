//! `GET /users/{id|handle}`: what others see of a person.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use utoipa::ToSchema;

pub use super::card::{Card, picture_url};
use super::genre::{self, Genre};
use super::me::PlaylistTitle;
use super::{MaybeUser, Users};
use crate::base::id::{PlaylistId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// What others see of a person. Their address is not part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    /// The person.
    pub id: UserId,
    /// Their handle: lower-case letters, digits and `_`; unique.
    #[schema(examples("ada"))]
    pub handle: String,
    /// The name that is shown.
    #[schema(examples("Ada"))]
    pub nickname: String,
    /// What they say about themselves.
    pub about: String,
    /// What they like to hear.
    pub genres: Vec<Genre>,
    /// Address of their picture, from the root of this server.
    #[schema(examples("/api/v1/pictures/5kq0p1yj3c2v8m6n4b7x9z0aqw.webp"))]
    pub avatar: Option<String>,
    /// The playlist that they show; none for others while it is private.
    pub representative_playlist: Option<PlaylistTitle>,
    /// How many people they are in touch with.
    pub counts: ProfileCounts,
    /// How they and the viewer stand; none for oneself and without a log-in.
    pub relation: Option<Relation>,
    /// When they signed up.
    pub created_at: Timestamp,
}

/// How many people somebody is in touch with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfileCounts {
    /// Who follow them.
    #[schema(minimum = 0)]
    pub followers: i64,
    /// Whom they follow.
    #[schema(minimum = 0)]
    pub following: i64,
    /// Their friends.
    #[schema(minimum = 0)]
    pub friends: i64,
}

/// How the person and the viewer stand. There is no word for a block: whoever blocked or is blocked sees no profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Relation {
    /// The viewer follows them.
    pub following: bool,
    /// They follow the viewer.
    pub followed_by: bool,
    /// The two are friends.
    pub friends: bool,
    /// Whether one has asked the other for friendship.
    pub request: OpenRequest,
}

/// A request for friendship that nobody has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OpenRequest {
    /// There is none.
    None,
    /// The viewer asked.
    Sent,
    /// They asked the viewer.
    Received,
}

/// `$1` is an identifier or a handle, which cannot be mistaken for each other: only the one has hyphens. `$2` is the
/// viewer, or null.
const PROFILE: &str = "\
    SELECT u.id, u.handle, u.nickname, u.about, u.genres, u.avatar, u.follower_count, u.following_count, \
        u.friend_count, u.created_at, p.id AS playlist_id, p.title AS playlist_title, \
        CASE WHEN EXISTS (SELECT 1 FROM follows WHERE follower_id = $2 AND followee_id = u.id) \
            THEN 1 ELSE 0 END AS following, \
        CASE WHEN EXISTS (SELECT 1 FROM follows WHERE follower_id = u.id AND followee_id = $2) \
            THEN 1 ELSE 0 END AS followed_by, \
        CASE WHEN EXISTS (SELECT 1 FROM friendships WHERE (low_id = $2 AND high_id = u.id) \
            OR (low_id = u.id AND high_id = $2)) THEN 1 ELSE 0 END AS friends, \
        (SELECT r.from_id FROM friend_requests r WHERE r.status = 'pending' \
            AND ((r.low_id = $2 AND r.high_id = u.id) OR (r.low_id = u.id AND r.high_id = $2))) AS asked_by \
    FROM users u \
    LEFT JOIN playlists p ON p.id = u.representative_playlist_id AND p.deleted_at IS NULL \
        AND (p.is_public = 1 OR p.owner_id = $2) \
    WHERE (u.id = $1 OR u.handle = $1) AND u.deletes_at IS NULL \
        AND NOT EXISTS (SELECT 1 FROM blocks WHERE (blocker_id = u.id AND blocked_id = $2) \
            OR (blocker_id = $2 AND blocked_id = u.id))";

/// Fetch the profile of a person
///
/// By identifier or handle.
///
/// # Errors
/// 404 for somebody who is not here, has left, or is divided from the viewer by a block: nobody can tell which.
#[utoipa::path(
    get, path = "/users/{user}", tag = "users", operation_id = "fetchUser",
    params(("user" = String, Path, description = "Identifier or handle", min_length = 1, example = "ada")),
    responses(
        (status = 200, description = "The profile", body = Profile),
        (status = 404, description = "Nobody of that name, or nobody that the viewer may see"),
    ),
    security((), ("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    MaybeUser(viewer): MaybeUser,
    Segment(user): Segment<String>,
) -> Result<Json<Profile>, ApiError> {
    // What is neither an identifier nor a handle names nobody, and PostgreSQL takes no NUL.
    if user.len() > 64 || !user.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Err(ApiError::NotFound(Code::NotFound));
    }
    let viewer = viewer.map(|viewer| viewer.id);
    let row = sqlx::query(PROFILE)
        .bind(user.to_ascii_lowercase())
        .bind(viewer)
        .fetch_optional(users.state.store.read())
        .await?
        .ok_or(ApiError::NotFound(Code::NotFound))?;
    Ok(Json(read(&row, viewer)?))
}

fn read(row: &AnyRow, viewer: Option<UserId>) -> Result<Profile, sqlx::Error> {
    let Card { id, handle, nickname, avatar } = sqlx::FromRow::from_row(row)?;
    let playlist: Option<PlaylistId> = row.try_get("playlist_id")?;
    let title: Option<String> = row.try_get("playlist_title")?;
    Ok(Profile {
        id,
        handle,
        nickname,
        about: row.try_get("about")?,
        genres: genre::from_row(&row.try_get::<String, _>("genres")?),
        avatar,
        representative_playlist: playlist.zip(title).map(|(id, title)| PlaylistTitle { id, title }),
        counts: ProfileCounts {
            followers: row.try_get("follower_count")?,
            following: row.try_get("following_count")?,
            friends: row.try_get("friend_count")?,
        },
        relation: match viewer {
            Some(viewer) if viewer != id => Some(relation(row, viewer)?),
            _ => None,
        },
        created_at: row.try_get("created_at")?,
    })
}

fn relation(row: &AnyRow, viewer: UserId) -> Result<Relation, sqlx::Error> {
    let holds = |column| row.try_get::<i32, _>(column).map(|truth| truth != 0);
    Ok(Relation {
        following: holds("following")?,
        followed_by: holds("followed_by")?,
        friends: holds("friends")?,
        request: match row.try_get::<Option<UserId>, _>("asked_by")? {
            None => OpenRequest::None,
            Some(from) if from == viewer => OpenRequest::Sent,
            Some(_) => OpenRequest::Received,
        },
    })
}
