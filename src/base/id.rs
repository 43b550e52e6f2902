//! A newtype per identifier, so that a function which takes a room and a participant cannot be called the wrong way round.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid, examples("01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e"))]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh UUIDv7: ordered by the time it was made, 74 bits of randomness.
            #[expect(clippy::new_without_default, reason = "a default identifier would hide that each one is new")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

identifier!(
    /// A room: where people meet. Its link holds this identifier.
    RoomId
);
identifier!(
    /// One seat in a room, kept across reconnects.
    ParticipantId
);
identifier!(
    /// One publication: a camera or a microphone as its owner published it.
    TrackId
);
identifier!(
    /// A screenshot of a call.
    StillId
);
identifier!(
    /// One line of chat.
    MessageId
);
identifier!(
    /// A registered person.
    UserId
);
identifier!(
    /// A log-in: the family of its refresh tokens.
    SessionId
);
identifier!(
    /// A proof of an e-mail address in the making.
    VerificationId
);
identifier!(
    /// One person asking another for friendship.
    FriendRequestId
);
identifier!(
    /// One notification of one person.
    NoticeId
);
identifier!(
    /// A picture that somebody uploaded.
    UploadId
);
identifier!(
    /// A person's copy of their data.
    ExportId
);
identifier!(
    /// A playlist.
    PlaylistId
);
identifier!(
    /// A mail in the outbox.
    MailId
);
identifier!(
    /// An invitation to a room.
    InviteId
);
identifier!(
    /// A knock on the door of a room.
    KnockId
);
identifier!(
    /// One person ringing another.
    CallId
);
identifier!(
    /// A post.
    PostId
);
identifier!(
    /// A comment on a post or a playlist, or a reply to one.
    CommentId
);
identifier!(
    /// A word that things are found by.
    TagId
);
identifier!(
    /// Somebody telling staff of something.
    ReportId
);
identifier!(
    /// One act of staff.
    ActId
);
identifier!(
    /// A song.
    SongId
);
identifier!(
    /// One song's place in a playlist.
    EntryId
);
identifier!(
    /// A playlist in the making.
    GenerationId
);
