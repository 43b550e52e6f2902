//! The pieces that search finds a post by: every two, three and four characters that stand together in its title or its text,
//! so that words of any script are found by a part of them. Two are a word in Korean. Four tell long words and numbers apart,
//! among a million posts of which every tenth has any two letters, and four thousand have any three digits.
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
/// Lengths of pieces, in characters.
pub const LENGTHS: [usize; 3] = [2, 3, 4];

/// The pieces of a title and a text that are `length` characters long, folded as names are compared; white space of any kind
/// and length is one space.
pub fn pieces(title: &str, body: &str, length: usize) -> BTreeSet<String> {
    let mut pieces = BTreeSet::new();
    for text in [title, body] {
        let folded = fold(text);
        let words: Vec<String> = folded
            .split_whitespace()
            .map(|word| word.chars().filter(|c| !c.is_control()).collect::<String>() + " ")
            .collect();
        let characters: Vec<char> = words.concat().chars().collect();
        pieces.extend(characters.windows(length).map(|some| some.iter().collect::<String>()));
    }
    pieces
}

/// Cuts a text of pieces into rows: post, text, its length and that of a piece in characters. Neither database reads a list
/// of values in the other's words; both cut a text.
const WRITE: &str = "INSERT INTO post_grams (gram, post_id) \
    WITH RECURSIVE cut(at) AS (SELECT 1 UNION ALL SELECT at + $4 FROM cut WHERE at + $4 < $3) \
    SELECT substr($2, at, $4), $1 FROM cut";

/// Writes the pieces of a post in the transaction that makes or changes its words.
///
/// # Errors
/// The rows could not be written.
pub async fn write(connection: &mut AnyConnection, post: PostId, title: &str, body: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM post_grams WHERE post_id = $1").bind(post).execute(&mut *connection).await?;
    for length in LENGTHS {
        let pieces: Vec<String> = pieces(title, body, length).into_iter().collect();
        for some in pieces.chunks(AT_ONCE) {
            let (all, each) = ((some.len() * length) as i32, length as i32);
            sqlx::query(WRITE).bind(post).bind(some.concat()).bind(all).bind(each).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_begins_a_piece_of_two() {
        let of = |title: &str, body: &str| pieces(title, body, 2).into_iter().collect::<Vec<_>>();
        assert_eq!(of("Ａda", ""), ["a ", "ad", "da"]);
        assert_eq!(of("김나무", "무"), ["김나", "나무", "무 "]);
        assert_eq!(of("a\n\n b", "c"), [" b", "a ", "b ", "c "]);
        assert!(of("", "").is_empty());
        for (title, body) in [("한글 제목", "글\u{7} 둘"), ("\u{7}", "x"), ("☔", "rain\tRAIN")] {
            for length in LENGTHS {
                let pieces = pieces(title, body, length);
                assert!(pieces.iter().all(|piece| piece.chars().count() == length), "{title} {body}");
            }
        }
    }

    #[test]
    fn three_characters_that_stand_together_are_a_piece() {
        let of = |title: &str, body: &str| pieces(title, body, 3).into_iter().collect::<Vec<_>>();
        assert_eq!(of("김나무", "무"), ["김나무", "나무 "]);
        assert_eq!(of("a\n\n b", "c"), [" b ", "a b"]);
    }

    #[test]
    fn four_tell_long_words_and_numbers_apart() {
        let of = |text: &str| pieces(text, "", 4).into_iter().collect::<Vec<_>>();
        assert_eq!(of("523423"), ["2342", "3423", "423 ", "5234"]);
        assert_eq!(of("가나"), Vec::<String>::new());
    }
}
