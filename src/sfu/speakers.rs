//! Who speaks: levels go in packet by packet, a short list of loud people comes out a few times a second. A voice must
//! be there for a moment to count, and a pause between words does not end it.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// How often the list may be told.
pub const INTERVAL: Duration = Duration::from_millis(250);
/// Somebody begins to speak above this loudness, and stops below the other; between, nothing changes.
const ON: f32 = 50.0;
const OFF: f32 = 35.0;
/// Loudness must last so long before it is a voice: a keystroke is not.
const ATTACK: Duration = Duration::from_millis(150);
/// Quiet must last so long before it is the end.
const RELEASE: Duration = Duration::from_millis(700);
/// Time constant of the smoothing.
const SMOOTHING: Duration = Duration::from_millis(100);
/// Without any packet for so long somebody counts as quiet: DTX sends one every 400 ms.
const STALE: Duration = Duration::from_millis(1000);

/// How loud somebody is: 0 for silence to 127 for the loudest, the reverse of RFC 6464's -dBov.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loudness(pub u8);

impl Loudness {
    /// From the audio level extension: 0 is the loudest, 127 is silence (RFC 6464, section 3).
    pub fn from_level(level: u8) -> Self {
        Self(127 - level.min(127))
    }

    /// Guessed from the size of an Opus packet of 20 ms, where the extension was not negotiated. Opus spends bits on
    /// voices: up to 3 bytes are DTX, room noise stays below some 30, speech takes 60 to 120.
    pub fn from_opus_size(bytes: usize) -> Self {
        match bytes {
            0..=3 => Self(0),
            4..=30 => Self(bytes as u8),
            _ => Self((30 + (bytes - 30) * 2 / 3).min(90) as u8),
        }
    }
}

/// One of those who speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speaker<P> {
    /// Who.
    pub participant: P,
    /// How loud, 0 to 127.
    pub level: u8,
}

#[derive(Debug)]
struct Voice {
    smoothed: f32,
    heard: Instant,
    /// Since when it lies on the other side of its threshold.
    crossing: Option<Instant>,
    speaking: bool,
}

/// The speakers of one room.
#[derive(Debug)]
pub struct Speakers<P> {
    voices: HashMap<P, Voice>,
    told: Vec<Speaker<P>>,
    looked_at: Option<Instant>,
}

impl<P: Copy + Eq + Hash + Ord> Default for Speakers<P> {
    fn default() -> Self {
        Self { voices: HashMap::new(), told: Vec::new(), looked_at: None }
    }
}

impl<P: Copy + Eq + Hash + Ord> Speakers<P> {
    /// An audio packet of `participant` came.
    pub fn push(&mut self, participant: P, loudness: Loudness, now: Instant) {
        let fresh = || Voice { smoothed: 0.0, heard: now, crossing: None, speaking: false };
        let voice = self.voices.entry(participant).or_insert_with(fresh);
        let passed = now.saturating_duration_since(voice.heard).max(Duration::from_millis(20));
        let share = 1.0 - (-passed.as_secs_f32() / SMOOTHING.as_secs_f32()).exp();
        voice.smoothed += (f32::from(loudness.0) - voice.smoothed) * share;
        voice.heard = now;
        voice.decide(now);
    }

    /// `participant` has muted or left.
    pub fn remove(&mut self, participant: P) {
        self.voices.remove(&participant);
    }

    /// Who speaks, the loudest first, if that changed and it is time to say so.
    pub fn poll(&mut self, now: Instant) -> Option<&[Speaker<P>]> {
        if self.looked_at.is_some_and(|at| now.saturating_duration_since(at) < INTERVAL) {
            return None;
        }
        self.looked_at = Some(now);
        for voice in self.voices.values_mut() {
            if now.saturating_duration_since(voice.heard) >= STALE {
                voice.smoothed = 0.0;
                voice.decide(now);
            }
        }
        let speaking = self.voices.iter().filter(|(_, voice)| voice.speaking);
        let speaker = |(&participant, voice): (&P, &Voice)| Speaker { participant, level: voice.smoothed as u8 };
        let mut speakers: Vec<_> = speaking.map(speaker).collect();
        speakers.sort_by_key(|speaker| (std::cmp::Reverse(speaker.level), speaker.participant));
        if speakers == self.told {
            return None;
        }
        self.told = speakers;
        Some(&self.told)
    }

    /// When to poll next, while anybody is heard. After a poll that is never at once, whatever the poll said: whoever
    /// waits for it would not sleep.
    pub fn poll_timeout(&self, now: Instant) -> Option<Instant> {
        let due = || self.looked_at.map_or(now, |at| now.max(at + INTERVAL));
        (!self.voices.is_empty() || !self.told.is_empty()).then(due)
    }
}

