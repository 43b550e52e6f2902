//! One's own account as its owner sees it: `GET /me`. Logging in and signing up answer with the same.

pub mod avatar;
pub mod consents;
pub mod edit;
pub mod leave;
pub mod playlist;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use utoipa::ToSchema;

use super::card::picture_url;
use super::consent::{self, Consent};
use super::genre::{self, Genre};
use super::theme::Theme;
use super::{CurrentUser, Users};
use crate::base::id::{PlaylistId, UserId};
use crate::base::language::Language;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::store::{Store, StoreError};
use crate::web::error::ApiError;

/// One's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The person.
    pub id: UserId,
    /// Their handle: lower-case letters, digits and `_`; unique.
    #[schema(examples("ada"))]
    pub handle: String,
    /// The name that is shown.
    #[schema(examples("Ada"))]
    pub nickname: String,
    /// Their address. Nobody else is told.
    #[schema(examples("ada@example.org"))]
    pub email: String,
    /// What they say about themselves.
    pub about: String,
    /// What they like to hear.
    pub genres: Vec<Genre>,
    /// Address of their picture, from the root of this server.
    #[schema(examples("/api/v1/pictures/5kq0p1yj3c2v8m6n4b7x9z0aqw.webp"))]
    pub avatar: Option<String>,
    /// Language of mails and pages.
    pub language: Language,
    /// How the pages look.
    pub theme: Theme,
    /// The playlist that their profile shows.
    pub representative_playlist: Option<PlaylistTitle>,
    /// What they agreed to or withdrew.
    pub consents: Vec<Consent>,
    /// Whether they can log in with a password.
    pub has_password: bool,
    /// The providers that they can log in with.
    pub providers: Vec<LinkedProvider>,
    /// Whether they are staff.
    pub staff: bool,
    /// How much of everything.
    pub counts: MyCounts,
    /// When they signed up.
    pub created_at: Timestamp,
}

/// A playlist by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlaylistTitle {
    /// The playlist.
    pub id: PlaylistId,
    /// Its title.
    pub title: String,
}

/// A provider that somebody can log in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkedProvider {
    /// Its name in the settings.
    #[schema(examples("google"))]
    pub provider: String,
    /// Since when.
    pub linked_at: Timestamp,
}

/// How much of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MyCounts {
    /// Who follow them.
    #[schema(minimum = 0)]
    pub followers: i64,
    /// Whom they follow.
    #[schema(minimum = 0)]
    pub following: i64,
    /// Their friends.
    #[schema(minimum = 0)]
    pub friends: i64,
    /// Notifications that they have not read.
    #[schema(minimum = 0)]
    pub unread_notifications: i64,
}

impl Me {
    /// The account; none when there is none.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(store: &Store, id: UserId) -> Result<Option<Self>, StoreError> {
        let row = sqlx::query(
            "SELECT u.handle, u.nickname, u.email, u.about, u.genres, u.avatar, u.language, u.theme, u.is_staff, \
             CASE WHEN u.password_hash IS NULL THEN 0 ELSE 1 END AS has_password, \
             u.follower_count, u.following_count, u.friend_count, u.unread_count, u.created_at, \
             p.id AS playlist_id, p.title AS playlist_title \
             FROM users u LEFT JOIN playlists p ON p.id = u.representative_playlist_id \
             AND p.deleted_at IS NULL WHERE u.id = $1",
        )
        .bind(id)
        .fetch_optional(store.read())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let providers: Vec<(String, Timestamp)> = sqlx::query_as(
            "SELECT provider, created_at FROM identities WHERE user_id = $1 ORDER BY created_at, provider",
        )
        .bind(id)
        .fetch_all(store.read())
        .await?;
        let playlist: Option<PlaylistId> = row.try_get("playlist_id")?;
        let title: Option<String> = row.try_get("playlist_title")?;
        Ok(Some(Self {
            id,
            handle: row.try_get("handle")?,
            nickname: row.try_get("nickname")?,
            email: row.try_get("email")?,
            about: row.try_get("about")?,
            genres: genre::from_row(&row.try_get::<String, _>("genres")?),
            avatar: row.try_get::<Option<String>, _>("avatar")?.map(|name| picture_url(&name)),
            language: Language::from_tag(&row.try_get::<String, _>("language")?),
            theme: Theme::from_tag(&row.try_get::<String, _>("theme")?),
            representative_playlist: playlist.zip(title).map(|(id, title)| PlaylistTitle { id, title }),
            consents: consent::list(store, id).await?,
            has_password: row.try_get::<i32, _>("has_password")? != 0,
            providers: providers
                .into_iter()
                .map(|(provider, linked_at)| LinkedProvider { provider, linked_at })
                .collect(),
            staff: row.try_get::<i16, _>("is_staff")? != 0,
            counts: MyCounts {
                followers: row.try_get("follower_count")?,
                following: row.try_get("following_count")?,
                friends: row.try_get("friend_count")?,
                unread_notifications: row.try_get("unread_count")?,
            },
            created_at: row.try_get("created_at")?,
        }))
    }
}

/// Fetch one's own account
///
/// # Errors
/// 401.
#[utoipa::path(
    get, path = "/me", tag = "users", operation_id = "fetchMe",
    responses((status = 200, description = "One's own account", body = Me)),
    security(("access" = []))
)]
pub async fn handler(State(users): State<Users>, user: CurrentUser) -> Result<Json<Me>, ApiError> {
    let me = Me::load(&users.state.store, user.id).await?;
    me.map(Json).ok_or(ApiError::Unauthorized(Code::LoginNeeded))
}
