//! Reading playlists: those of a page in one statement, their tags in a second.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::playlist::{Cover, CoverKind, Playlist};
use crate::base::id::{PlaylistId, UserId};
use crate::protocol::code::Code;
use crate::protocol::mood::ClearMood;
use crate::social::sight::playlist_seen;
use crate::store::hundred::{AT_ONCE, filled, hundred};
use crate::store::{Store, StoreError};
use crate::users::card::{Card, picture_url};
use crate::users::genre::Genre;
use crate::web::error::ApiError;
use crate::web::page::Page;

/// What a statement selects of the playlist `p` and its owner `u`, for [`PlaylistRow`]. The argument is the viewer's
/// parameter.
macro_rules! columns {
    ($viewer:literal) => {
        concat!(
            "p.id AS playlist_id, p.title, p.description, p.is_public, p.genre, p.mood, p.cover, p.cover_kind, \
             p.generated_by, p.song_count, p.like_count, p.comment_count, p.heat, p.version, p.created_at, p.edited_at, \
             u.id, u.handle, u.nickname, u.avatar, \
             (SELECT COUNT(*) FROM playlist_likes l WHERE l.playlist_id = p.id AND l.user_id = ",
            $viewer,
            ") AS liked, (SELECT COUNT(*) FROM playlist_bookmarks k WHERE k.playlist_id = p.id AND k.user_id = ",
            $viewer,
            ") AS bookmarked"
        )
    };
}
pub(crate) use columns;

/// What stands behind `playlists p` in such a statement: the owner `u`. There always is one; the outer join keeps SQLite from
/// beginning with the people, which sorts every playlist there is.
macro_rules! joined {
    () => {
        " LEFT JOIN users u ON u.id = p.owner_id "
    };
}
pub(crate) use joined;

/// One playlist, without its tags.
#[derive(Clone, Debug)]
pub struct PlaylistRow {
    /// The playlist, with an empty list of tags.
    pub playlist: Playlist,
    /// What the hot ones are ordered by.
    pub heat: i64,
}

impl<'r> FromRow<'r, AnyRow> for PlaylistRow {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let text = |name: &str| row.try_get::<Option<String>, _>(name);
        let kind = text("cover_kind")?.as_deref().and_then(CoverKind::of);
        let cover = text("cover")?.zip(kind).map(|(file, kind)| Cover { url: picture_url(&file), kind });
        let playlist = Playlist {
            id: row.try_get("playlist_id")?,
            owner: Card::from_row(row)?,
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            is_public: row.try_get::<i16, _>("is_public")? != 0,
            genre: text("genre")?.as_deref().and_then(Genre::of),
            mood: text("mood")?.as_deref().and_then(ClearMood::of),
            tags: Vec::new(),
            cover,
            generated_by: text("generated_by")?,
            song_count: row.try_get("song_count")?,
            like_count: row.try_get("like_count")?,
            comment_count: row.try_get("comment_count")?,
            liked: row.try_get::<i64, _>("liked")? > 0,
            bookmarked: row.try_get::<i64, _>("bookmarked")? > 0,
            is_own: false,
            created_at: row.try_get("created_at")?,
            edited_at: row.try_get("edited_at")?,
            version: row.try_get("version")?,
        };
        Ok(Self { playlist, heat: row.try_get("heat")? })
    }
}

/// Tags of playlists: the playlists.
pub const TAGS: &str = concat!(
    "SELECT x.playlist_id, t.name FROM playlist_tags x JOIN tags t ON t.id = x.tag_id WHERE x.playlist_id IN ",
    hundred!(),
    " ORDER BY x.playlist_id, t.name"
);

/// The playlists with their tags, as `viewer` sees them: a statement for each [`AT_ONCE`]. One may be among them twice.
///
/// # Errors
/// The database does not answer.
pub async fn complete(
    store: &Store,
    viewer: Option<UserId>,
    rows: impl IntoIterator<Item = PlaylistRow>,
) -> Result<Vec<Playlist>, StoreError> {
    let mut playlists: Vec<Playlist> = rows.into_iter().map(|row| row.playlist).collect();
    for some in playlists.chunks_mut(AT_ONCE) {
        let mut tags: HashMap<PlaylistId, Vec<String>> = HashMap::new();
        let mut query = sqlx::query_as(TAGS);
        for id in filled(some.iter().map(|one| one.id)) {
            query = query.bind(id);
        }
        let found: Vec<(PlaylistId, String)> = query.fetch_all(store.read()).await?;
        for (playlist, tag) in found {
            tags.entry(playlist).or_default().push(tag);
        }
        for playlist in some {
            playlist.is_own = viewer == Some(playlist.owner.id);
            playlist.tags = tags.get(&playlist.id).cloned().unwrap_or_default();
        }
    }
    Ok(playlists)
}

/// A page of playlists of which the rows were read.
///
/// # Errors
/// The database does not answer.
pub async fn page(
    store: &Store,
    viewer: Option<UserId>,
    page: Page<PlaylistRow>,
) -> Result<Page<Playlist>, StoreError> {
    Ok(Page { items: complete(store, viewer, page.items).await?, next_cursor: page.next_cursor })
}

/// One playlist, as the viewer may see it: playlist, viewer.
pub const ONE: &str =
    concat!("SELECT ", columns!("$2"), " FROM playlists p", joined!(), "WHERE p.id = $1 AND ", playlist_seen!("$2"));

/// One playlist, as `viewer` sees it.
///
/// # Errors
/// 404, the same for everything that is not to be seen.
pub async fn fetch(store: &Store, playlist: PlaylistId, viewer: Option<UserId>) -> Result<Playlist, ApiError> {
    let row: Option<PlaylistRow> = sqlx::query_as(ONE).bind(playlist).bind(viewer).fetch_optional(store.read()).await?;
    complete(store, viewer, row).await?.pop().ok_or(ApiError::NotFound(Code::NotFound))
}
