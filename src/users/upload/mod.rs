//! Pictures that people upload: files named after their content, rows that own them, and random public names.
//!
//! A file is written before its row and removed after its last row, so a crash leaves a file too many at worst, which
//! [`Uploads::sweep`] finds; a row without its file cannot come to be.

pub mod create;
pub mod form;
pub mod one;
pub mod show;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::AnyConnection;
use tokio::sync::RwLock;
use utoipa::ToSchema;

use super::picture::{self, Picture, Shape};
use crate::base::id::{UploadId, UserId};
use crate::base::processors::Processors;
use crate::base::timestamp::Timestamp;
use crate::blobs::{BlobError, BlobName, Blobs};
use crate::protocol::code::Code;
use crate::store::Store;
use crate::web::error::ApiError;
use crate::web::limit::Counts;

/// Whether the upload `x` may be shown, as far as people are in it: a condition for `WHERE`. What was made of a still is
/// hidden while somebody in the still, other than whose it is, does not agree.
macro_rules! agreed {
    () => {
        "(x.still_id IS NULL OR NOT EXISTS (SELECT 1 FROM still_people s WHERE s.still_id = x.still_id \
         AND s.consent <> 'given' AND (s.user_id IS NULL OR s.user_id <> x.owner_id)))"
    };
}
pub(crate) use agreed;

/// Pictures that one person may have on their way at once.
pub const AT_ONCE: u32 = 2;
/// How old a file without a row must be before it is taken for left over: a row may be on its way on another node.
const LEFT_OVER: Duration = Duration::from_secs(600);

/// A picture that somebody uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Upload {
    /// The upload.
    pub id: UploadId,
    /// Address of the picture, from the root of this server. Whoever knows it sees the picture.
    #[schema(examples("/api/v1/pictures/9b1c0f6f7d3a4e58a1b2c3d4e5f60718.jpg"))]
    pub url: String,
    /// What it is.
    #[schema(examples("image/jpeg"))]
    pub media_type: String,
    /// Width in pixels.
    #[schema(minimum = 1, maximum = 4096)]
    pub width: i64,
    /// Height in pixels.
    #[schema(minimum = 1, maximum = 4096)]
    pub height: i64,
    /// Size of the file in bytes.
    #[schema(minimum = 1)]
    pub bytes: i64,
    /// When it came.
    pub created_at: Timestamp,
}

/// A picture whose file is kept and whose row is about to be.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The row.
    pub upload: Upload,
    /// Its random public name.
    pub public_name: String,
    blob: BlobName,
}

/// A public name that nobody can guess, with the ending of the file.
pub fn fresh_name(ending: &str) -> String {
    format!("{}.{ending}", hex::encode(rand::random::<[u8; 16]>()))
}

/// The files and who is at work on them; clones share it.
#[derive(Clone, Debug)]
pub struct Uploads {
    store: Store,
    blobs: Blobs,
    processors: Processors,
    busy: Arc<Mutex<Counts<UserId>>>,
    /// Held shared from writing a file to committing its row, alone while files without a row are removed. So nobody
    /// removes a file between the two.
    files: Arc<RwLock<()>>,
}

/// The right of one person to send one picture; ends when it is dropped.
#[derive(Debug)]
pub struct Turn {
    busy: Arc<Mutex<Counts<UserId>>>,
    user: UserId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.lock().release(&self.user);
    }
}

impl Uploads {
    /// Over the rows of `store` and the files of `blobs`.
    pub fn new(store: Store, blobs: Blobs, processors: Processors) -> Self {
        Self { store, blobs, processors, busy: Arc::new(Mutex::new(Counts::at_most(AT_ONCE))), files: Arc::default() }
    }

    /// Lets somebody send a picture, before a byte of it is read.
    ///
    /// # Errors
    /// 429 when they are sending [`AT_ONCE`] already.
    pub fn turn(&self, user: UserId) -> Result<Turn, ApiError> {
        if !self.busy.lock().take(user) {
            return Err(ApiError::TooMany(Duration::from_secs(1)));
        }
        Ok(Turn { busy: self.busy.clone(), user })
    }

