//! Finding what somebody wrote by a part of its words.
//!
//! One statement looks how far back the newest few things of each piece of the query reach: the rarest reaches furthest, and
//! is walked from the newest thing on, a stretch of it at a time, each longer than the one before; a thing must have the next
//! two as well before its words are looked at. So a common word costs little, and a rare one is walked to its end. After so
//! many statements the page ends where it is. One character is the beginning of many pieces: things with a rare one are read
//! as they are, and for a common one the newest things are looked at themselves.

use sqlx::{AnyPool, Row as _};

use super::merge::{Part, Place};
use super::query::Query;
use super::written::{NEWEST, Written};
use crate::base::fold::plain;
use crate::base::id::UserId;
use crate::store::StoreError;

/// Things with one beginning up to which these are counted.
const COUNTED: i64 = 2000;
/// Characters of a piece at most.
const LONGEST: usize = 4;
/// Most pieces that are weighed against each other.
const PIECES: usize = 12;
/// Rows along a piece that each statement of a page may look at.
const STRETCHES: [i64; 3] = [500, 2000, 4000];
/// Rows of all things that each statement of a page may look at.
const STRETCH_OF_ALL: i64 = 1000;
/// Things whose words are looked at after one statement, where no piece says what is in them.
const WORDS: i64 = 100;

/// What is walked along.
enum Way {
    /// A piece, and two others that a thing must have. Few have the first if one stretch is sure to be all of them.
    Piece { pieces: [String; 3], few: bool },
    /// The pieces that begin with a rare character.
    Beginning(String, String),
    /// Everything.
    All,
}

/// Up to `most` things that hold the query and that `viewer` may see, from `from` on.
///
/// # Errors
/// The database does not answer.
pub async fn find<T: Written>(
    pool: &AnyPool,
    viewer: UserId,
    query: &Query,
    from: &Place,
    most: usize,
) -> Result<Part<T>, StoreError> {
    let words = plain(query.folded());
    let Some(way) = way::<T>(pool, &words, from).await? else { return Ok(Part { items: Vec::new(), read_to: None }) };
    let mut items: Vec<(Place, T)> = Vec::new();
    let mut from = from.clone();
    for length in STRETCHES {
        let (rows, asked, end) = stretch::<T>(pool, viewer, &way, &from, (most - items.len(), length)).await?;
        let full = rows.len() as i64 == asked;
        let last = rows.last().map(T::place);
        items.extend(rows.into_iter().filter(|row| holds(row, &words)).map(|row| (row.place(), row)));
        from = match (full.then_some(last).flatten(), end) {
            (Some(last), _) => last,
            (None, Some(end)) => end,
            (None, None) => return Ok(Part { items, read_to: None }),
        };
        if items.len() >= most {
            break;
        }
    }
    // Between two that fit, a statement for all posts may have found more than were asked for.
    if items.len() > most {
        items.truncate(most);
        from = items.last().map_or(from, |(place, _)| place.clone());
    }
    Ok(Part { items, read_to: Some(from) })
}

/// One stretch of at most `length` rows, with room for so many things: its things, how many were asked for, and where it ends if
/// it is not the last.
async fn stretch<T: Written>(
    pool: &AnyPool,
    viewer: UserId,
    way: &Way,
    from: &Place,
    (room, length): (usize, i64),
) -> Result<(Vec<T>, i64, Option<Place>), StoreError> {
    let room = room as i64;
    let end: Option<(String, i64)> = match way {
        Way::Piece { few: true, .. } => None,
        Way::Piece { pieces: [piece, ..], few: false } => {
            let end = sqlx::query_as(T::STATEMENTS.end).bind(piece).bind(&from.id).bind(length - 1);
            end.fetch_optional(pool).await?
        }
        Way::All => {
            let end = sqlx::query_as(T::STATEMENTS.end_of_all).bind(&from.id).bind(STRETCH_OF_ALL - 1);
            end.fetch_optional(pool).await?
        }
        Way::Beginning(first, after) => {
            let rows =
                sqlx::query_as(T::STATEMENTS.beginning).bind(viewer).bind(first).bind(after).bind(&from.id).bind(room);
            return Ok((rows.fetch_all(pool).await?, room, None));
        }
    };
    let end = end.map(|(id, at)| Place { at, id });
    let to = end.as_ref().map_or("", |end| &end.id);
    let (rows, asked) = match way {
        Way::Piece { pieces: [piece, second, third], .. } => {
            let rows = sqlx::query_as(T::STATEMENTS.stretch).bind(viewer).bind(piece).bind(&from.id).bind(to);
            (rows.bind(second).bind(third).bind(room), room)
        }
        _ => (sqlx::query_as(T::STATEMENTS.all).bind(viewer).bind(&from.id).bind(to).bind(WORDS), WORDS),
    };
    Ok((rows.fetch_all(pool).await?, asked, end))
}

