//! Reading posts: the posts of a page in one statement, their pictures in a second, their tags in a third.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::post::{Post, PostCounts, PostPicture, PostVisibility};
use crate::base::id::{PlaylistId, PostId, UploadId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::protocol::mood::ClearMood;
use crate::social::sight::post_seen;
use crate::store::hundred::{AT_ONCE, filled, hundred};
use crate::store::{Store, StoreError};
use crate::users::card::{Card, picture_url};
use crate::users::me::PlaylistTitle;
use crate::users::upload::agreed;
use crate::web::error::ApiError;

/// What a statement selects of the post `p`, its author `u` and its playlist `y`, for [`PostRow`]. The argument is the
/// viewer's parameter.
macro_rules! columns {
    ($viewer:literal) => {
        concat!(
            "p.id AS post_id, p.title, p.body, p.visibility, p.mood, p.version, p.view_count, p.like_count, \
             p.comment_count, p.heat, p.created_at, p.edited_at, u.id, u.handle, u.nickname, u.avatar, \
             y.id AS playlist_id, y.title AS playlist_title, \
             (SELECT COUNT(*) FROM post_likes l WHERE l.post_id = p.id AND l.user_id = ",
            $viewer,
            ") AS liked, (SELECT COUNT(*) FROM post_bookmarks k WHERE k.post_id = p.id AND k.user_id = ",
            $viewer,
            ") AS bookmarked"
        )
    };
}
pub(crate) use columns;

/// What stands behind `posts p` in such a statement: the author `u` and the playlist `y`, if the viewer may know of it. There
/// always is an author; the outer join keeps SQLite from beginning with the people, which sorts every post there is.
macro_rules! joined {
    ($viewer:literal) => {
        concat!(
            " LEFT JOIN users u ON u.id = p.author_id \
             LEFT JOIN playlists y ON y.id = p.playlist_id AND EXISTS (SELECT 1 FROM users o WHERE o.id = y.owner_id AND ",
            $crate::social::sight::playlist_seen!("y", "o", $viewer),
            ") "
        )
    };
}
pub(crate) use joined;

/// One post, without its pictures and tags.
#[derive(Clone, Debug)]
pub struct PostRow {
    /// The post, with empty lists.
    pub post: Post,
    /// What the popular feed is ordered by.
    pub heat: i64,
}

impl<'r> FromRow<'r, AnyRow> for PostRow {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let playlist: Option<PlaylistId> = row.try_get("playlist_id")?;
        let title: Option<String> = row.try_get("playlist_title")?;
        let post = Post {
            id: row.try_get("post_id")?,
            author: Card::from_row(row)?,
            title: row.try_get("title")?,
            body: row.try_get("body")?,
            pictures: Vec::new(),
            tags: Vec::new(),
            playlist: playlist.zip(title).map(|(id, title)| PlaylistTitle { id, title }),
            mood: row.try_get::<Option<String>, _>("mood")?.as_deref().and_then(ClearMood::of),
            visibility: PostVisibility::of(&row.try_get::<String, _>("visibility")?),
            counts: PostCounts {
                views: row.try_get("view_count")?,
                likes: row.try_get("like_count")?,
                comments: row.try_get("comment_count")?,
            },
            liked: row.try_get::<i64, _>("liked")? > 0,
            bookmarked: row.try_get::<i64, _>("bookmarked")? > 0,
            mine: false,
            created_at: row.try_get("created_at")?,
            edited_at: row.try_get::<Option<Timestamp>, _>("edited_at")?,
            version: row.try_get("version")?,
        };
        Ok(Self { post, heat: row.try_get("heat")? })
    }
}

/// Pictures of posts, in their order: the posts.
pub const PICTURES: &str = concat!(
    "SELECT f.post_id, x.id, x.owner_id, x.public_name, x.width, x.height, f.description, \
     CAST(CASE WHEN x.still_id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS of_call \
     FROM post_pictures f JOIN uploads x ON x.id = f.upload_id WHERE f.post_id IN ",
    hundred!(),
    " AND ",
    agreed!(),
    " ORDER BY f.post_id, f.position"
);

/// Tags of posts: the posts.
pub const TAGS: &str = concat!(
    "SELECT x.post_id, t.name FROM post_tags x JOIN tags t ON t.id = x.tag_id WHERE x.post_id IN ",
    hundred!(),
    " ORDER BY x.post_id, t.name"
);

struct PictureRow {
    post: PostId,
    owner: UserId,
    picture: PostPicture,
}

impl<'r> FromRow<'r, AnyRow> for PictureRow {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let picture = PostPicture {
            url: picture_url(&row.try_get::<String, _>("public_name")?),
            width: row.try_get("width")?,
            height: row.try_get("height")?,
            description: row.try_get("description")?,
            from_call: row.try_get::<i64, _>("of_call")? > 0,
            upload: Some(row.try_get::<UploadId, _>("id")?),
        };
        Ok(Self { post: row.try_get("post_id")?, owner: row.try_get("owner_id")?, picture })
    }
}

/// The posts with their pictures and tags, as `viewer` sees them: two statements for each [`AT_ONCE`]. A post may be among
/// them twice.
///
/// # Errors
/// The database does not answer.
pub async fn complete(
    store: &Store,
    viewer: Option<UserId>,
    rows: impl IntoIterator<Item = PostRow>,
) -> Result<Vec<Post>, StoreError> {
    let mut posts: Vec<Post> = rows.into_iter().map(|row| row.post).collect();
    for some in posts.chunks_mut(AT_ONCE) {
        let mut pictures: HashMap<PostId, Vec<PostPicture>> = HashMap::new();
        let query = filled(some.iter().map(|post| post.id)).fold(sqlx::query_as(PICTURES), |query, id| query.bind(id));
        let found: Vec<PictureRow> = query.fetch_all(store.read()).await?;
        for PictureRow { post, owner, mut picture } in found {
            picture.upload = picture.upload.filter(|_| viewer == Some(owner));
            pictures.entry(post).or_default().push(picture);
        }
        let mut tags: HashMap<PostId, Vec<String>> = HashMap::new();
        let query = filled(some.iter().map(|post| post.id)).fold(sqlx::query_as(TAGS), |query, id| query.bind(id));
        let found: Vec<(PostId, String)> = query.fetch_all(store.read()).await?;
        for (post, tag) in found {
            tags.entry(post).or_default().push(tag);
        }
        for post in some {
            post.mine = viewer == Some(post.author.id);
            post.pictures = pictures.get(&post.id).cloned().unwrap_or_default();
            post.tags = tags.get(&post.id).cloned().unwrap_or_default();
        }
    }
    Ok(posts)
}

/// One post, as the viewer may see it: post, viewer.
pub const ONE: &str =
    concat!("SELECT ", columns!("$2"), " FROM posts p", joined!("$2"), "WHERE p.id = $1 AND ", post_seen!("$2"));

/// One post, as `viewer` sees it.
///
/// # Errors
/// 404, the same for everything that is not to be seen.
pub async fn fetch(store: &Store, post: PostId, viewer: Option<UserId>) -> Result<Post, ApiError> {
    let row: Option<PostRow> = sqlx::query_as(ONE).bind(post).bind(viewer).fetch_optional(store.read()).await?;
    complete(store, viewer, row).await?.pop().ok_or(ApiError::NotFound(Code::NotFound))
}
