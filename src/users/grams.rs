//! The pieces of a person's names that search finds them by: every single character and every two that stand together,
//! so that names of any script are found by a part of them, one Korean syllable included.

use std::collections::BTreeSet;

use sqlx::AnyConnection;

use crate::base::fold::fold;
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
