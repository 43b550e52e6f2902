//! Playlists that somebody may like: of the genres of their profile, of the genres and moods of what they like, and else
//! whatever others like.

use std::cmp::Reverse;

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::leaning::frequent;
use super::row::{PlaylistRow, columns, joined};
use crate::base::id::UserId;
use crate::protocol::mood::ClearMood;
use crate::social::sight::person_seen;
use crate::store::{Store, StoreError};
use crate::users::genre::{self, Genre};

/// Genres and moods that are looked for.
const GENRES: usize = 4;
const MOODS: usize = 2;

/// What somebody says that they like, and what they have liked last: person.
pub const TASTE: &str = "SELECT u.genres, few.genre, few.mood FROM users u LEFT JOIN (\
     SELECT p.genre, p.mood FROM playlist_likes l JOIN playlists p ON p.id = l.playlist_id \
     WHERE l.user_id = $1 AND p.deleted_at IS NULL ORDER BY l.created_at DESC, l.playlist_id DESC LIMIT 50) AS few \
     ON 1 = 1 WHERE u.id = $1";

/// Other people's public playlists that fit, the hottest first, some of them.
macro_rules! fitting {
    ($condition:literal, $name:literal) => {
        concat!(
            "SELECT * FROM (SELECT p.id FROM playlists p",
            joined!(),
            "WHERE ",
            $condition,
            "p.is_public = 1 AND p.deleted_at IS NULL AND p.owner_id <> $1 AND ",
            person_seen!("$1"),
            " ORDER BY p.heat DESC, p.id DESC LIMIT $8) AS ",
            $name,
            "_few"
        )
    };
}

/// Candidates: viewer, four genres, two moods, how many of each, a heat that none has.
pub const CANDIDATES: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM (",
    fitting!("p.genre = $2 AND ", "first"),
    " UNION ",
    fitting!("p.genre = $3 AND ", "second"),
    " UNION ",
    fitting!("p.genre = $4 AND ", "third"),
    " UNION ",
    fitting!("p.genre = $5 AND ", "fourth"),
    " UNION ",
    fitting!("p.mood = $6 AND ", "fifth"),
    " UNION ",
    fitting!("p.mood = $7 AND ", "sixth"),
    " UNION ",
    fitting!("(p.heat, p.id) < ($9, '') AND ", "hot"),
    ") AS merged JOIN playlists p ON p.id = merged.id",
    joined!()
);

/// What somebody likes, the most liked first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Taste {
    genres: Vec<Genre>,
    moods: Vec<ClearMood>,
}

struct Liked {
    profile: String,
    genre: Option<Genre>,
    mood: Option<ClearMood>,
}

impl<'r> FromRow<'r, AnyRow> for Liked {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            profile: row.try_get("genres")?,
            genre: row.try_get::<Option<String>, _>("genre")?.as_deref().and_then(Genre::of),
            mood: row.try_get::<Option<String>, _>("mood")?.as_deref().and_then(ClearMood::of),
        })
    }
}

impl Taste {
    /// The genres of the profile come first.
    fn of(liked: &[Liked]) -> Self {
        let mut genres = liked.first().map(|one| genre::from_row(&one.profile)).unwrap_or_default();
        let more = frequent(liked.iter().filter_map(|one| one.genre), Genre::as_str);
        genres.extend(more.into_iter().filter(|one| !genres.contains(one)).collect::<Vec<_>>());
        genres.truncate(GENRES);
        let mut moods = frequent(liked.iter().filter_map(|one| one.mood), ClearMood::as_str);
        moods.truncate(MOODS);
        Self { genres, moods }
    }

    /// How well a playlist fits. What is liked already is known already.
    fn weight(&self, row: &PlaylistRow) -> i32 {
        let list = &row.playlist;
        if list.liked {
            return -1;
        }
        let genre = list.genre.is_some_and(|genre| self.genres.contains(&genre));
        let mood = list.mood.is_some_and(|mood| self.moods.contains(&mood));
        2 * i32::from(genre) + i32::from(mood)
    }
}

/// Up to `most` playlists of others for `viewer`, without tags: those that fit best first, and of these the hottest. The same
/// for the same rows.
///
/// # Errors
/// The database does not answer.
pub async fn rows(store: &Store, viewer: UserId, most: u32) -> Result<Vec<PlaylistRow>, StoreError> {
    let liked: Vec<Liked> = sqlx::query_as(TASTE).bind(viewer).fetch_all(store.read()).await?;
    let taste = Taste::of(&liked);
    let mut query = sqlx::query_as(CANDIDATES).bind(viewer);
    for at in 0..GENRES {
        query = query.bind(taste.genres.get(at).map_or("", |genre| genre.as_str()));
    }
    for at in 0..MOODS {
        query = query.bind(taste.moods.get(at).map_or("", |mood| mood.as_str()));
    }
    let mut rows: Vec<PlaylistRow> = query.bind(i64::from(most)).bind(i64::MAX).fetch_all(store.read()).await?;
    rows.sort_by_key(|row| (Reverse(taste.weight(row)), Reverse(row.heat), Reverse(row.playlist.id)));
    rows.truncate(most as usize);
    Ok(rows)
}
