//! What a copy of one's data holds: every row that is about somebody, as JSON, and their pictures.

use serde_json::{Map, Value};
use sqlx::any::AnyRow;
use sqlx::{Column as _, Row as _};
use tokio::sync::mpsc::Sender;

use super::work::{ExportError, Piece};
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::blobs::{BlobError, BlobName, Blobs};
use crate::users::Users;
use crate::users::me::Me;

/// Rows that are read at once.
const ROWS: usize = 500;

/// A file with a list of rows. The query is told the person and, by `cursor_at` and `cursor_id`, after which row to go on.
/// Columns that end in `_at` are times, those in [`TRUTHS`] are yes or no, those in [`NUMBERS`] numbers, others text.
struct List {
    file: &'static str,
    sql: &'static str,
}

const TRUTHS: &[&str] = &["granted", "guests", "remember", "is_public", "video"];
const NUMBERS: &[&str] =
    &["bytes", "capacity", "width", "height", "position", "view_count", "like_count", "comment_count", "song_count"];

const LISTS: &[List] = &[
    List {
        file: "log-ins.json",
        sql: "SELECT id, method, user_agent, address, remember, created_at, used_at, expires_at, revoked_at, \
              created_at AS cursor_at, id AS cursor_id FROM sessions \
              WHERE user_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT 500",
    },
    List {
        file: "consents.json",
        sql: "SELECT purpose, granted, version, changed_at, changed_at AS cursor_at, purpose AS cursor_id \
              FROM consents WHERE user_id = $1 AND (changed_at, purpose) > ($2, $3) \
              ORDER BY changed_at, purpose LIMIT 500",
    },
    List {
        file: "providers.json",
        sql: "SELECT provider, created_at, created_at AS cursor_at, subject AS cursor_id FROM identities \
              WHERE user_id = $1 AND (created_at, subject) > ($2, $3) ORDER BY created_at, subject LIMIT 500",
    },
    List {
        file: "following.json",
        sql: "SELECT u.id, u.handle, u.nickname, f.created_at, f.created_at AS cursor_at, f.followee_id AS cursor_id \
              FROM follows f JOIN users u ON u.id = f.followee_id \
              WHERE f.follower_id = $1 AND (f.created_at, f.followee_id) > ($2, $3) \
              ORDER BY f.created_at, f.followee_id LIMIT 500",
    },
    List {
        file: "followers.json",
        sql: "SELECT u.id, u.handle, u.nickname, f.created_at, f.created_at AS cursor_at, f.follower_id AS cursor_id \
              FROM follows f JOIN users u ON u.id = f.follower_id \
              WHERE f.followee_id = $1 AND (f.created_at, f.follower_id) > ($2, $3) \
              ORDER BY f.created_at, f.follower_id LIMIT 500",
    },
    List {
        file: "friends.json",
        sql: "SELECT u.id, u.handle, u.nickname, f.created_at, f.created_at AS cursor_at, u.id AS cursor_id \
              FROM friendships f JOIN users u ON u.id = CASE WHEN f.low_id = $1 THEN f.high_id ELSE f.low_id END \
              WHERE (f.low_id = $1 OR f.high_id = $1) AND (f.created_at, u.id) > ($2, $3) \
              ORDER BY f.created_at, u.id LIMIT 500",
    },
    List {
        file: "friend-requests.json",
        sql: "SELECT r.id, r.from_id, a.handle AS from_handle, r.to_id, b.handle AS to_handle, r.status, \
              r.created_at, r.answered_at, r.created_at AS cursor_at, r.id AS cursor_id \
              FROM friend_requests r JOIN users a ON a.id = r.from_id JOIN users b ON b.id = r.to_id \
              WHERE (r.from_id = $1 OR r.to_id = $1) AND (r.created_at, r.id) > ($2, $3) \
              ORDER BY r.created_at, r.id LIMIT 500",
    },
    List {
        file: "blocks.json",
        sql: "SELECT u.id, u.handle, u.nickname, b.created_at, b.created_at AS cursor_at, b.blocked_id AS cursor_id \
              FROM blocks b JOIN users u ON u.id = b.blocked_id \
              WHERE b.blocker_id = $1 AND (b.created_at, b.blocked_id) > ($2, $3) \
              ORDER BY b.created_at, b.blocked_id LIMIT 500",
    },
    List {
        file: "notifications.json",
        sql: "SELECT n.id, n.kind, u.handle AS actor, n.created_at, n.read_at, \
              n.created_at AS cursor_at, n.id AS cursor_id \
              FROM notifications n LEFT JOIN users u ON u.id = n.actor_id \
              WHERE n.user_id = $1 AND (n.created_at, n.id) > ($2, $3) ORDER BY n.created_at, n.id LIMIT 500",
    },
    List {
        file: "comments.json",
        sql: "SELECT id, post_id, playlist_id, parent_id, body, created_at, edited_at, \
              created_at AS cursor_at, id AS cursor_id FROM comments \
              WHERE author_id = $1 AND deleted_at IS NULL AND (created_at, id) > ($2, $3) \
              ORDER BY created_at, id LIMIT 500",
    },
    List {
        file: "reports.json",
        sql: "SELECT id, subject_kind, subject_id, reason, note, status, created_at, closed_at, \
              created_at AS cursor_at, id AS cursor_id FROM reports \
              WHERE reporter_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT 500",
    },
    List {
        file: "rooms.json",
        sql: "SELECT id, title, description, visibility, guests, capacity, created_at, updated_at, \
              created_at AS cursor_at, id AS cursor_id FROM rooms \
              WHERE host_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT 500",
    },
    List {
        file: "room-tags.json",
        sql: "SELECT x.room_id, t.name AS tag, x.created_at AS cursor_at, x.room_id || '.' || x.tag_id AS cursor_id \
              FROM rooms r JOIN room_tags x ON x.room_id = r.id JOIN tags t ON t.id = x.tag_id \
              WHERE r.host_id = $1 AND (x.created_at, x.room_id || '.' || x.tag_id) > ($2, $3) \
              ORDER BY x.created_at, x.room_id || '.' || x.tag_id LIMIT 500",
    },
    List {
        file: "calls.json",
        sql: "SELECT c.id, a.handle AS caller, b.handle AS callee, c.status, c.video, c.created_at, c.answered_at, \
              c.ended_at, c.created_at AS cursor_at, c.id AS cursor_id \
              FROM calls c JOIN users a ON a.id = c.caller_id JOIN users b ON b.id = c.callee_id \
              WHERE (c.caller_id = $1 OR c.callee_id = $1) AND (c.created_at, c.id) > ($2, $3) \
              ORDER BY c.created_at, c.id LIMIT 500",
    },
    List {
        file: "messages.json",
        sql: "SELECT m.id, m.room_id, r.title AS room, m.name, m.body AS text, m.created_at, m.edited_at, \
              m.created_at AS cursor_at, m.id AS cursor_id FROM messages m JOIN rooms r ON r.id = m.room_id \
              WHERE m.user_id = $1 AND m.deleted_at IS NULL AND (m.created_at, m.id) > ($2, $3) \
              ORDER BY m.created_at, m.id LIMIT 500",
    },
    List {
        file: "still-consents.json",
        sql: "SELECT p.still_id, p.name, p.consent, p.answered_at, s.created_at, \
              s.created_at AS cursor_at, p.still_id || p.participant_id AS cursor_id \
              FROM still_people p JOIN stills s ON s.id = p.still_id \
              WHERE p.user_id = $1 AND (s.created_at, p.still_id || p.participant_id) > ($2, $3) \
              ORDER BY s.created_at, p.still_id || p.participant_id LIMIT 500",
    },
    List {
        file: "knocks.json",
        sql: "SELECT id, room_id, status, created_at, answered_at, created_at AS cursor_at, id AS cursor_id \
              FROM room_knocks WHERE user_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT 500",
    },
    List {
        file: "playlists.json",
        sql: "SELECT id, title, description, is_public, genre, mood, cover, cover_kind, generated_by, song_count, \
              like_count, comment_count, created_at, edited_at, deleted_at, created_at AS cursor_at, id AS cursor_id FROM playlists \
              WHERE owner_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT 500",
    },
    List {
        file: "generations.json",
        sql: "SELECT id, kind, status, playlist_id, created_at, ended_at, created_at AS cursor_at, id AS cursor_id \
              FROM playlist_generations WHERE user_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT 500",
    },
    List {
        file: "playlist-songs.json",
        sql: "SELECT e.id, e.playlist_id, e.place, e.song_id, s.title_ko, s.title_en, s.artist_ko, s.artist_en, e.added_at, \
              e.added_at AS cursor_at, e.id AS cursor_id \
              FROM playlists p JOIN playlist_songs e ON e.playlist_id = p.id JOIN songs s ON s.id = e.song_id \
              WHERE p.owner_id = $1 AND (e.added_at, e.id) > ($2, $3) ORDER BY e.added_at, e.id LIMIT 500",
    },
    List {
        file: "playlist-tags.json",
        sql: "SELECT x.playlist_id, t.name AS tag, x.created_at AS cursor_at, \
              x.playlist_id || '.' || x.tag_id AS cursor_id \
              FROM playlists p JOIN playlist_tags x ON x.playlist_id = p.id JOIN tags t ON t.id = x.tag_id \
              WHERE p.owner_id = $1 AND (x.created_at, x.playlist_id || '.' || x.tag_id) > ($2, $3) \
              ORDER BY x.created_at, x.playlist_id || '.' || x.tag_id LIMIT 500",
    },
    List {
        file: "playlist-likes.json",
        sql: "SELECT playlist_id, created_at, created_at AS cursor_at, playlist_id AS cursor_id FROM playlist_likes \
              WHERE user_id = $1 AND (created_at, playlist_id) > ($2, $3) ORDER BY created_at, playlist_id LIMIT 500",
    },
    List {
        file: "playlist-bookmarks.json",
        sql: "SELECT playlist_id, created_at, created_at AS cursor_at, playlist_id AS cursor_id FROM playlist_bookmarks \
              WHERE user_id = $1 AND (created_at, playlist_id) > ($2, $3) ORDER BY created_at, playlist_id LIMIT 500",
    },
    List {
        file: "posts.json",
        sql: "SELECT id, title, body, visibility, playlist_id, mood, view_count, like_count, comment_count, created_at, \
              edited_at, deleted_at, created_at AS cursor_at, id AS cursor_id FROM posts \
              WHERE author_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT 500",
    },
    List {
        file: "post-pictures.json",
        sql: "SELECT f.post_id, f.position, x.public_name AS file, f.description, p.created_at AS cursor_at, \
              f.post_id || '.' || CAST(100 + f.position AS TEXT) AS cursor_id \
              FROM posts p JOIN post_pictures f ON f.post_id = p.id JOIN uploads x ON x.id = f.upload_id \
              WHERE p.author_id = $1 AND (p.created_at, f.post_id || '.' || CAST(100 + f.position AS TEXT)) > ($2, $3) \
              ORDER BY p.created_at, f.post_id || '.' || CAST(100 + f.position AS TEXT) LIMIT 500",
    },
    List {
        file: "post-tags.json",
        sql: "SELECT x.post_id, t.name AS tag, x.created_at AS cursor_at, x.post_id || '.' || x.tag_id AS cursor_id \
              FROM posts p JOIN post_tags x ON x.post_id = p.id JOIN tags t ON t.id = x.tag_id \
              WHERE p.author_id = $1 AND (x.created_at, x.post_id || '.' || x.tag_id) > ($2, $3) \
              ORDER BY x.created_at, x.post_id || '.' || x.tag_id LIMIT 500",
    },
    List {
        file: "likes.json",
        sql: "SELECT post_id, created_at, created_at AS cursor_at, post_id AS cursor_id FROM post_likes \
              WHERE user_id = $1 AND (created_at, post_id) > ($2, $3) ORDER BY created_at, post_id LIMIT 500",
    },
    List {
        file: "bookmarks.json",
        sql: "SELECT post_id, created_at, created_at AS cursor_at, post_id AS cursor_id FROM post_bookmarks \
              WHERE user_id = $1 AND (created_at, post_id) > ($2, $3) ORDER BY created_at, post_id LIMIT 500",
    },
];

