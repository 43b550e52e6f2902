//! The shape of a post in answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::{PostId, UploadId};
use crate::base::timestamp::Timestamp;
use crate::protocol::mood::ClearMood;
use crate::users::card::Card;
use crate::users::me::PlaylistTitle;

/// Whom the author shows a post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PostVisibility {
    /// Everybody, guests too; listed in the feeds.
    #[default]
    Public,
    /// Whoever follows the author, and friends.
    Followers,
    /// Friends.
    Friends,
    /// The author alone.
    Private,
}

impl PostVisibility {
    const ALL: [Self; 4] = [Self::Public, Self::Followers, Self::Friends, Self::Private];

    /// As it stands in a row and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Followers => "followers",
            Self::Friends => "friends",
            Self::Private => "private",
        }
    }

    /// From a row. What nobody knows is shown to nobody.
    pub fn of(text: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.as_str() == text).unwrap_or(Self::Private)
    }
}

/// A post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Post {
    /// The post.
    pub id: PostId,
    /// Who wrote it.
    pub author: Card,
    /// Its title.
    #[schema(examples("Rain on the window"))]
    pub title: String,
    /// Its text; may be empty.
    #[schema(examples("Three hours of it, and nobody wanted to hang up."))]
    pub body: String,
    /// Its pictures, in the author's order.
    pub pictures: Vec<PostPicture>,
    /// What it is found by, in the order of the alphabet.
    pub tags: Vec<String>,
    /// The playlist that belongs to it; none when it is private and not the viewer's.
    pub playlist: Option<PlaylistTitle>,
    /// Its mood.
    pub mood: Option<ClearMood>,
    /// Whom the author shows it.
    pub visibility: PostVisibility,
    /// How much of everything.
    pub counts: PostCounts,
    /// Whether the viewer likes it.
    pub liked: bool,
    /// Whether the viewer has bookmarked it.
    pub bookmarked: bool,
    /// Whether the viewer wrote it.
    pub mine: bool,
    /// When it was written.
    pub created_at: Timestamp,
    /// When its words, pictures or visibility were last changed.
    pub edited_at: Option<Timestamp>,
    /// Grows with each change; the entity tag is `"v"` and this, quoted.
    #[schema(minimum = 1)]
    pub version: i64,
}

/// A picture of a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostPicture {
    /// Address of the picture, from the root of this server.
    #[schema(examples("/api/v1/pictures/9b1c0f6f7d3a4e58a1b2c3d4e5f60718.jpg"))]
    pub url: String,
    /// Width in pixels.
    #[schema(minimum = 1)]
    pub width: i64,
    /// Height in pixels.
    #[schema(minimum = 1)]
    pub height: i64,
    /// What is to be seen, for those who do not see it; may be empty.
    pub description: String,
    /// Whether it was taken in a call.
    pub from_call: bool,
    /// The upload, for its owner alone, to name it in a change.
    pub upload: Option<UploadId>,
}

/// How much of everything a post has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostCounts {
    /// Visits; one person counts once in half an hour.
    #[schema(minimum = 0)]
    pub views: i64,
    /// Who like it.
    #[schema(minimum = 0)]
    pub likes: i64,
    /// Comments and replies.
    #[schema(minimum = 0)]
    pub comments: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_rows_are_the_words_on_the_wire() {
        for one in PostVisibility::ALL {
            assert_eq!(serde_json::to_value(one).unwrap(), one.as_str());
            assert_eq!(PostVisibility::of(one.as_str()), one);
        }
        assert_eq!(PostVisibility::of("nonsense"), PostVisibility::Private);
    }
}
