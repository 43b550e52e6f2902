//! The shape of a playlist in answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::{EntryId, PlaylistId};
use crate::base::timestamp::Timestamp;
use crate::protocol::mood::ClearMood;
use crate::songs::song::Song;
use crate::users::card::Card;
use crate::users::genre::Genre;
use crate::web::page::Page;

/// A playlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Playlist {
    /// The playlist.
    pub id: PlaylistId,
    /// Whose it is.
    pub owner: Card,
    /// Its title.
    #[schema(examples("Rain on the window"))]
    pub title: String,
    /// What it is for; may be empty.
    #[schema(examples("For the last bus home."))]
    pub description: String,
    /// Whether everybody sees it, or its owner alone.
    pub is_public: bool,
    /// Its genre.
    pub genre: Option<Genre>,
    /// Its mood.
    pub mood: Option<ClearMood>,
    /// What it is found by, in the order of the alphabet.
    pub tags: Vec<String>,
    /// Its cover; none in the moment before the first one is drawn.
    pub cover: Option<Cover>,
    /// What put it together: none is a person, `catalog` this server, else the name of the model.
    #[schema(examples("catalog"))]
    pub generated_by: Option<String>,
    /// How many songs are in it.
    #[schema(minimum = 0)]
    pub song_count: i64,
    /// Who like it.
    #[schema(minimum = 0)]
    pub like_count: i64,
    /// Comments and replies.
    #[schema(minimum = 0)]
    pub comment_count: i64,
    /// Whether the viewer likes it.
    pub liked: bool,
    /// Whether the viewer has bookmarked it.
    pub bookmarked: bool,
    /// Whether it is the viewer's.
    pub is_own: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its words, its cover, its songs or who sees it were last changed.
    pub edited_at: Option<Timestamp>,
    /// Grows with each change; the entity tag is `"v"` and this, quoted.
    #[schema(minimum = 1)]
    pub version: i64,
}

/// The picture of a playlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cover {
    /// Address of the picture, from the root of this server.
    #[schema(examples("/api/v1/pictures/9b1c0f6f7d3a4e58a1b2c3d4e5f60718.png"))]
    pub url: String,
    /// Where it comes from.
    pub kind: CoverKind,
}

/// Where a cover comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CoverKind {
    /// Drawn by this server from the mood and the genre.
    Drawn,
    /// Made by a model.
    Generated,
    /// Uploaded by its owner.
    Uploaded,
}

impl CoverKind {
    /// As it stands in a row and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Drawn => "drawn",
            Self::Generated => "generated",
            Self::Uploaded => "uploaded",
        }
    }

    /// From a row.
    pub fn of(text: &str) -> Option<Self> {
        [Self::Drawn, Self::Generated, Self::Uploaded].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// One song's place in a playlist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlaylistEntry {
    /// The place, which stays the same when it moves.
    pub id: EntryId,
    /// The song.
    pub song: Song,
    /// When it was added.
    pub added_at: Timestamp,
}

/// A playlist with the beginning of its songs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WholePlaylist {
    /// The playlist.
    #[serde(flatten)]
    pub playlist: Playlist,
    /// Its first songs; the cursor goes on in its list of songs.
    pub songs: Page<PlaylistEntry>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_rows_are_the_words_on_the_wire() {
        for kind in [CoverKind::Drawn, CoverKind::Generated, CoverKind::Uploaded] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(CoverKind::of(kind.as_str()), Some(kind));
        }
        assert_eq!(CoverKind::of("nonsense"), None);
    }
}
