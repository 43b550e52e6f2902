//! Playlists that somebody may like: of the genres of their profile, of the genres and moods of what they like, and else
//! whatever others like.
//!
//! What fits better comes first, and of what fits as well, the hottest: five walks along indexes, one after another, each begun
//! only when those before it have ended. A cursor holds the taste and the moment of its first page, so that what is liked
//! while one scrolls moves nothing.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::leaning::frequent;
use super::row::{PlaylistRow, columns, joined};
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::protocol::mood::ClearMood;
use crate::social::sight::person_seen;
use crate::store::{Store, StoreError};
use crate::users::genre::{self, Genre};
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// Genres and moods that are looked for.
const GENRES: usize = 4;
const MOODS: usize = 2;

/// What somebody says that they like, and what they have liked last: person.
pub const TASTE: &str = "SELECT u.genres, few.genre, few.mood FROM users u LEFT JOIN (\
     SELECT p.genre, p.mood FROM playlist_likes l JOIN playlists p ON p.id = l.playlist_id \
     WHERE l.user_id = $1 AND p.deleted_at IS NULL ORDER BY l.created_at DESC, l.playlist_id DESC LIMIT 50) AS few \
     ON 1 = 1 WHERE u.id = $1";

/// The place of a playlist among other people's that the viewer `$1` has not liked before `$4`: after the heat `$2` and the
/// identifier `$3`, the hottest first, `$5` of them.
macro_rules! after {
    () => {
        concat!(
            "p.is_public = 1 AND p.deleted_at IS NULL AND p.owner_id <> $1 AND (p.heat, p.id) < ($2, $3) \
             AND NOT EXISTS (SELECT 1 FROM playlist_likes l WHERE l.playlist_id = p.id AND l.user_id = $1 \
             AND l.created_at <= $4) AND ",
            person_seen!("$1"),
            " ORDER BY p.heat DESC, p.id DESC LIMIT $5"
        )
    };
}

/// The first of those along one walk.
macro_rules! walk {
    ($name:literal, $condition:literal) => {
        concat!(
            "SELECT * FROM (SELECT p.id FROM playlists p",
            joined!(),
            "WHERE ",
            $condition,
            after!(),
            ") AS ",
            $name,
            "_few"
        )
    };
}

/// The first of those along any of several walks.
macro_rules! first {
    ($($walks:tt)+) => {
        concat!(
            "SELECT ",
            columns!("$1"),
            " FROM (",
            $($walks)+,
            ") AS merged JOIN playlists p ON p.id = merged.id",
            joined!(),
            "ORDER BY p.heat DESC, p.id DESC LIMIT $5"
        )
    };
}

/// Of a genre and a mood that the viewer likes: viewer, heat, identifier, time, rows, four genres, two moods.
pub const BOTH: &str = first!(
    walk!("first", "p.genre = $6 AND p.mood = $10 AND "),
    " UNION ALL ",
    walk!("second", "p.genre = $7 AND p.mood = $10 AND "),
    " UNION ALL ",
    walk!("third", "p.genre = $8 AND p.mood = $10 AND "),
    " UNION ALL ",
    walk!("fourth", "p.genre = $9 AND p.mood = $10 AND "),
    " UNION ALL ",
    walk!("fifth", "p.genre = $6 AND p.mood = $11 AND "),
    " UNION ALL ",
    walk!("sixth", "p.genre = $7 AND p.mood = $11 AND "),
    " UNION ALL ",
    walk!("seventh", "p.genre = $8 AND p.mood = $11 AND "),
    " UNION ALL ",
    walk!("eighth", "p.genre = $9 AND p.mood = $11 AND ")
);

/// Of a genre alone: the same.
pub const GENRE: &str = first!(
    walk!("first", "p.genre = $6 AND (p.mood IS NULL OR p.mood NOT IN ($10, $11)) AND "),
    " UNION ALL ",
    walk!("second", "p.genre = $7 AND (p.mood IS NULL OR p.mood NOT IN ($10, $11)) AND "),
    " UNION ALL ",
    walk!("third", "p.genre = $8 AND (p.mood IS NULL OR p.mood NOT IN ($10, $11)) AND "),
    " UNION ALL ",
    walk!("fourth", "p.genre = $9 AND (p.mood IS NULL OR p.mood NOT IN ($10, $11)) AND ")
);

/// Of a mood alone: the same.
pub const MOOD: &str = first!(
    walk!("first", "p.mood = $10 AND (p.genre IS NULL OR p.genre NOT IN ($6, $7, $8, $9)) AND "),
    " UNION ALL ",
    walk!("second", "p.mood = $11 AND (p.genre IS NULL OR p.genre NOT IN ($6, $7, $8, $9)) AND ")
);

/// Of neither: the same.
pub const NEITHER: &str = first!(walk!(
    "first",
    "(p.genre IS NULL OR p.genre NOT IN ($6, $7, $8, $9)) AND (p.mood IS NULL OR p.mood NOT IN ($10, $11)) AND "
));

/// What the viewer has liked before, which is known already: viewer, heat, identifier, time, rows.
pub const LIKED: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM playlist_likes k JOIN playlists p ON p.id = k.playlist_id",
    joined!(),
    "WHERE k.user_id = $1 AND k.created_at <= $4 AND p.is_public = 1 AND p.deleted_at IS NULL AND p.owner_id <> $1 \
     AND (p.heat, p.id) < ($2, $3) AND ",
    person_seen!("$1"),
    " ORDER BY p.heat DESC, p.id DESC LIMIT $5"
);

/// The walks, in their order.
const WALKS: [&str; 5] = [BOTH, GENRE, MOOD, NEITHER, LIKED];

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
}

