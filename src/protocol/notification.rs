//! A notification, as the socket pushes it and as `GET /notifications` lists it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::{NoticeId, UserId};
use crate::base::timestamp::Timestamp;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Somebody follows.
    Followed,
    /// Somebody asks for friendship; the subject is the request.
    FriendRequested,
    /// Somebody agreed to be a friend; the subject is the request.
    FriendAccepted,
    /// Somebody likes a post; the subject is the post.
    PostLiked,
    /// Somebody commented on a post; the subject is the post.
    PostCommented,
    /// Somebody replied to a comment; the subject is the post.
    CommentReplied,
    /// Somebody likes a playlist; the subject is the playlist.
    PlaylistLiked,
    /// Somebody commented on a playlist; the subject is the playlist.
    PlaylistCommented,
    /// Somebody replied to a comment on a playlist; the subject is the playlist.
    PlaylistReplied,
    /// Somebody asks for one's room to be opened; the subject is the room.
    RoomKnocked,
    /// Somebody opened their room; the subject is the room.
    RoomAdmitted,
    /// Somebody rang in vain; the subject is the call.
    CallMissed,
    /// One is in a picture that somebody took; the subject is the still.
    StillAsked,
}

impl NoticeKind {
    /// Every kind there is.
    pub const ALL: &[Self] = &[
        Self::Followed,
        Self::FriendRequested,
        Self::FriendAccepted,
        Self::PostLiked,
        Self::PostCommented,
        Self::CommentReplied,
        Self::PlaylistLiked,
        Self::PlaylistCommented,
        Self::PlaylistReplied,
        Self::RoomKnocked,
        Self::RoomAdmitted,
        Self::CallMissed,
        Self::StillAsked,
    ];

    /// The kind as it stands in a row and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Followed => "followed",
            Self::FriendRequested => "friend-requested",
            Self::FriendAccepted => "friend-accepted",
            Self::PostLiked => "post-liked",
            Self::PostCommented => "post-commented",
            Self::CommentReplied => "comment-replied",
            Self::PlaylistLiked => "playlist-liked",
            Self::PlaylistCommented => "playlist-commented",
            Self::PlaylistReplied => "playlist-replied",
            Self::RoomKnocked => "room-knocked",
            Self::RoomAdmitted => "room-admitted",
            Self::CallMissed => "call-missed",
            Self::StillAsked => "still-asked",
        }
    }

    /// Whether two notices of this kind from the same person are one only when they are about the same thing.
    pub const fn is_of_a_subject(self) -> bool {
        !matches!(self, Self::Followed | Self::FriendRequested | Self::FriendAccepted)
    }

    /// The kind of that name.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// Somebody with an account, as a notification or a room shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// The person.
    pub id: UserId,
    /// Their handle: lower-case letters, digits and `_`; unique.
    #[schema(examples("ada"))]
    pub handle: String,
    /// The name that is shown.
    #[schema(examples("Ada"))]
    pub nickname: String,
    /// Address of their picture, from the root of this server; none when they have not chosen one.
    #[schema(examples("/api/v1/pictures/5kq0p1yj3c2v8m6n4b7x9z0aqw.webp"))]
    pub avatar: Option<String>,
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notification {
    /// The notification.
    pub id: NoticeId,
    /// What happened.
    pub kind: NoticeKind,
    /// Who did it; none when they are gone.
    pub actor: Option<Person>,
    /// Identifier of what it is about, when the kind has such a thing and it is there to be seen.
    #[schema(examples("01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e"))]
    pub subject: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// When it was read; none while it is new.
    pub read_at: Option<Timestamp>,
}
