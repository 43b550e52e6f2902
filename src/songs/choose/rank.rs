//! Which songs of the catalogue fit what was understood, not all of one kind, in an order that is good to hear.

use super::dice::Dice;
use super::understand::Reading;
use crate::songs::catalog::{CatalogSong, songs};
use crate::users::genre::Genre;

/// Songs of a list.
pub const FEWEST: usize = 7;
/// Songs of a list at most.
pub const MOST: usize = 10;
/// How much worse than the best a song may fit to make a list longer than [`FEWEST`].
const WORSE: f32 = 0.3;

/// Songs that may be in the list: of the genre and the decade; where there are too few, of the nearest decades too, then of
/// any decade, then all.
fn candidates(genre: Option<Genre>, decade: Option<u16>) -> Vec<&'static CatalogSong> {
    let of_genre = |one: &&CatalogSong| genre.is_none_or(|genre| one.song.genre == Some(genre));
    let apart =
        |one: &CatalogSong| decade.map_or(0, |decade| one.song.decade.map_or(u16::MAX, |own| own.abs_diff(decade)));
    for reach in [0, 10, 20, u16::MAX] {
        let found: Vec<_> = songs().iter().filter(of_genre).filter(|one| apart(one) <= reach).collect();
        if found.len() >= FEWEST {
            return found;
        }
    }
    songs().iter().collect()
}

/// How far a song is from what was understood; less is better.
fn distance(reading: &Reading, one: &CatalogSong) -> f32 {
    let (song, wanted) = (&one.song, &reading.understood);
    let mut distance = (song.energy - wanted.energy).abs() + 1.1 * (song.valence - wanted.valence).abs();
    // A bit of everything, but not the extremes, and leaning to how it was said.
    if !wanted.known {
        return 0.25 * distance;
    }
    if let Some(tempo) = reading.tempo {
        distance += 0.4 * ((f32::from(song.tempo) - 54.0) / 110.0 - tempo).abs();
    }
    let ranks = wanted.moods.iter().enumerate().filter(|(_, mood)| song.moods.contains(mood));
    distance -= ranks.map(|(rank, _)| 0.12 / (rank + 1) as f32).sum::<f32>();
    distance - 0.24 * reading.scenes.get(one.scene.as_str()).copied().unwrap_or(0.0)
}

/// How much a song would repeat what is in the list.
fn sameness(one: &CatalogSong, list: &[&CatalogSong], genre: Option<Genre>) -> f32 {
    let count = |same: &dyn Fn(&CatalogSong) -> bool| list.iter().filter(|other| same(other)).count() as f32;
    let artist = count(&|other| other.song.artist == one.song.artist);
    let scene = count(&|other| other.scene == one.scene);
    let tempo = count(&|other| other.song.tempo.abs_diff(one.song.tempo) < 4);
    let kind = if genre.is_none() { count(&|other| other.song.genre == one.song.genre) } else { 0.0 };
    let era = count(&|other| other.song.decade == one.song.decade);
    0.6 * artist + 0.03 * scene + 0.02 * tempo + 0.03 * kind + 0.01 * era
}

/// The list: 7 to 10 songs, each once.
pub(super) fn rank(
    reading: &Reading,
    genre: Option<Genre>,
    decade: Option<u16>,
    dice: &mut Dice,
) -> Vec<&'static CatalogSong> {
    let mut left: Vec<(f32, &CatalogSong)> =
        candidates(genre, decade).into_iter().map(|one| (distance(reading, one) + 0.12 * dice.share(), one)).collect();
    let most = FEWEST + dice.below(MOST - FEWEST + 1);
    let best = left.iter().map(|(distance, _)| *distance).fold(f32::MAX, f32::min);
    let mut list: Vec<&CatalogSong> = Vec::new();
    while list.len() < most {
        let scores = left.iter().map(|(distance, one)| distance + sameness(one, &list, genre));
        let Some((at, _)) = scores.enumerate().min_by(|(_, a), (_, b)| a.total_cmp(b)) else { break };
        let (distance, one) = left.swap_remove(at);
        if list.len() >= FEWEST && distance > best + WORSE {
            break;
        }
        list.push(one);
    }
    arc(list, reading.understood.energy < 0.3)
}

/// Begins gently, rises, and comes down; a list for resting only comes down.
fn arc(mut list: Vec<&'static CatalogSong>, restful: bool) -> Vec<&'static CatalogSong> {
    list.sort_by(|a, b| b.song.energy.total_cmp(&a.song.energy));
    if !restful {
        let (mut rising, mut falling) = (Vec::new(), Vec::new());
        for (at, one) in list.into_iter().enumerate() {
            if at % 3 == 1 { falling.push(one) } else { rising.push(one) }
        }
        rising.reverse();
        rising.extend(falling);
        list = rising;
    }
    // The same voice twice in a row sounds like an accident.
    for at in 1..list.len() {
        if list[at].song.artist == list[at - 1].song.artist
            && let Some(other) = (at + 1..list.len()).find(|other| list[*other].song.artist != list[at].song.artist)
        {
            list.swap(at, other);
        }
    }
    list
}
