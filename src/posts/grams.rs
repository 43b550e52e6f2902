//! The pieces that search finds a post by: every two characters that stand together in its title or its text, so that
//! words of any script are found by a part of them.
//!
//! The last character stands with a space, so that every character begins a piece, and one character is found by a walk along
//! the pieces that begin with it.

use std::collections::BTreeSet;

use sqlx::AnyConnection;

use crate::base::id::PostId;
use crate::store::StoreError;
use crate::users::name::fold;

/// Pieces that one statement writes.
const AT_ONCE: usize = 200;

/// The pieces of a title and a text, two characters each, folded as names are compared; white space of any kind and length
/// is one space.
pub fn pieces(title: &str, body: &str) -> BTreeSet<String> {
    let mut pieces = BTreeSet::new();
    for text in [title, body] {
        let folded = fold(text);
        let words: Vec<String> = folded
            .split_whitespace()
            .map(|word| word.chars().filter(|c| !c.is_control()).collect::<String>() + " ")
            .collect();
        let characters: Vec<char> = words.concat().chars().collect();
        pieces.extend(characters.windows(2).map(|pair| pair.iter().collect::<String>()));
    }
    pieces
}

/// Cuts a text of pieces into rows: post, text, its length in characters. Neither database reads a list of values in the
/// other's words; both cut a text.
const WRITE: &str = "INSERT INTO post_grams (gram, post_id) \
    WITH RECURSIVE cut(at) AS (SELECT 1 UNION ALL SELECT at + 2 FROM cut WHERE at + 2 < $3) \
    SELECT substr($2, at, 2), $1 FROM cut";

/// Writes the pieces of a post in the transaction that makes or changes its words.
///
/// # Errors
/// The rows could not be written.
pub async fn write(connection: &mut AnyConnection, post: PostId, title: &str, body: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM post_grams WHERE post_id = $1").bind(post).execute(&mut *connection).await?;
    let pieces: Vec<String> = pieces(title, body).into_iter().collect();
    for some in pieces.chunks(AT_ONCE) {
        let length = i32::try_from(some.len() * 2).unwrap_or(i32::MAX);
        sqlx::query(WRITE).bind(post).bind(some.concat()).bind(length).execute(&mut *connection).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_begins_a_piece_of_two() {
        let of = |title: &str, body: &str| pieces(title, body).into_iter().collect::<Vec<_>>();
        assert_eq!(of("Ａda", ""), ["a ", "ad", "da"]);
        assert_eq!(of("김나무", "무"), ["김나", "나무", "무 "]);
        assert_eq!(of("a\n\n b", "c"), [" b", "a ", "b ", "c "]);
        assert!(of("", "").is_empty());
        for (title, body) in [("한글 제목", "글\u{7} 둘"), ("\u{7}", "x"), ("☔", "rain\tRAIN")] {
            assert!(pieces(title, body).iter().all(|piece| piece.chars().count() == 2), "{title} {body}");
        }
    }
}