/// A place in the list of one viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    /// Which of [`WALKS`].
    walk: usize,
    /// Where along it: heat and identifier.
    heat: i64,
    id: String,
    /// When the first page was read, and the taste then.
    since: Timestamp,
    taste: Taste,
}

impl Place {
    /// As a cursor: what the generic one holds, with the rest before the identifier.
    fn to_cursor(&self) -> Cursor {
        let genres: Vec<&str> = self.taste.genres.iter().map(|one| one.as_str()).collect();
        let moods: Vec<&str> = self.taste.moods.iter().map(|one| one.as_str()).collect();
        let (genres, moods) = (genres.join(","), moods.join(","));
        let id = format!("{}~{}~{genres}~{moods}~{}", self.walk, self.since.millis(), self.id);
        Cursor { at: Timestamp::from_millis(self.heat), id }
    }

    /// What [`Self::to_cursor`] made; none for anything else.
    fn of(cursor: &Cursor) -> Option<Self> {
        let mut parts = cursor.id.splitn(5, '~');
        let walk: usize = parts.next()?.parse().ok()?;
        let since = Timestamp::from_millis(parts.next()?.parse().ok()?);
        let all = |text: &str| text.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let genres: Option<Vec<Genre>> = all(parts.next()?).iter().map(|one| Genre::of(one)).collect();
        let moods: Option<Vec<ClearMood>> = all(parts.next()?).iter().map(|one| ClearMood::of(one)).collect();
        let taste = Taste { genres: genres?, moods: moods? };
        let fits = walk < WALKS.len() && taste.genres.len() <= GENRES && taste.moods.len() <= MOODS;
        fits.then_some(Self { walk, heat: cursor.at.millis(), id: parts.next()?.to_owned(), since, taste })
    }
}

/// A page of other people's playlists for `viewer`, without tags.
///
/// # Errors
/// 400 `cursor`, 503.
pub async fn page(store: &Store, viewer: UserId, paging: &Paging) -> Result<Page<PlaylistRow>, ApiError> {
    let wrong = || ApiError::BadRequest(Code::Cursor, String::new());
    let after = paging.after.as_ref().map(|cursor| Place::of(cursor).ok_or_else(wrong)).transpose()?;
    let start = match after {
        Some(place) => place,
        None => first(store, viewer).await?,
    };
    Ok(rows(store, viewer, start, paging.limit).await?)
}

/// The first `most` of them.
///
/// # Errors
/// The database does not answer.
pub async fn beginning(store: &Store, viewer: UserId, most: u32) -> Result<Page<PlaylistRow>, StoreError> {
    rows(store, viewer, first(store, viewer).await?, most).await
}

/// Before the first of them.
async fn first(store: &Store, viewer: UserId) -> Result<Place, StoreError> {
    let liked: Vec<Liked> = sqlx::query_as(TASTE).bind(viewer).fetch_all(store.read()).await?;
    let since = Timestamp::now();
    Ok(Place { walk: 0, heat: i64::MAX, id: String::new(), since, taste: Taste::of(&liked) })
}

async fn rows(store: &Store, viewer: UserId, start: Place, most: u32) -> Result<Page<PlaylistRow>, StoreError> {
    let most = most as usize;
    let mut rows: Vec<(usize, PlaylistRow)> = Vec::new();
    for (at, sql) in WALKS.iter().enumerate().skip(start.walk) {
        let (heat, id) = if at == start.walk { (start.heat, start.id.as_str()) } else { (i64::MAX, "") };
        let missing = i64::try_from(most + 1 - rows.len()).unwrap_or(i64::MAX);
        let mut query = sqlx::query_as(*sql).bind(viewer).bind(heat).bind(id).bind(start.since).bind(missing);
        if *sql != LIKED {
            for at in 0..GENRES {
                query = query.bind(start.taste.genres.get(at).map_or("", |genre| genre.as_str()));
            }
            for at in 0..MOODS {
                query = query.bind(start.taste.moods.get(at).map_or("", |mood| mood.as_str()));
            }
        }
        let some: Vec<PlaylistRow> = query.fetch_all(store.read()).await?;
        rows.extend(some.into_iter().map(|row| (at, row)));
        if rows.len() > most {
            break;
        }
    }
    let more = rows.len() > most;
    rows.truncate(most);
    let last = rows.last().filter(|_| more).map(|(walk, row)| {
        let id = row.playlist.id.to_string();
        Place { walk: *walk, heat: row.heat, id, ..start }.to_cursor().to_text()
    });
    Ok(Page { items: rows.into_iter().map(|(_, row)| row).collect(), next_cursor: last })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_from_its_cursor_and_nothing_else_does() {
        let full = Taste {
            genres: vec![Genre::KPop, Genre::RhythmAndBlues, Genre::HipHop, Genre::Ballad],
            moods: vec![ClearMood::Happiness, ClearMood::Contempt],
        };
        for taste in [Taste::default(), full] {
            let id = "01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e".to_owned();
            let place =
                Place { walk: 4, heat: 1_795_000_000_000, id, since: Timestamp::from_millis(1_795_000_000_001), taste };
            let text = place.to_cursor().to_text();
            assert!(text.len() <= 256, "{}", text.len());
            assert_eq!(Place::of(&Cursor::from_text(&text).unwrap()), Some(place));
        }
        let many = "0~1~pop,pop,pop,pop,pop~~x";
        for wrong in [
            "",
            "x",
            "01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e",
            "5~1~~~x",
            "0~y~~~x",
            "0~1~polka~~x",
            "0~1~~unsure~x",
            "0~1~~",
            many,
        ] {
            let cursor = Cursor { at: Timestamp::from_millis(1), id: wrong.into() };
            assert_eq!(Place::of(&cursor), None, "{wrong}");
        }
    }
}
