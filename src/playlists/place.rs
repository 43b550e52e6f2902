//! Where a song stands in a playlist: a fraction between 0 and 1, as hexadecimal digits behind the point.
//!
//! Between two of these there is always another, so one row is written to move one song. Digits stand before letters in
//! every collation, and no place ends with 0, so the order of texts is the order of fractions and each fraction has one text.

/// Places that are longer are written anew, all of the list. Each song that is put between the same two makes them longer.
pub const LONGEST: usize = 24;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// A place after `low` and before `high`; none of these is the beginning, or the end.
pub fn between(low: Option<&str>, high: Option<&str>) -> String {
    let low = digits(low.unwrap_or_default());
    let mut high = high.map(digits);
    let mut place = String::new();
    for at in 0.. {
        let below = low.get(at).copied().unwrap_or(0);
        // Beyond its last digit a bound cannot be, unless the two are in the wrong order; then there is none.
        let above = high.as_ref().map_or(16, |high| high.get(at).copied().unwrap_or(16));
        if above == below {
            push(&mut place, below);
            continue;
        }
        if above > below + 1 {
            push(&mut place, below.midpoint(above));
            break;
        }
        // No digit between: whatever stands behind `low` is also before `high`.
        push(&mut place, below);
        high = None;
    }
    place
}

/// Places for so many songs, evenly.
pub fn spread(count: usize) -> Vec<String> {
    let parts = count + 1;
    (1..parts).map(|at| text(at * 0x1_0000 / parts)).collect()
}

/// A fraction of 65,536.
fn text(fraction: usize) -> String {
    format!("{fraction:04x}").trim_end_matches('0').to_owned()
}

fn digits(place: &str) -> Vec<u8> {
    place.chars().map(|c| c.to_digit(16).map_or(0, |digit| digit as u8)).collect()
}

fn push(place: &mut String, digit: u8) {
    place.push(char::from(DIGITS[usize::from(digit & 15)]));
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng as _, SeedableRng as _};

    use super::*;

    #[test]
    fn there_is_always_a_place_between_two_others() {
        let seed = rand::random();
        println!("SEED={seed}");
        let mut random = StdRng::seed_from_u64(seed);
        let mut places = vec![between(None, None)];
        for _ in 0..2000 {
            let at = random.random_range(0..=places.len());
            let low = at.checked_sub(1).map(|below| places[below].as_str());
            let place = between(low, places.get(at).map(String::as_str));
            assert!(!place.ends_with('0') && !place.is_empty(), "{place}");
            places.insert(at, place);
        }
        assert!(places.is_sorted_by(|one, next| one < next), "each once, in order");
    }

    #[test]
    fn places_grow_slowly_where_songs_are_put_between_the_same_two() {
        for first in [true, false] {
            let mut place = between(None, None);
            for _ in 0..40 {
                place = if first { between(None, Some(&place)) } else { between(Some(&place), None) };
            }
            assert!(place.len() <= 12, "{place}");
        }
    }

    #[test]
    fn a_list_is_spread_evenly_and_leaves_room_on_both_sides() {
        for count in [0, 1, 7, 10, 200] {
            let places = spread(count);
            assert_eq!(places.len(), count);
            assert!(places.is_sorted_by(|one, next| one < next), "{places:?}");
            assert!(places.iter().all(|place| place.len() <= 4 && !place.is_empty() && !place.ends_with('0')));
        }
    }

    #[test]
    fn bounds_in_the_wrong_order_make_a_place_all_the_same() {
        for (low, high) in [("8", "8"), ("9", "8"), ("88", "8"), ("f", "1")] {
            let place = between(Some(low), Some(high));
            assert!(place.as_str() > low, "{low} {high}: {place}");
        }
    }
}
