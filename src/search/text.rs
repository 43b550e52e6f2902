//! Finding posts by a part of their title or text.
//!
//! One statement looks how far back the newest few posts of each piece of the query reach: the rarest reaches furthest, and
//! is walked from the newest post on, a stretch of it at a time, each longer than the one before; a post must have the next
//! two as well before its words are looked at. So a common word costs little, and a rare one is walked to its end. After so
//! many statements the page ends where it is. One character is the beginning of many pieces: posts with a rare one are read
//! as they are, and for a common one the newest posts are looked at themselves.

use sqlx::{AnyPool, Row as _};

use super::merge::{Part, Place};
use super::query::Query;
use crate::base::id::UserId;
use crate::posts::post::Post;
use crate::posts::row::{PostRow, columns, joined};
use crate::social::sight::post_seen;
use crate::store::StoreError;
use crate::users::name::fold;

/// Posts with one beginning up to which these are counted.
const COUNTED: i64 = 2000;
/// Characters of a piece at most.
const LONGEST: usize = 4;
/// Most pieces that are weighed against each other.
const PIECES: usize = 12;
/// Newest posts of each piece that are looked at to weigh it.
const NEWEST: i64 = 64;
/// Rows along a piece that each statement of a page may look at.
const STRETCHES: [i64; 4] = [100, 500, 2000, 4000];
/// Rows of all posts that each statement of a page may look at.
const STRETCH_OF_ALL: i64 = 1000;
/// Posts whose words are looked at after one statement, where no piece says what is in them.
const WORDS: i64 = 100;

/// One of the twelve parts of [`WEIGHTS`].
macro_rules! weight {
    ($at:literal, $piece:literal) => {
        concat!(
            "SELECT ",
            $at,
            " AS at, COUNT(*) AS posts, MIN(post_id) AS back_to FROM (SELECT post_id FROM post_grams WHERE gram = ",
            $piece,
            " AND post_id < $13 ORDER BY post_id DESC LIMIT $14) AS newest"
        )
    };
}

/// How many posts before `$13` have each of twelve pieces, counted up to `$14`, and the last of those that were counted.
pub const WEIGHTS: &str = concat!(
    weight!("0", "$1"),
    " UNION ALL ",
    weight!("1", "$2"),
    " UNION ALL ",
    weight!("2", "$3"),
    " UNION ALL ",
    weight!("3", "$4"),
    " UNION ALL ",
    weight!("4", "$5"),
    " UNION ALL ",
    weight!("5", "$6"),
    " UNION ALL ",
    weight!("6", "$7"),
    " UNION ALL ",
    weight!("7", "$8"),
    " UNION ALL ",
    weight!("8", "$9"),
    " UNION ALL ",
    weight!("9", "$10"),
    " UNION ALL ",
    weight!("10", "$11"),
    " UNION ALL ",
    weight!("11", "$12")
);

/// The end of a stretch: the post that is `$3` rows before `$2` along the piece `$1`, and when it was written.
pub const END: &str = "SELECT g.post_id, (SELECT p.created_at FROM posts p WHERE p.id = g.post_id) AS at \
    FROM post_grams g WHERE g.gram = $1 AND g.post_id < $2 ORDER BY g.post_id DESC LIMIT 1 OFFSET $3";

/// Posts of a stretch that have two more pieces, newest first: viewer, piece, before, to, second, third, rows.
pub const STRETCH_OF: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM post_grams g JOIN posts p ON p.id = g.post_id",
    joined!("$1"),
    "WHERE g.gram = $2 AND g.post_id < $3 AND g.post_id >= $4 \
     AND EXISTS (SELECT 1 FROM post_grams n WHERE n.gram = $5 AND n.post_id = g.post_id) \
     AND EXISTS (SELECT 1 FROM post_grams n WHERE n.gram = $6 AND n.post_id = g.post_id) AND ",
    post_seen!("$1"),
    " ORDER BY g.post_id DESC LIMIT $7"
);

/// How many pieces begin so, counted with their posts, up to `$3`: first, after the last.
pub const BEGINNINGS: &str =
    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM post_grams WHERE gram >= $1 AND gram < $2 LIMIT $3) AS few";

/// Posts with a piece that begins so, newest first: viewer, first, after the last, before, rows.
pub const BEGINNING: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM (SELECT DISTINCT post_id FROM post_grams WHERE gram >= $2 AND gram < $3) AS few \
     JOIN posts p ON p.id = few.post_id",
    joined!("$1"),
    "WHERE p.id < $4 AND ",
    post_seen!("$1"),
    " ORDER BY p.id DESC LIMIT $5"
);

/// The end of a stretch of all posts: before, rows.
pub const END_OF_ALL: &str =
    "SELECT p.id, p.created_at AS at FROM posts p WHERE p.id < $1 ORDER BY p.id DESC LIMIT 1 OFFSET $2";

/// Posts of a stretch of all posts, newest first: viewer, before, to, rows.
pub const ALL: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM posts p",
    joined!("$1"),
    "WHERE p.id < $2 AND p.id >= $3 AND ",
    post_seen!("$1"),
    " ORDER BY p.id DESC LIMIT $4"
);

/// What is walked along.
enum Way {
    /// A piece, and two others that a post must have.
    Piece([String; 3]),
    /// The pieces that begin with a rare character.
    Beginning(String, String),
    /// Every post.
    All,
}

