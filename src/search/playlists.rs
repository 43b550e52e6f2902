//! Finding playlists: by a part of their title or description, by a tag, and by whose they are, newest first.
//!
//! The rarest piece of the query is walked from the newest playlist on, a stretch at a time; what has it and the next two is
//! looked at itself. After so many statements the page ends where it is. One character is the beginning of many pieces, and
//! is looked for in the newest playlists themselves.

use std::collections::BTreeSet;

use super::merge::{Part, Place, merge};
use super::query::Query;
use super::{people, tag_names};
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::playlists::playlist::Playlist;
use crate::playlists::row::{PlaylistRow, columns, complete, joined};
use crate::social::sight::playlist_seen;
use crate::store::{Store, StoreError};
use crate::users::name::fold;
use crate::web::page::{Cursor, Page, Paging};

/// People of a name whose playlists are looked at.
const FEW: u32 = 3;
/// Up to how many playlists a piece is counted.
const COUNTED: i64 = 2000;
/// Pieces that are weighed against each other.
const PIECES: usize = 8;
/// Playlists whose words are looked at after one statement.
const STRETCH: i64 = 200;
/// Statements of that kind for one page.
const STATEMENTS: usize = 5;

/// How many playlists have a piece: piece, up to how many.
pub const WEIGHT: &str = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM playlist_grams WHERE gram = $1 LIMIT $2) AS few";

/// Playlists with three pieces, newest first: viewer, the rarest, before, rows, second, third.
pub const WITH_PIECES: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM playlist_grams g JOIN playlists p ON p.id = g.playlist_id",
    joined!(),
    "WHERE g.gram = $2 AND g.playlist_id < $3 \
     AND EXISTS (SELECT 1 FROM playlist_grams n WHERE n.gram = $5 AND n.playlist_id = g.playlist_id) \
     AND EXISTS (SELECT 1 FROM playlist_grams n WHERE n.gram = $6 AND n.playlist_id = g.playlist_id) AND ",
    playlist_seen!("$1"),
    " ORDER BY g.playlist_id DESC LIMIT $4"
);

/// All playlists, newest first: viewer, before, rows.
pub const ALL: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM playlists p",
    joined!(),
    "WHERE p.id < $2 AND ",
    playlist_seen!("$1"),
    " ORDER BY p.id DESC LIMIT $3"
);

/// Playlists of somebody, newest first: viewer, owner, time, identifier, rows.
pub const BY_OWNER: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM playlists p",
    joined!(),
    "WHERE p.owner_id = $2 AND (p.created_at, p.id) < ($3, $4) AND ",
    playlist_seen!("$1"),
    " ORDER BY p.created_at DESC, p.id DESC LIMIT $5"
);

/// Playlists with a tag, newest first: viewer, tag, time, identifier, rows.
pub const BY_TAG: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM tags t JOIN playlist_tags x ON x.tag_id = t.id JOIN playlists p ON p.id = x.playlist_id",
    joined!(),
    "WHERE t.name = $2 AND (x.created_at, x.playlist_id) < ($3, $4) AND ",
    playlist_seen!("$1"),
    " ORDER BY x.created_at DESC, x.playlist_id DESC LIMIT $5"
);

/// One page of playlists that hold the query, have it in a tag, or are of somebody of that name, as `viewer` may see them.
///
/// # Errors
/// The database does not answer.
pub async fn find(store: &Store, viewer: UserId, query: &Query, paging: &Paging) -> Result<Page<Playlist>, StoreError> {
    let from = paging.after.as_ref().map_or_else(Place::start, |at| Place { at: at.at.millis(), id: at.id.clone() });
    let most = paging.limit as usize;
    let mut parts = vec![by_words(store, viewer, query, &from, most + 1).await?];
    for name in tag_names::find(store, query).await? {
        parts.push(list(store, BY_TAG, viewer, name, &from, most + 1).await?);
    }
    // One character is a part of too many names to mean somebody.
    if !query.is_short() {
        for person in people::find(store, viewer, query, &Paging { limit: FEW, after: None }).await?.items {
            parts.push(list(store, BY_OWNER, viewer, person.id.to_string(), &from, most + 1).await?);
        }
    }
    let (rows, next) = merge(parts, most);
    let next_cursor = next.map(|place| Cursor { at: Timestamp::from_millis(place.at), id: place.id }.to_text());
    Ok(Page { items: complete(store, Some(viewer), rows).await?, next_cursor })
}