    /// Makes a picture of our own of what somebody sent, when a processor is free.
    ///
    /// # Errors
    /// 400 `picture`.
    pub async fn make(&self, bytes: Vec<u8>, shape: Shape) -> Result<Picture, ApiError> {
        match self.processors.work(move || picture::make(&bytes, shape)).await {
            Ok(Ok(picture)) => Ok(picture),
            Ok(Err(error)) => {
                tracing::debug!(%error, "picture refused");
                Err(ApiError::BadRequest(Code::Picture, String::new()))
            }
            Err(error) => {
                // A decoder that panics is a mistake in the decoder; the file that did it is still no picture for us.
                tracing::error!(%error, "a picture broke its decoder");
                Err(ApiError::BadRequest(Code::Picture, String::new()))
            }
        }
    }

    /// Keeps the file and then, by `write`, the row and whatever belongs to it in one transaction.
    ///
    /// # Errors
    /// 503 when the files or the database cannot be used; what `write` refuses.
    pub async fn keep(
        &self,
        owner: UserId,
        picture: Picture,
        write: impl AsyncFnOnce(&mut AnyConnection, &Kept) -> Result<(), ApiError>,
    ) -> Result<Kept, ApiError> {
        let kept = Kept::new(&picture)?;
        let _shared = self.files.read().await;
        self.blobs.put(&kept.blob, picture.bytes).await?;
        let mut transaction = self.store.begin().await?;
        let upload = &kept.upload;
        sqlx::query(
            "INSERT INTO uploads (id, owner_id, public_name, blob, media_type, width, height, bytes, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(upload.id)
        .bind(owner)
        .bind(&kept.public_name)
        .bind(kept.blob.as_str())
        .bind(&upload.media_type)
        .bind(upload.width)
        .bind(upload.height)
        .bind(upload.bytes)
        .bind(upload.created_at)
        .execute(&mut *transaction)
        .await?;
        write(&mut transaction, &kept).await?;
        transaction.commit().await?;
        Ok(kept)
    }

    /// Removes those of the files that no row names any more.
    ///
    /// # Errors
    /// 503 when the files or the database cannot be used; the sweep finds what is left.
    pub async fn release(&self, blobs: impl IntoIterator<Item = String>) -> Result<(), ApiError> {
        let _alone = self.files.write().await;
        for blob in blobs {
            let named: Option<i32> = sqlx::query_scalar("SELECT 1 FROM uploads WHERE blob = $1 LIMIT 1")
                .bind(&blob)
                .fetch_optional(self.store.read())
                .await?;
            if let (None, Ok(name)) = (named, blob.parse::<BlobName>()) {
                self.blobs.delete(&name).await?;
            }
        }
        Ok(())
    }

    /// Removes files that were left over by a crash. Returns how many.
    ///
    /// # Errors
    /// 503 when the files or the database cannot be used.
    pub async fn sweep(&self, now: Timestamp) -> Result<usize, ApiError> {
        let old = self.blobs.older(now.before(LEFT_OVER)).await?;
        let mut left = Vec::new();
        for name in old {
            let named: Option<i32> = sqlx::query_scalar("SELECT 1 FROM uploads WHERE blob = $1 LIMIT 1")
                .bind(name.as_str())
                .fetch_optional(self.store.read())
                .await?;
            if named.is_none() {
                left.push(name.to_string());
            }
        }
        let count = left.len();
        self.release(left).await?;
        Ok(count)
    }
}

impl Kept {
    fn new(picture: &Picture) -> Result<Self, ApiError> {
        let blob = format!("{}.{}", hex::encode(Sha256::digest(&picture.bytes)), picture.ending);
        let public_name = fresh_name(picture.ending);
        let upload = Upload {
            id: UploadId::new(),
            url: super::card::picture_url(&public_name),
            media_type: picture.media_type.into(),
            width: i64::from(picture.width),
            height: i64::from(picture.height),
            bytes: i64::try_from(picture.bytes.len()).unwrap_or(i64::MAX),
            created_at: Timestamp::now(),
        };
        let blob = blob.parse().map_err(|_| ApiError::Internal)?;
        Ok(Self { upload, public_name, blob })
    }
}

impl From<BlobError> for ApiError {
    fn from(error: BlobError) -> Self {
        tracing::error!(%error, "a file could not be used");
        Self::Unavailable(Code::Unavailable)
    }
}
