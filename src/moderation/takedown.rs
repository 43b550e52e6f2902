//! Taking down what somebody wrote. What is not theirs is not found.

use super::act::written;
use super::audit::{Act, Action};
use crate::base::id::{CommentId, MessageId, PlaylistId, PostId, RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::comments::delete::Doomed;
use crate::notices::hide;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::rooms::chat::delete::erase;
use crate::rooms::chat::line::Origin;
use crate::rooms::chat::tell;
use crate::rooms::delete;
use crate::social::pair::{Trouble, patiently};
use crate::store::Store;
use crate::tags::set::{Sight, Tagged};
use crate::web::error::ApiError;

/// A post that is not taken down yet: post, author. It has not changed otherwise when this answers.
pub const TAKE: &str = "UPDATE posts SET taken_down = 1 WHERE id = $1 AND author_id = $2 AND taken_down = 0 \
     RETURNING visibility, created_at, deleted_at";

/// A post that was taken down: post, author. What its author had deleted before stays deleted.
pub const GIVE_BACK: &str = "UPDATE posts SET taken_down = 0, deleted_at = CASE WHEN EXISTS (SELECT 1 FROM audit_log l \
     WHERE l.subject_id = posts.id AND l.action = 'hide-post' AND l.created_at = posts.deleted_at) \
     THEN NULL ELSE deleted_at END WHERE id = $1 AND author_id = $2 AND taken_down = 1 \
     RETURNING visibility, created_at, deleted_at";

type Hidden = (String, Timestamp, Option<Timestamp>);

/// Hides a post of `author`, or shows it again.
pub(super) async fn post(
    store: &Store,
    me: UserId,
    author: UserId,
    post: PostId,
    hidden: bool,
    note: &str,
    now: Timestamp,
) -> Result<Act, ApiError> {
    let mut transaction = store.begin().await?;
    let sql = if hidden { TAKE } else { GIVE_BACK };
    let found: Option<Hidden> = sqlx::query_as(sql).bind(post).bind(author).fetch_optional(&mut *transaction).await?;
    let (visibility, created_at, deleted_at) = found.ok_or_else(gone)?;
    let open = Sight::of(visibility == "public" && deleted_at.is_none());
    let tagged = Tagged::Post(post, created_at);
    if hidden {
        // At the time of the act itself, by which it is known again.
        sqlx::query("UPDATE posts SET deleted_at = COALESCE(deleted_at, $2) WHERE id = $1")
            .bind(post)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        tagged.seen(&mut transaction, open, Sight::Hidden).await?;
    } else {
        tagged.seen(&mut transaction, Sight::Hidden, open).await?;
    }
    let action = if hidden { Action::HidePost } else { Action::ShowPost };
    let act = written(&mut transaction, me, action, &post.to_string(), note, now).await?;
    transaction.commit().await?;
    Ok(act)
}

/// A playlist that is not taken down yet: playlist, owner.
pub const TAKE_PLAYLIST: &str = "UPDATE playlists SET taken_down = 1 WHERE id = $1 AND owner_id = $2 AND taken_down = 0 \
     RETURNING is_public, created_at, deleted_at";

/// A playlist that was taken down: playlist, owner. What its owner had deleted before stays deleted.
pub const GIVE_PLAYLIST_BACK: &str = "UPDATE playlists SET taken_down = 0, deleted_at = CASE WHEN EXISTS (\
     SELECT 1 FROM audit_log l WHERE l.subject_id = playlists.id AND l.action = 'hide-playlist' \
     AND l.created_at = playlists.deleted_at) THEN NULL ELSE deleted_at END \
     WHERE id = $1 AND owner_id = $2 AND taken_down = 1 RETURNING is_public, created_at, deleted_at";

/// Hides a playlist of `owner`, or shows it again.
pub(super) async fn playlist(
    store: &Store,
    me: UserId,
    owner: UserId,
    playlist: PlaylistId,
    hidden: bool,
    note: &str,
    now: Timestamp,
) -> Result<Act, ApiError> {
    patiently(async || -> Result<Act, Trouble> {
        let mut transaction = hide::begin(store, playlist, owner).await?;
        let sql = if hidden { TAKE_PLAYLIST } else { GIVE_PLAYLIST_BACK };
        let found: Option<(i16, Timestamp, Option<Timestamp>)> =
            sqlx::query_as(sql).bind(playlist).bind(owner).fetch_optional(&mut *transaction).await?;
        let (is_public, created_at, deleted_at) = found.ok_or_else(gone)?;
        let open = Sight::of(is_public != 0 && deleted_at.is_none());
        let tagged = Tagged::Playlist(playlist, created_at);
        if hidden {
            // At the time of the act itself, by which it is known again.
            sqlx::query("UPDATE playlists SET deleted_at = COALESCE(deleted_at, $2) WHERE id = $1")
                .bind(playlist)
                .bind(now)
                .execute(&mut *transaction)
                .await?;
            hide::quiet(&mut transaction, playlist, owner).await?;
            tagged.seen(&mut transaction, open, Sight::Hidden).await?;
        } else {
            tagged.seen(&mut transaction, Sight::Hidden, open).await?;
        }
        let action = if hidden { Action::HidePlaylist } else { Action::ShowPlaylist };
        let act = written(&mut transaction, me, action, &playlist.to_string(), note, now).await?;
        transaction.commit().await?;
        Ok(act)
    })
    .await
}

/// Deletes a comment of `author`.
pub(super) async fn comment(
    store: &Store,
    me: UserId,
    author: UserId,
    comment: CommentId,
    note: &str,
    now: Timestamp,
) -> Result<Act, ApiError> {
    let doomed = Doomed::find(store, comment).await?.filter(|doomed| doomed.about.writer == author).ok_or_else(gone)?;
    patiently(async || -> Result<Act, Trouble> {
        let mut transaction = doomed.about.begin(store).await?;
        if !doomed.remove(&mut transaction).await? {
            return Err(gone().into());
        }
        let subject = comment.to_string();
        let act = written(&mut transaction, me, Action::RemoveComment, &subject, note, now).await?;
        transaction.commit().await?;
        Ok(act)
    })
    .await
}

/// Deletes a line of chat of `author` (none: a guest's); the room hears of it.
pub(super) async fn message(
    rooms: &Rooms,
    me: UserId,
    author: Option<UserId>,
    message: MessageId,
    note: &str,
    now: Timestamp,
) -> Result<Act, ApiError> {
    let store = &rooms.state.store;
    let line = Origin::load(&mut *store.read().acquire().await?, message).await?;
    let line = line.filter(|line| line.user == author).ok_or_else(gone)?;
    let (rooms, note) = (rooms.clone(), note.to_owned());
    // Whoever goes away meanwhile must not leave a line on the pages of the room.
    let removing = rooms.state.tasks.clone().spawn(async move {
        let _turn = rooms.chat().turn(line.room).await;
        let mut transaction = rooms.state.store.begin().await?;
        let news = erase(&mut transaction, line.room, message).await?.ok_or_else(gone)?;
        let act = written(&mut transaction, me, Action::RemoveMessage, &message.to_string(), &note, now).await?;
        transaction.commit().await?;
        tell(&rooms, line.room, &news);
        Ok(act)
    });
    removing.await.map_err(|_| ApiError::Internal)?
}

/// Deletes a room of `host` (none: a guest's), and ends its call.
pub(super) async fn room(
    rooms: &Rooms,
    me: UserId,
    host: Option<UserId>,
    room: RoomId,
    note: &str,
    now: Timestamp,
) -> Result<Act, ApiError> {
    let (rooms, note) = (rooms.clone(), note.to_owned());
    // Whoever goes away meanwhile must not leave people in a room that is gone.
    let removing = rooms.state.tasks.clone().spawn(async move {
        let mut transaction = rooms.state.store.begin().await?;
        delete::remove(&mut transaction, room, host).await?;
        let act = written(&mut transaction, me, Action::RemoveRoom, &room.to_string(), &note, now).await?;
        transaction.commit().await?;
        rooms.end(room).await;
        Ok(act)
    });
    removing.await.map_err(|_| ApiError::Internal)?
}

/// What is to be taken down is not there, or somebody else's.
pub(super) fn gone() -> ApiError {
    ApiError::NotFound(Code::NotFound)
}
