//! Where in its playlist a room is, as a value: it is told the time.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::base::id::{EntryId, PlaylistId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::protocol::soundtrack::{Order, Soundtrack};

/// Later than this in a song, "previous" begins it again.
const AGAIN: Duration = Duration::from_secs(3);

/// A playlist as the room's host sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The list.
    pub playlist: PlaylistId,
    /// What it is called.
    pub title: String,
    /// Address of its cover.
    pub cover: Option<String>,
    /// Its songs in their order; there is at least one.
    pub songs: Vec<Track>,
}

/// One song of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// Its place in the list: the same wherever it is moved to.
    pub entry: EntryId,
    /// How long it is.
    pub length: Duration,
    /// As `GET /songs/{id}` shows it.
    pub song: Value,
}

/// A moment, on the clock that only runs forward and on the one that people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// For spans of time.
    pub instant: Instant,
    /// For pages.
    pub at: Timestamp,
}

impl Moment {
    fn after(self, span: Duration) -> Self {
        Self { instant: self.instant + span, at: self.at.after(span) }
    }
}

/// What plays, and where in it one is.
#[derive(Clone, Debug)]
pub struct Playing {
    list: Listed,
    index: usize,
    playing: bool,
    /// Where in the song it was at `since`.
    position: Duration,
    since: Moment,
}

impl Playing {
    /// The beginning of a list, silent. None for a list without songs.
    pub fn at_start(list: Listed, now: Moment) -> Option<Self> {
        let some = !list.songs.is_empty();
        some.then_some(Self { list, index: 0, playing: false, position: Duration::ZERO, since: now })
    }

    /// The list.
    pub fn playlist(&self) -> PlaylistId {
        self.list.playlist
    }

    fn length(&self) -> Duration {
        self.list.songs.get(self.index).map_or(Duration::ZERO, |track| track.length)
    }

    /// Where in the song it is.
    pub fn position(&self, now: Instant) -> Duration {
        let gone = if self.playing { now.saturating_duration_since(self.since.instant) } else { Duration::ZERO };
        (self.position + gone).min(self.length())
    }

    /// When the song ends by itself.
    pub fn ends(&self) -> Option<Instant> {
        self.playing.then(|| self.since.instant + self.length().saturating_sub(self.position))
    }

    /// Goes on to the next song, as often as one has ended by now; after the last comes the first. Whether any has.
    pub fn advance(&mut self, now: Instant) -> bool {
        let before = self.index;
        let mut advanced = false;
        while let Some(ends) = self.ends().filter(|ends| *ends <= now) {
            let left = ends.saturating_duration_since(self.since.instant);
            let since = self.since.after(left);
            self.begin((self.index + 1) % self.list.songs.len(), since);
            advanced = true;
            // Round once: whoever slept through a whole list does not count its rounds.
            if self.index == before {
                let slept = now.saturating_duration_since(self.since.instant);
                if slept >= self.length() {
                    self.begin(self.index, self.since.after(slept));
                }
            }
        }
        advanced
    }

    fn begin(&mut self, index: usize, since: Moment) {
        (self.index, self.position, self.since) = (index, Duration::ZERO, since);
    }

    /// Does what the host asks. Whether another song begins.
    ///
    /// # Errors
    /// [`Code::Invalid`]: there is no such place in the song.
    pub fn obey(&mut self, order: Order, now: Moment) -> Result<bool, Code> {
        self.advance(now.instant);
        let position = self.position(now.instant);
        let before = self.index;
        match order {
            Order::Play | Order::Pause => {
                (self.position, self.since) = (position, now);
                self.playing = order == Order::Play;
            }
            Order::Seek { position_ms } => {
                let to = Duration::from_millis(position_ms);
                if to > self.length() {
                    return Err(Code::Invalid);
                }
                (self.position, self.since) = (to, now);
            }
            Order::Next => self.begin((self.index + 1) % self.list.songs.len(), now),
            Order::Previous if position > AGAIN => self.begin(self.index, now),
            Order::Previous => self.begin(self.index.saturating_sub(1), now),
        }
        Ok(self.index != before)
    }

    /// Takes the list over as it is now. The song that plays goes on, wherever it stands by now; when it was taken out, the
    /// one in its place begins. Whether anything is to be told; none when no song is left.
    pub fn renew(&mut self, list: Listed, now: Moment) -> Option<bool> {
        if list == self.list {
            return Some(false);
        }
        let entry = self.list.songs.get(self.index).map(|track| track.entry);
        let there = list.songs.iter().position(|track| Some(track.entry) == entry);
        let last = list.songs.len().checked_sub(1)?;
        self.list = list;
        match there {
            Some(index) => self.index = index,
            None => self.begin(self.index.min(last), now),
        }
        Some(true)
    }

    /// What everybody is told.
    pub fn shown(&self) -> Soundtrack {
        let Listed { playlist, title, cover, songs } = &self.list;
        Soundtrack {
            playlist: *playlist,
            title: title.clone(),
            cover: cover.clone(),
            song: songs.get(self.index).map_or(Value::Null, |track| track.song.clone()),
            index: u32::try_from(self.index).unwrap_or(u32::MAX),
            count: u32::try_from(songs.len()).unwrap_or(u32::MAX),
            playing: self.playing,
            position_ms: u64::try_from(self.position.as_millis()).unwrap_or(u64::MAX),
            at: self.since.at,
        }
    }
}

#[cfg(test)]
#[path = "playing_tests.rs"]
mod tests;
