//! Where a room is in its list, at chosen times.

use super::*;
use crate::base::clock;

const SONG: Duration = Duration::from_secs(60);

fn list(entries: &[EntryId]) -> Listed {
    let track = |entry: &EntryId| Track { entry: *entry, length: SONG, song: Value::String(entry.to_string()) };
    let songs = entries.iter().map(track).collect();
    Listed { playlist: PlaylistId::new(), title: "Night".into(), cover: None, songs }
}

fn start() -> Moment {
    Moment { instant: clock::now(), at: Timestamp::from_millis(1_000_000) }
}

fn three() -> (Vec<EntryId>, Listed, Playing, Moment) {
    let (entries, now) = (vec![EntryId::new(), EntryId::new(), EntryId::new()], start());
    let list = list(&entries);
    (entries, list.clone(), Playing::at_start(list, now).unwrap(), now)
}

#[test]
fn it_stands_until_it_is_told_to_play_and_pauses_where_it_was() {
    let (_, _, mut playing, now) = three();
    let later = now.after(Duration::from_secs(7));
    assert_eq!((playing.position(later.instant), playing.ends()), (Duration::ZERO, None));
    assert_eq!(playing.obey(Order::Play, later), Ok(false));
    assert_eq!(playing.ends(), Some(later.instant + SONG));
    let (eight, nine) = (later.after(Duration::from_secs(8)), later.after(Duration::from_secs(9)));
    assert_eq!(playing.position(eight.instant), Duration::from_secs(8));
    assert_eq!(playing.obey(Order::Pause, nine), Ok(false));
    assert_eq!(playing.position(nine.after(SONG).instant), Duration::from_secs(9));
    let shown = playing.shown();
    assert_eq!((shown.playing, shown.position_ms, shown.at), (false, 9_000, nine.at));
}

#[test]
fn playing_twice_is_playing_once() {
    let (_, _, mut playing, now) = three();
    playing.obey(Order::Play, now).unwrap();
    let later = now.after(Duration::from_secs(20));
    playing.obey(Order::Play, later).unwrap();
    assert_eq!(playing.position(later.instant), Duration::from_secs(20));
    assert_eq!(playing.ends(), Some(now.instant + SONG));
}

#[test]
fn a_song_that_ends_is_followed_by_the_next_at_that_very_moment_and_the_last_by_the_first() {
    let (_, _, mut playing, now) = three();
    playing.obey(Order::Play, now).unwrap();
    assert!(!playing.advance((now.instant + SONG).checked_sub(Duration::from_millis(1)).unwrap()));
    let late = Duration::from_millis(400);
    assert!(playing.advance(now.instant + SONG + late));
    assert_eq!((playing.shown().index, playing.shown().at), (1, now.at.after(SONG)));
    assert_eq!(playing.position(now.instant + SONG + late), late);
    assert!(playing.advance(now.instant + 3 * SONG));
    assert_eq!(playing.shown().index, 0);
    assert!(playing.shown().playing);
}

#[test]
fn whoever_slept_for_a_year_is_there_at_once() {
    let (_, _, mut playing, now) = three();
    playing.obey(Order::Play, now).unwrap();
    let woken = now.instant + Duration::from_secs(365 * 86_400);
    assert!(playing.advance(woken));
    assert!(playing.ends().unwrap() > woken);
}

#[test]
fn next_and_previous_go_round_and_back() {
    let (_, _, mut playing, now) = three();
    playing.obey(Order::Play, now).unwrap();
    assert_eq!(playing.obey(Order::Next, now), Ok(true));
    assert_eq!(playing.obey(Order::Previous, now.after(AGAIN)), Ok(true));
    assert_eq!(playing.shown().index, 0);
    let late = now.after(AGAIN).after(Duration::from_secs(4));
    assert_eq!(playing.obey(Order::Previous, late), Ok(false), "well into a song, it begins again");
    assert_eq!((playing.position(late.instant), playing.shown().index), (Duration::ZERO, 0));
    for expected in [1, 2, 0] {
        playing.obey(Order::Next, late).unwrap();
        assert_eq!(playing.shown().index, expected);
    }
    assert!(playing.shown().playing);
}

#[test]
fn a_place_beyond_the_song_is_refused_and_changes_nothing() {
    let (_, _, mut playing, now) = three();
    playing.obey(Order::Seek { position_ms: 30_000 }, now).unwrap();
    assert_eq!(playing.obey(Order::Seek { position_ms: 60_001 }, now), Err(Code::Invalid));
    assert_eq!(playing.obey(Order::Seek { position_ms: u64::MAX }, now), Err(Code::Invalid));
    assert_eq!(playing.position(now.instant), Duration::from_secs(30));
    playing.obey(Order::Play, now).unwrap();
    assert_eq!(playing.ends(), Some(now.instant + SONG / 2));
}

#[test]
fn a_changed_list_is_taken_over_without_a_break() {
    let (entries, before, mut playing, now) = three();
    playing.obey(Order::Play, now).unwrap();
    playing.obey(Order::Next, now).unwrap();
    let later = now.after(Duration::from_secs(10));
    assert_eq!(playing.renew(before.clone(), later), Some(false));
    // The song that plays has moved to the end.
    let moved = Listed { songs: list(&[entries[2], entries[0], entries[1]]).songs, ..before.clone() };
    assert_eq!(playing.renew(moved, later), Some(true));
    assert_eq!((playing.shown().index, playing.position(later.instant)), (2, Duration::from_secs(10)));
    // It was taken out.
    let shorter = Listed { songs: list(&[entries[2], entries[0]]).songs, ..before.clone() };
    assert_eq!(playing.renew(shorter, later), Some(true));
    assert_eq!((playing.shown().index, playing.position(later.instant)), (1, Duration::ZERO));
    assert_eq!(playing.renew(Listed { songs: Vec::new(), ..before }, later), None);
}