/// Not among [`LISTS`], because each of its rows brings a file along.
const UPLOADS: List = List {
    file: "uploads.json",
    sql: "SELECT id, public_name AS file, blob, media_type, width, height, bytes, created_at, \
          created_at AS cursor_at, id AS cursor_id FROM uploads \
          WHERE owner_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT 500",
};

/// The same; the files are among the stills.
const STILLS: List = List {
    file: "stills.json",
    sql: "SELECT id, room_title AS room, width, height, id || '.png' AS blob, created_at, \
          created_at AS cursor_at, id AS cursor_id FROM stills \
          WHERE owner_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT 500",
};

/// Sends everything about somebody, file by file.
///
/// # Errors
/// [`ExportError`]: the database or the files cannot be used, or nobody takes the pieces.
pub async fn send(users: &Users, user: UserId, out: &Sender<Piece>) -> Result<(), ExportError> {
    let me = Me::load(&users.state.store, user).await?.ok_or(ExportError::Nobody)?;
    put(out, Piece::file("profile.json")).await?;
    put(out, Piece::Bytes(serde_json::to_vec_pretty(&me)?)).await?;
    for list in LISTS {
        rows(users, user, out, list).await?;
    }
    let mut pictures = Vec::new();
    for row in rows(users, user, out, &UPLOADS).await? {
        if let (Some(Value::String(name)), Some(Value::String(blob))) = (row.get("file"), row.get("blob")) {
            pictures.push((name.clone(), blob.clone()));
        }
    }
    let mut stills = Vec::new();
    for row in rows(users, user, out, &STILLS).await? {
        if let Some(Value::String(blob)) = row.get("blob") {
            stills.push((blob.clone(), blob.clone()));
        }
    }
    files(&users.state.uploads, "pictures", pictures, out).await?;
    files(&users.state.blobs, "stills", stills, out).await?;
    Ok(())
}

