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
}

impl NoticeKind {
    /// Every kind there is.
    pub const ALL: &[Self] = &[Self::Followed, Self::FriendRequested, Self::FriendAccepted];

    /// The kind as it stands in a row and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Followed => "followed",
            Self::FriendRequested => "friend-requested",
            Self::FriendAccepted => "friend-accepted",
        }
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
    /// Identifier of what it is about, when the kind has such a thing.
    #[schema(examples("01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e"))]
    pub subject: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// When it was read; none while it is new.
    pub read_at: Option<Timestamp>,
}
