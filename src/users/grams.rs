//! The pieces of a person's names that search finds them by: every single character and every two that stand together,
//! so that names of any script are found by a part of them, one Korean syllable included.

use std::collections::BTreeSet;

use sqlx::AnyConnection;

use super::name::fold;
use crate::base::id::UserId;
use crate::store::StoreError;

/// The pieces of one text, folded as names are compared: single characters, pairs, and the whole.
pub fn pieces(text: &str) -> BTreeSet<String> {
    let characters: Vec<char> = fold(text).chars().filter(|c| !c.is_control()).collect();
    let mut pieces: BTreeSet<String> = characters.windows(2).map(|pair| pair.iter().collect()).collect();
    pieces.extend(characters.iter().filter(|c| !c.is_whitespace()).map(char::to_string));
    if !characters.is_empty() {
        pieces.insert(characters.iter().collect());
    }
    pieces
}

/// The pieces of texts, two characters each, folded as names are compared; white space of any kind and length is one space.
///
/// The last character of each stands with a space, so that every character begins a piece, and one character is found by a
/// walk along the pieces that begin with it.
pub fn pairs<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut pieces = BTreeSet::new();
    for text in texts {
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

/// Cuts a text of pairs into rows of a table: thing, text, its length in characters. Neither database reads a list of values
/// in the other's words; both cut a text.
macro_rules! cut {
    ($table:literal, $thing:literal) => {
        concat!(
            "INSERT INTO ",
            $table,
            " (gram, ",
            $thing,
            ") WITH RECURSIVE cut(at) AS (SELECT 1 UNION ALL SELECT at + 2 FROM cut WHERE at + 2 < $3) \
             SELECT substr($2, at, 2), $1 FROM cut"
        )
    };
}
pub(crate) use cut;

/// Pairs that one statement writes.
const AT_ONCE: usize = 200;

/// Writes the pairs of a thing by a statement of `cut!`.
///
/// # Errors
/// The rows could not be written.
pub async fn write_cut(
    connection: &mut AnyConnection,
    sql: &'static str,
    thing: &str,
    pairs: &BTreeSet<String>,
) -> Result<(), StoreError> {
    let pairs: Vec<&str> = pairs.iter().map(String::as_str).collect();
    for some in pairs.chunks(AT_ONCE) {
        let length = i32::try_from(some.len() * 2).unwrap_or(i32::MAX);
        sqlx::query(sql).bind(thing).bind(some.concat()).bind(length).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Writes the pieces of somebody's names, in the transaction that makes or changes the names.
///
/// # Errors
/// The rows could not be written.
pub async fn write(
    connection: &mut AnyConnection,
    user: UserId,
    nickname: &str,
    handle: &str,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM user_grams WHERE user_id = $1").bind(user).execute(&mut *connection).await?;
    let mut all = pieces(nickname);
    all.extend(pieces(handle));
    // One statement for all: both databases read a JSON array, each by a function of its own, so pieces go in by sixteen.
    for sixteen in all.into_iter().collect::<Vec<_>>().chunks(16) {
        let mut query = sqlx::query(SIXTEEN).bind(user);
        let last = sixteen.last().cloned().unwrap_or_default();
        for piece in sixteen {
            query = query.bind(piece.clone());
        }
        for _ in sixteen.len()..16 {
            query = query.bind(last.clone());
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Sixteen pieces at once; a shorter rest repeats its last.
const SIXTEEN: &str = "INSERT INTO user_grams (user_id, gram) VALUES ($1, $2), ($1, $3), ($1, $4), ($1, $5), ($1, $6), \
    ($1, $7), ($1, $8), ($1, $9), ($1, $10), ($1, $11), ($1, $12), ($1, $13), ($1, $14), ($1, $15), ($1, $16), ($1, $17) \
    ON CONFLICT DO NOTHING";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_one_character_by_two_and_whole() {
        let of = |text: &str| pieces(text).into_iter().collect::<Vec<_>>();
        assert_eq!(of("Ada"), ["a", "ad", "ada", "d", "da"]);
        assert_eq!(of("김나무"), ["김", "김나", "김나무", "나", "나무", "무"]);
        assert_eq!(
            of("a b"),
            ["a", "b", "a ", " b", "a b"].into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        );
        assert!(of("").is_empty());
    }
}