/// Sends files, by the name in the copy and the name in the store.
async fn files(
    blobs: &Blobs,
    folder: &str,
    files: Vec<(String, String)>,
    out: &Sender<Piece>,
) -> Result<(), ExportError> {
    for (name, blob) in files {
        let Ok(blob) = blob.parse::<BlobName>() else { continue };
        match blobs.fetch(&blob).await {
            Ok(bytes) => {
                put(out, Piece::File { name: format!("{folder}/{name}"), packed: true }).await?;
                put(out, Piece::Bytes(bytes.into())).await?;
            }
            // Removed by its owner since the list was read.
            Err(BlobError::Missing) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Sends one list as a JSON array, some rows at a time. Returns the rows when they bring files along.
async fn rows(
    users: &Users,
    user: UserId,
    out: &Sender<Piece>,
    list: &List,
) -> Result<Vec<Map<String, Value>>, ExportError> {
    put(out, Piece::file(list.file)).await?;
    let (mut at, mut id, mut first) = (Timestamp::from_millis(i64::MIN), String::new(), true);
    let mut with_files = Vec::new();
    loop {
        let page = sqlx::query(list.sql).bind(user).bind(at).bind(&id).fetch_all(users.state.store.read()).await?;
        let mut text = Vec::new();
        for row in &page {
            (at, id) = (row.try_get("cursor_at")?, row.try_get("cursor_id")?);
            let mut value = to_json(row)?;
            if value.contains_key("blob") {
                with_files.push(value.clone());
                value.remove("blob");
            }
            text.extend_from_slice(if first { b"[\n  " } else { b",\n  " });
            serde_json::to_writer(&mut text, &value)?;
            first = false;
        }
        put(out, Piece::Bytes(text)).await?;
        if page.len() < ROWS {
            break;
        }
    }
    put(out, Piece::Bytes(if first { b"[]\n".to_vec() } else { b"\n]\n".to_vec() })).await?;
    Ok(with_files)
}

fn to_json(row: &AnyRow) -> Result<Map<String, Value>, sqlx::Error> {
    let mut value = Map::new();
    for column in row.columns() {
        let name = column.name();
        let cell = match name {
            "cursor_at" | "cursor_id" => continue,
            _ if name.ends_with("_at") => row.try_get::<Option<Timestamp>, _>(name)?.map(|at| at.to_string().into()),
            _ if TRUTHS.contains(&name) => row.try_get::<Option<i16>, _>(name)?.map(|truth| (truth != 0).into()),
            _ if NUMBERS.contains(&name) => row.try_get::<Option<i64>, _>(name)?.map(Value::from),
            _ => row.try_get::<Option<String>, _>(name)?.map(Value::from),
        };
        value.insert(name.to_owned(), cell.unwrap_or(Value::Null));
    }
    Ok(value)
}

async fn put(out: &Sender<Piece>, piece: Piece) -> Result<(), ExportError> {
    out.send(piece).await.map_err(|_| ExportError::Closed)
}
