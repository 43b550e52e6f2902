//! The pieces that search finds things by: characters that stand together in a text, so that words of any script are found by
//! a part of them. A thing is found by the pieces of two, three and four characters: two are a word in Korean, and four tell
//! long words and numbers apart, among a million posts of which every tenth has any two letters, and four thousand have any
//! three digits.

use std::collections::BTreeSet;

use sqlx::AnyConnection;

use super::StoreError;
use crate::base::fold::plain;

/// Pieces that one statement writes.
const AT_ONCE: usize = 200;
/// Lengths of pieces, in characters.
pub const LENGTHS: [usize; 3] = [2, 3, 4];

/// The pieces of texts that are `length` characters long, as texts are compared, with one space between words.
///
/// The last character of each text stands with a space, so that every character begins a piece, and one character is found by
/// a walk along the pieces that begin with it.
pub fn pieces<'a>(texts: impl IntoIterator<Item = &'a str>, length: usize) -> BTreeSet<String> {
    let mut pieces = BTreeSet::new();
    for text in texts {
        let characters: Vec<char> = plain(text).chars().chain([' ']).collect();
        pieces.extend(characters.windows(length).map(|some| some.iter().collect::<String>()));
    }
    pieces
}

/// A statement that cuts a text of pieces into rows of a table: thing, text, its length and that of a piece in characters.
/// Neither database reads a list of values in the other's words; both cut a text.
macro_rules! cut {
    ($table:literal, $thing:literal) => {
        concat!(
            "INSERT INTO ",
            $table,
            " (gram, ",
            $thing,
            ") WITH RECURSIVE cut(at) AS (SELECT 1 UNION ALL SELECT at + $4 FROM cut WHERE at + $4 < $3) \
             SELECT substr($2, at, $4), $1 FROM cut"
        )
    };
}
pub(crate) use cut;

/// Writes all pieces of a thing's texts by a statement of `cut!`.
///
/// # Errors
/// The rows could not be written.
pub async fn write<const N: usize>(
    connection: &mut AnyConnection,
    cut: &'static str,
    thing: &str,
    texts: [&str; N],
) -> Result<(), StoreError> {
    for length in LENGTHS {
        let pieces: Vec<String> = pieces(texts, length).into_iter().collect();
        for some in pieces.chunks(AT_ONCE) {
            let (all, each) = ((some.len() * length) as i32, length as i32);
            sqlx::query(cut).bind(thing).bind(some.concat()).bind(all).bind(each).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_begins_a_piece_of_two() {
        let of = |title: &str, body: &str| pieces([title, body], 2).into_iter().collect::<Vec<_>>();
        assert_eq!(of("Ａda", ""), ["a ", "ad", "da"]);
        assert_eq!(of("김나무", "무"), ["김나", "나무", "무 "]);
        assert_eq!(of("a\n\n b", "c"), [" b", "a ", "b ", "c "]);
        assert!(of("", "").is_empty());
        for (title, body) in [("한글 제목", "글\u{7} 둘"), ("\u{7}", "x"), ("☔", "rain\tRAIN")] {
            for length in LENGTHS {
                let pieces = pieces([title, body], length);
                assert!(pieces.iter().all(|piece| piece.chars().count() == length), "{title} {body}");
            }
        }
    }

    #[test]
    fn three_characters_that_stand_together_are_a_piece() {
        let of = |title: &str, body: &str| pieces([title, body], 3).into_iter().collect::<Vec<_>>();
        assert_eq!(of("김나무", "무"), ["김나무", "나무 "]);
        assert_eq!(of("a\n\n b", "c"), [" b ", "a b"]);
    }

    #[test]
    fn four_tell_long_words_and_numbers_apart() {
        let of = |text: &str| pieces([text], 4).into_iter().collect::<Vec<_>>();
        assert_eq!(of("523423"), ["2342", "3423", "423 ", "5234"]);
        assert_eq!(of("가나"), Vec::<String>::new());
    }
}