/// Up to `most` posts that hold the query and that `viewer` may see, from `from` on.
///
/// # Errors
/// The database does not answer.
pub async fn find(
    pool: &AnyPool,
    viewer: UserId,
    query: &Query,
    from: &Place,
    most: usize,
) -> Result<Part<PostRow>, StoreError> {
    let words = plain(query.folded());
    let Some(way) = way(pool, &words, from).await? else { return Ok(Part { items: Vec::new(), read_to: None }) };
    let mut items: Vec<(Place, PostRow)> = Vec::new();
    let mut from = from.clone();
    for length in STRETCHES {
        let (rows, asked, end) = stretch(pool, viewer, &way, &from, (most - items.len(), length)).await?;
        let full = rows.len() as i64 == asked;
        let last = rows.last().map(|row| place(&row.post));
        items.extend(rows.into_iter().filter(|row| holds(&row.post, &words)).map(|row| (place(&row.post), row)));
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

/// One stretch of at most `length` rows, with room for so many posts: its posts, how many were asked for, and where it ends if
/// it is not the last.
async fn stretch(
    pool: &AnyPool,
    viewer: UserId,
    way: &Way,
    from: &Place,
    (room, length): (usize, i64),
) -> Result<(Vec<PostRow>, i64, Option<Place>), StoreError> {
    let room = room as i64;
    let end = match way {
        Way::Piece([piece, ..]) => sqlx::query_as(END).bind(piece).bind(&from.id).bind(length - 1),
        Way::All => sqlx::query_as(END_OF_ALL).bind(&from.id).bind(STRETCH_OF_ALL - 1),
        Way::Beginning(first, after) => {
            let rows = sqlx::query_as(BEGINNING).bind(viewer).bind(first).bind(after).bind(&from.id).bind(room);
            return Ok((rows.fetch_all(pool).await?, room, None));
        }
    };
    let end: Option<(String, i64)> = end.fetch_optional(pool).await?;
    let end = end.map(|(id, at)| Place { at, id });
    let to = end.as_ref().map_or("", |end| &end.id);
    let (rows, asked) = match way {
        Way::Piece([piece, second, third]) => {
            let rows = sqlx::query_as(STRETCH_OF).bind(viewer).bind(piece).bind(&from.id).bind(to);
            (rows.bind(second).bind(third).bind(room), room)
        }
        _ => (sqlx::query_as(ALL).bind(viewer).bind(&from.id).bind(to).bind(WORDS), WORDS),
    };
    Ok((rows.fetch_all(pool).await?, asked, end))
}

/// The way to walk; none when there is a piece that no post from there on has.
async fn way(pool: &AnyPool, words: &str, from: &Place) -> Result<Option<Way>, StoreError> {
    let characters: Vec<char> = words.chars().collect();
    if let [only] = characters[..] {
        let (first, after) = (only.to_string(), format!("{only}{}", char::MAX));
        let weight: i64 =
            sqlx::query_scalar(BEGINNINGS).bind(&first).bind(&after).bind(COUNTED).fetch_one(pool).await?;
        return Ok(match weight {
            0 => None,
            COUNTED.. => Some(Way::All),
            _ => Some(Way::Beginning(first, after)),
        });
    }
    let pieces = pieces(&characters);
    let mut query = sqlx::query(WEIGHTS);
    for at in 0..PIECES {
        query = query.bind(pieces.get(at).cloned().unwrap_or_default());
    }
    let mut weighed = Vec::new();
    for row in query.bind(&from.id).bind(NEWEST).fetch_all(pool).await? {
        let (at, posts): (i32, i64) = (row.try_get("at")?, row.try_get("posts")?);
        let Some(piece) = usize::try_from(at).ok().and_then(|at| pieces.get(at)) else { continue };
        if posts == 0 {
            return Ok(None);
        }
        // Few posts are fewer than many; of two with many, the one whose newest reach back further has fewer.
        weighed.push((posts, row.try_get::<Option<String>, _>("back_to")?, piece.clone()));
    }
    weighed.sort();
    let Some((_, _, rarest)) = weighed.first().cloned() else { return Ok(None) };
    let next = |at: usize| weighed.get(at).map_or_else(|| rarest.clone(), |(_, _, piece)| piece.clone());
    Ok(Some(Way::Piece([rarest.clone(), next(1), next(2)])))
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

/// Words with one space between them, as the pieces of posts are cut from.
fn plain(folded: &str) -> String {
    let words: Vec<String> =
        folded.split_whitespace().map(|word| word.chars().filter(|c| !c.is_control()).collect()).collect();
    words.join(" ")
}

/// Whether the words stand in a title or a text as they were typed.
fn holds(post: &Post, words: &str) -> bool {
    [&post.title, &post.body].into_iter().any(|text| plain(&fold(text)).contains(words))
}

/// Where a post stands among others.
pub(super) fn place(post: &Post) -> Place {
    Place { at: post.created_at.millis(), id: post.id.to_string() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::posts::grams;

    #[test]
    fn every_part_of_a_text_has_pieces_of_the_text_only() {
        for text in ["김나무 아래", "Rain on\n\n the  window", "aaaa", "É", "한 글"] {
            let kept: BTreeSet<String> =
                grams::LENGTHS.into_iter().flat_map(|length| grams::pieces(text, "", length)).collect();
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
