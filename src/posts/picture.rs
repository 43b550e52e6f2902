//! Pictures of a post: uploads of its author, and stills of calls, of which uploads are made.
//!
//! A still may be posted by whose it is, when everybody else who is in it agrees. What is made of it remembers the still, so
//! the picture is hidden everywhere as soon as somebody does not agree any more.

use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use utoipa::ToSchema;

use super::text;
use crate::base::id::{PostId, StillId, UploadId, UserId};
use crate::blobs::{BlobError, BlobName};
use crate::protocol::code::Code;
use crate::users::Users;
use crate::users::picture::Shape;
use crate::users::upload::agreed;
use crate::web::error::ApiError;

/// Pictures of a post at most.
pub const MOST: usize = 10;

/// A picture to put into a post: one's own upload, or one's own still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum NewPicture {
    /// An upload.
    Upload(UploadedPicture),
    /// A still.
    Still(StillPicture),
}

/// An upload in a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadedPicture {
    /// The upload.
    pub upload: UploadId,
    /// What is to be seen, for those who do not see it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(max_length = 300, examples("A window with rain on it"))]
    pub description: String,
}

/// A still in a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StillPicture {
    /// The still.
    pub still: StillId,
    /// What is to be seen, for those who do not see it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(max_length = 300, examples("The three of us, with blue rain behind"))]
    pub description: String,
}

/// A picture that can be put into a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyPicture {
    upload: UploadId,
    description: String,
    /// Where it was named, for a refusal.
    pointer: String,
}

/// Makes uploads of the stills among the pictures. Works on files, so never within a transaction. What is left over when the
/// post is refused afterwards is taken up by the next try.
///
/// # Errors
/// 422 below `/pictures`: too many, or a description too long, or a still that is not the author's; 409 `not-agreed`; 503.
pub async fn ready(users: &Users, author: UserId, pictures: Vec<NewPicture>) -> Result<Vec<ReadyPicture>, ApiError> {
    if pictures.len() > MOST {
        return Err(ApiError::field("/pictures", format!("At most {MOST} pictures.")));
    }
    let mut ready = Vec::with_capacity(pictures.len());
    for (at, picture) in pictures.into_iter().enumerate() {
        ready.push(match picture {
            NewPicture::Upload(UploadedPicture { upload, description }) => ReadyPicture {
                upload,
                description: text::description(&description, at)?,
                pointer: format!("/pictures/{at}/upload"),
            },
            NewPicture::Still(StillPicture { still, description }) => {
                let pointer = format!("/pictures/{at}/still");
                let description = text::description(&description, at)?;
                ReadyPicture { upload: of_still(users, author, still, &pointer).await?, description, pointer }
            }
        });
    }
    Ok(ready)
}

/// Whether the still is the author's, and how many in it do not agree: still, author.
pub const STILL: &str = "SELECT (SELECT COUNT(*) FROM still_people s WHERE s.still_id = t.id AND s.consent <> 'given' \
     AND (s.user_id IS NULL OR s.user_id <> t.owner_id)) FROM stills t WHERE t.id = $1 AND t.owner_id = $2";

/// The upload that was made of a still before: still, author.
pub const MADE: &str = "SELECT id FROM uploads WHERE still_id = $1 AND owner_id = $2 ORDER BY created_at LIMIT 1";

async fn of_still(users: &Users, author: UserId, still: StillId, pointer: &str) -> Result<UploadId, ApiError> {
    let store = &users.state.store;
    let nothing = || ApiError::field(pointer, "There is no such still of yours.");
    let against: Option<i64> = sqlx::query_scalar(STILL).bind(still).bind(author).fetch_optional(store.read()).await?;
    if against.ok_or_else(nothing)? > 0 {
        return Err(ApiError::Conflict(Code::NotAgreed));
    }
    let made: Option<UploadId> = sqlx::query_scalar(MADE).bind(still).bind(author).fetch_optional(store.read()).await?;
    if let Some(made) = made {
        return Ok(made);
    }
    let name: BlobName = format!("{still}.png").parse().map_err(|_| ApiError::Internal)?;
    let file = match users.state.blobs.fetch(&name).await {
        Err(BlobError::Missing) => return Err(nothing()),
        fetched => fetched?,
    };
    let picture = users.uploads.make(file.to_vec(), Shape::Whole).await?;
    let kept = users
        .uploads
        .keep(author, picture, async |connection, kept| {
            sqlx::query("UPDATE uploads SET still_id = $2 WHERE id = $1")
                .bind(kept.upload.id)
                .bind(still)
                .execute(connection)
                .await?;
            Ok(())
        })
        .await?;
    Ok(kept.upload.id)
}

/// Puts an upload of the author into a post: post, position, upload, description, author.
const PUT: &str = concat!(
    "INSERT INTO post_pictures (post_id, position, upload_id, description) \
     SELECT $1, $2, x.id, $4 FROM uploads x WHERE x.id = $3 AND x.owner_id = $5 AND ",
    agreed!()
);

/// Whether there is such an upload of the author.
const THERE: &str = "SELECT COUNT(*) FROM uploads WHERE id = $1 AND owner_id = $2";

/// Gives a post these pictures and no others, in the transaction that has locked it. Returns the files of those that were
/// made of stills for this post alone, to be released after the commit.
///
/// # Errors
/// 422 below `/pictures`: an upload that is not the author's; 409 `not-agreed`.
pub async fn set(
    transaction: &mut AnyConnection,
    post: PostId,
    author: UserId,
    pictures: &[ReadyPicture],
) -> Result<Vec<String>, ApiError> {
    let before: Vec<UploadId> = sqlx::query_scalar("DELETE FROM post_pictures WHERE post_id = $1 RETURNING upload_id")
        .bind(post)
        .fetch_all(&mut *transaction)
        .await?;
    for (at, picture) in pictures.iter().enumerate() {
        let put = sqlx::query(PUT)
            .bind(post)
            .bind(i64::try_from(at).unwrap_or(i64::MAX))
            .bind(picture.upload)
            .bind(&picture.description)
            .bind(author)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        if put == 0 {
            let there: i64 =
                sqlx::query_scalar(THERE).bind(picture.upload).bind(author).fetch_one(&mut *transaction).await?;
            return Err(match there {
                0 => ApiError::field(picture.pointer.as_str(), "There is no such picture of yours."),
                _ => ApiError::Conflict(Code::NotAgreed),
            });
        }
    }
    drop_unused(transaction, &before).await
}

/// Deletes those of the uploads that were made of stills and are in no post any more. Returns their files.
///
/// # Errors
/// The database does not answer.
pub async fn drop_unused(transaction: &mut AnyConnection, uploads: &[UploadId]) -> Result<Vec<String>, ApiError> {
    let mut files = Vec::new();
    for upload in uploads {
        let file: Option<String> = sqlx::query_scalar(
            "DELETE FROM uploads WHERE id = $1 AND still_id IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM post_pictures f WHERE f.upload_id = uploads.id) RETURNING blob",
        )
        .bind(upload)
        .fetch_optional(&mut *transaction)
        .await?;
        files.extend(file);
    }
    Ok(files)
}