/// The way to walk; none when there is a piece that nothing from there on has.
async fn way<T: Written>(pool: &AnyPool, words: &str, from: &Place) -> Result<Option<Way>, StoreError> {
    let characters: Vec<char> = words.chars().collect();
    if let [only] = characters[..] {
        let (first, after) = (only.to_string(), format!("{only}{}", char::MAX));
        let weight: i64 = sqlx::query_scalar(T::STATEMENTS.beginnings)
            .bind(&first)
            .bind(&after)
            .bind(COUNTED)
            .fetch_one(pool)
            .await?;
        return Ok(match weight {
            0 => None,
            COUNTED.. => Some(Way::All),
            _ => Some(Way::Beginning(first, after)),
        });
    }
    let pieces = pieces(&characters);
    let mut query = sqlx::query(T::STATEMENTS.weights);
    for at in 0..PIECES {
        query = query.bind(pieces.get(at).cloned().unwrap_or_default());
    }
    let mut weighed = Vec::new();
    for row in query.bind(&from.id).fetch_all(pool).await? {
        let (at, things): (i32, i64) = (row.try_get("at")?, row.try_get("things")?);
        let Some(piece) = usize::try_from(at).ok().and_then(|at| pieces.get(at)) else { continue };
        if things == 0 {
            return Ok(None);
        }
        // Few things are fewer than many; of two with many, the one whose newest reach back further has fewer.
        weighed.push((things, row.try_get::<Option<String>, _>("back_to")?, piece.clone()));
    }
    weighed.sort();
    let Some((things, _, rarest)) = weighed.first().cloned() else { return Ok(None) };
    let next = |at: usize| weighed.get(at).map_or_else(|| rarest.clone(), |(_, _, piece)| piece.clone());
    Ok(Some(Way::Piece { pieces: [rarest.clone(), next(1), next(2)], few: things < NEWEST }))
}

/// Up to [`PIECES`] pieces of the query, from all over it: four characters each, or the two or three that it has.
fn pieces(characters: &[char]) -> Vec<String> {
    let mut pieces: Vec<String> =
        characters.windows(characters.len().min(LONGEST)).map(|some| some.iter().collect()).collect();
    pieces.sort();
    pieces.dedup();
    let each = pieces.len().div_ceil(PIECES).max(1);
    pieces.into_iter().step_by(each).collect()
}

/// Whether the words stand in one of its texts as they were typed.
fn holds<T: Written>(thing: &T, words: &str) -> bool {
    thing.texts().into_iter().any(|text| plain(text).contains(words))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::store::pieces::{LENGTHS, pieces as kept_of};

    #[test]
    fn every_part_of_a_text_has_pieces_of_the_text_only() {
        for text in ["김나무 아래", "Rain on\n\n the  window", "aaaa", "É", "한 글"] {
            let kept: BTreeSet<String> = LENGTHS.into_iter().flat_map(|length| kept_of([text], length)).collect();
            let characters: Vec<char> = text.chars().collect();
            for from in 0..characters.len() {
                for to in from + 1..=characters.len() {
                    let part: String = characters[from..to].iter().collect();
                    let Some(query) = Query::new(&part) else { continue };
                    let words: Vec<char> = plain(query.folded()).chars().collect();
                    if let [only] = words[..] {
                        assert!(kept.iter().any(|piece| piece.starts_with(only)), "{part:?} of {text:?}");
                    } else {
                        assert!(pieces(&words).iter().all(|piece| kept.contains(piece)), "{part:?} of {text:?}");
                    }
                }
            }
        }
    }
}