impl Voice {
    fn decide(&mut self, now: Instant) {
        let crossed = if self.speaking { self.smoothed < OFF } else { self.smoothed > ON };
        let Some(since) = crossed.then(|| *self.crossing.get_or_insert(now)) else {
            self.crossing = None;
            return;
        };
        let needed = if self.speaking { RELEASE } else { ATTACK };
        if now.saturating_duration_since(since) >= needed {
            self.speaking = !self.speaking;
            self.crossing = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock;

    const LOUD: Loudness = Loudness(80);
    const QUIET: Loudness = Loudness(10);

    /// Feeds a packet every 20 ms and collects who was said to speak, with the time in ms.
    fn run(script: &[(u64, Loudness)]) -> Vec<(u64, usize)> {
        let (mut speakers, start) = (Speakers::default(), clock::now());
        let (mut at, mut told) = (0, Vec::new());
        for (milliseconds, loudness) in script {
            let end = at + milliseconds;
            while at < end {
                let now = start + Duration::from_millis(at);
                speakers.push('a', *loudness, now);
                let before = told.last().map_or(0, |(_, count)| *count);
                if let Some(list) = speakers.poll(now)
                    && list.len() != before
                {
                    told.push((at, list.len()));
                }
                at += 20;
            }
        }
        told
    }

    #[test]
    fn a_voice_is_told_once_and_its_end_after_a_pause() {
        let told = run(&[(500, QUIET), (2000, LOUD), (2000, QUIET)]);
        let [(start, 1), (end, 0)] = told[..] else { panic!("{told:?}") };
        assert!((600..1000).contains(&start), "{start}");
        assert!((3200..3800).contains(&end), "{end}");
    }

    #[test]
    fn pauses_between_words_end_nothing_and_a_click_begins_nothing() {
        assert_eq!(run(&[(1000, LOUD), (400, QUIET), (1000, LOUD)]).len(), 1);
        assert_eq!(run(&[(500, QUIET), (100, LOUD), (2000, QUIET)]), []);
    }

    #[test]
    fn the_list_is_told_at_most_four_times_a_second() {
        let (mut speakers, start) = (Speakers::default(), clock::now());
        let mut told = 0;
        for step in 0..500u64 {
            let now = start + Duration::from_millis(step * 20);
            for participant in 0..5u64 {
                speakers.push(participant, Loudness((60 + (step * 7 + participant * 13) % 60) as u8), now);
            }
            told += usize::from(speakers.poll(now).is_some());
        }
        assert!((20..=40).contains(&told), "{told} in ten seconds");
    }

    #[test]
    fn a_poll_without_news_is_followed_by_a_rest_as_well() {
        let (mut speakers, start) = (Speakers::default(), clock::now());
        assert_eq!(speakers.poll_timeout(start), None);
        speakers.push('a', QUIET, start);
        assert_eq!(speakers.poll_timeout(start), Some(start));
        for round in 1..5 {
            let now = start + INTERVAL * round;
            speakers.push('a', QUIET, now);
            assert_eq!(speakers.poll(now), None);
            assert_eq!(speakers.poll_timeout(now), Some(now + INTERVAL));
        }
    }

    #[test]
    fn whoever_leaves_or_falls_silent_is_no_longer_listed() {
        let (mut speakers, start) = (Speakers::default(), clock::now());
        let mut now = start;
        for _ in 0..50 {
            now += Duration::from_millis(20);
            speakers.push('a', LOUD, now);
            speakers.push('b', LOUD, now);
        }
        assert_eq!(speakers.poll(now).map(<[_]>::len), Some(2));
        speakers.remove('a');
        now += INTERVAL;
        assert_eq!(
            speakers.poll(now).map(|list| list.iter().map(|speaker| speaker.participant).collect()),
            Some(vec!['b'])
        );
        // No packet at all: the silence is noticed, then lasts.
        speakers.poll(now + STALE);
        assert_eq!(speakers.poll(now + STALE + RELEASE).map(<[_]>::len), Some(0));
    }

    #[test]
    fn loudness_is_read_from_levels_and_guessed_from_sizes() {
        assert_eq!(
            (Loudness::from_level(0), Loudness::from_level(127), Loudness::from_level(255)),
            (Loudness(127), Loudness(0), Loudness(0))
        );
        assert_eq!(Loudness::from_opus_size(1), Loudness(0));
        assert!(f32::from(Loudness::from_opus_size(25).0) < OFF);
        assert!(f32::from(Loudness::from_opus_size(90).0) > ON);
        assert!(Loudness::from_opus_size(5000).0 <= 127);
    }
}