async fn list(
    store: &Store,
    sql: &'static str,
    viewer: UserId,
    of: String,
    from: &Place,
    most: usize,
) -> Result<Part<PlaylistRow>, StoreError> {
    let query = sqlx::query_as(sql).bind(viewer).bind(of).bind(from.at).bind(&from.id).bind(most as i64);
    let rows: Vec<PlaylistRow> = query.fetch_all(store.read()).await?;
    let read_to = if rows.len() == most { rows.last().map(place) } else { None };
    Ok(Part { items: rows.into_iter().map(|row| (place(&row), row)).collect(), read_to })
}

async fn by_words(
    store: &Store,
    viewer: UserId,
    query: &Query,
    from: &Place,
    most: usize,
) -> Result<Part<PlaylistRow>, StoreError> {
    let words = plain(query.folded());
    let short = words.chars().nth(1).is_none();
    let pieces = if short { Vec::new() } else { rarest(store, &words).await? };
    let nothing = Part { items: Vec::new(), read_to: None };
    if words.is_empty() || (!short && pieces.is_empty()) {
        return Ok(nothing);
    }
    let (mut items, mut from) = (Vec::new(), from.clone());
    for _ in 0..STATEMENTS {
        let query = match &pieces[..] {
            [rarest, second, third] => {
                let query = sqlx::query_as(WITH_PIECES).bind(viewer).bind(rarest).bind(&from.id).bind(STRETCH);
                query.bind(second).bind(third)
            }
            _ => sqlx::query_as(ALL).bind(viewer).bind(&from.id).bind(STRETCH),
        };
        let rows: Vec<PlaylistRow> = query.fetch_all(store.read()).await?;
        let last = rows.last().map(place).filter(|_| rows.len() as i64 == STRETCH);
        items.extend(rows.into_iter().filter(|row| holds(&row.playlist, &words)).map(|row| (place(&row), row)));
        let Some(last) = last else { return Ok(Part { items, read_to: None }) };
        from = last;
        if items.len() >= most {
            break;
        }
    }
    Ok(Part { items, read_to: Some(from) })
}

/// The three rarest pieces of the words, which may be one thrice; nothing when there is one that no playlist has.
async fn rarest(store: &Store, words: &str) -> Result<Vec<String>, StoreError> {
    let characters: Vec<char> = words.chars().collect();
    let pieces: BTreeSet<String> = characters.windows(2).map(|pair| pair.iter().collect()).collect();
    let mut weighed = Vec::new();
    for piece in pieces.into_iter().take(PIECES) {
        let weight: i64 = sqlx::query_scalar(WEIGHT).bind(&piece).bind(COUNTED).fetch_one(store.read()).await?;
        if weight == 0 {
            return Ok(Vec::new());
        }
        weighed.push((weight, piece));
    }
    weighed.sort();
    let last = weighed.last().cloned();
    let all = weighed.into_iter().chain(last.into_iter().cycle());
    Ok(all.take(3).map(|(_, piece)| piece).collect())
}

/// Words with one space between them, as the pieces of playlists are cut from.
fn plain(folded: &str) -> String {
    let words: Vec<String> =
        folded.split_whitespace().map(|word| word.chars().filter(|c| !c.is_control()).collect()).collect();
    words.join(" ")
}

/// Whether the words stand in a title or a description as they were typed.
fn holds(playlist: &Playlist, words: &str) -> bool {
    [&playlist.title, &playlist.description].into_iter().any(|text| plain(&fold(text)).contains(words))
}

fn place(row: &PlaylistRow) -> Place {
    Place { at: row.playlist.created_at.millis(), id: row.playlist.id.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::grams::pairs;

    #[test]
    fn every_part_of_a_text_has_pieces_of_the_text_only() {
        for text in ["김나무 아래", "Rain on\n\n the  window", "aaaa", "É", "한 글"] {
            let kept = pairs([text]);
            let characters: Vec<char> = text.chars().collect();
            for from in 0..characters.len() {
                for to in from + 1..=characters.len() {
                    let part: String = characters[from..to].iter().collect();
                    let Some(query) = Query::new(&part) else { continue };
                    let words: Vec<char> = plain(query.folded()).chars().collect();
                    let mut pieces = words.windows(2).map(|pair| pair.iter().collect::<String>());
                    assert!(pieces.all(|piece| kept.contains(&piece)), "{part:?} of {text:?}");
                }
            }
        }
    }
}
