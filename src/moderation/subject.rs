//! What a report or an act of staff is about.

use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::base::id::{CommentId, PostId, UserId};
use crate::comments::row::Comment;
use crate::comments::target::Target;
use crate::social::sight::playlist_seen;
use crate::store::StoreError;

/// Longest excerpt, in characters.
const EXCERPT: usize = 1000;

/// A kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// A person: what they are called, what they say about themselves, their picture.
    User,
    /// A post.
    Post,
    /// A comment or a reply.
    Comment,
    /// A room: its title and description.
    Room,
    /// A line of chat in a room.
    Message,
    /// A playlist: its title and description.
    Playlist,
}

impl SubjectKind {
    /// As it stands in a row.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Post => "post",
            Self::Comment => "comment",
            Self::Room => "room",
            Self::Message => "message",
            Self::Playlist => "playlist",
        }
    }

    /// The kind of that name.
    pub fn of(text: &str) -> Option<Self> {
        [Self::User, Self::Post, Self::Comment, Self::Room, Self::Message, Self::Playlist]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// One thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Of which kind it is.
    pub kind: SubjectKind,
    /// Its identifier.
    #[schema(value_type = String, format = Uuid, examples("01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e"))]
    pub id: Uuid,
}

/// A thing as whoever reports it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Whose doing it is; none for what a guest did.
    pub author: Option<UserId>,
    /// What it says.
    pub excerpt: String,
}

/// A person, unless they have blocked the viewer. Whom one has blocked oneself can still be reported: person, viewer.
pub const USER: &str = "SELECT u.id, u.nickname || ' @' || u.handle, u.about FROM users u \
     WHERE u.id = $1 AND u.deletes_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $2)";

/// Which rooms `r` the viewer `$2` may know of: by their address; or as a friend, a member, the host.
macro_rules! known {
    () => {
        "(r.host_id = $2 OR ((r.visibility IN ('link', 'open') \
         OR EXISTS (SELECT 1 FROM room_members m WHERE m.room_id = r.id AND m.user_id = $2 AND m.standing = 'admitted') \
         OR (r.visibility = 'friends' AND (\
         EXISTS (SELECT 1 FROM friendships s WHERE s.low_id = $2 AND s.high_id = r.host_id) \
         OR EXISTS (SELECT 1 FROM friendships s WHERE s.low_id = r.host_id AND s.high_id = $2)))) \
         AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = r.host_id AND b.blocked_id = $2)))"
    };
}

/// A room: room, viewer.
pub const ROOM: &str = concat!("SELECT r.host_id, r.title, r.description FROM rooms r WHERE r.id = $1 AND ", known!());

/// A line of chat: line, viewer.
pub const MESSAGE: &str = concat!(
    "SELECT t.user_id, t.name, t.body FROM messages t JOIN rooms r ON r.id = t.room_id \
     WHERE t.id = $1 AND t.deleted_at IS NULL AND ",
    known!()
);

/// A playlist: playlist, viewer.
pub const PLAYLIST: &str = concat!(
    "SELECT p.owner_id, p.title, p.description FROM playlists p JOIN users u ON u.id = p.owner_id WHERE p.id = $1 AND ",
    playlist_seen!("$2")
);

/// What a post says.
const POST: &str = "SELECT author_id, title, body FROM posts WHERE id = $1";

impl Subject {
    /// A thing by its identifier.
    pub fn new(kind: SubjectKind, id: impl std::fmt::Display) -> Option<Self> {
        Some(Self { kind, id: id.to_string().parse().ok()? })
    }

    /// The thing as `viewer` sees it; none when it is not there, or not for them to see.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn seen(self, connection: &mut AnyConnection, viewer: UserId) -> Result<Option<Seen>, StoreError> {
        let id = self.id.to_string();
        let query = match self.kind {
            SubjectKind::User => sqlx::query_as(USER).bind(id).bind(viewer),
            SubjectKind::Room => sqlx::query_as(ROOM).bind(id).bind(viewer),
            SubjectKind::Message => sqlx::query_as(MESSAGE).bind(id).bind(viewer),
            SubjectKind::Playlist => sqlx::query_as(PLAYLIST).bind(id).bind(viewer),
            SubjectKind::Post => {
                let post = PostId::from(self.id);
                if Target::Post(post).owner(connection, Some(viewer)).await?.is_none() {
                    return Ok(None);
                }
                sqlx::query_as(POST).bind(post)
            }
            SubjectKind::Comment => {
                let comment = Comment::load(connection, CommentId::from(self.id), Some(viewer)).await?;
                return Ok(comment.and_then(|comment| {
                    Some(Seen { author: Some(comment.author?.id), excerpt: excerpt("", &comment.body?) })
                }));
            }
        };
        let row: Option<(Option<UserId>, String, String)> = query.fetch_optional(connection).await?;
        Ok(row.map(|(author, first, rest)| Seen { author, excerpt: excerpt(&first, &rest) }))
    }
}

fn excerpt(first: &str, rest: &str) -> String {
    let whole = if first.is_empty() { rest.to_owned() } else { format!("{first}\n{rest}") };
    whole.trim().chars().take(EXCERPT).collect()
}
