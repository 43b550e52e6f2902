//! Genres of music: one closed list for profiles, songs, playlists and their covers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A genre of music.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Genre {
    /// Pop.
    Pop,
    /// Korean pop.
    KPop,
    /// Japanese pop.
    JPop,
    /// Hip-hop.
    HipHop,
    /// R&B.
    #[serde(rename = "rnb")]
    RhythmAndBlues,
    /// Ballads.
    Ballad,
    /// Dance.
    Dance,
    /// Indie.
    Indie,
    /// Music of films and games.
    Ost,
}

impl Genre {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Pop,
        Self::KPop,
        Self::JPop,
        Self::HipHop,
        Self::RhythmAndBlues,
        Self::Ballad,
        Self::Dance,
        Self::Indie,
        Self::Ost,
    ];

    /// As it stands in a row and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pop => "pop",
            Self::KPop => "k-pop",
            Self::JPop => "j-pop",
            Self::HipHop => "hip-hop",
            Self::RhythmAndBlues => "rnb",
            Self::Ballad => "ballad",
            Self::Dance => "dance",
            Self::Indie => "indie",
            Self::Ost => "ost",
        }
    }

    /// From a row or a request; none for what is no genre.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}
