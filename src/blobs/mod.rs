//! Files that people are given by an address: stills. Kept in a folder through `object_store`, so that another store is a
//! matter of configuration one day; addresses are signed and end.

pub mod signed;

use std::fmt;
use std::io;
use std::path::Path as FilePath;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use thiserror::Error;

use crate::base::timestamp::Timestamp;

pub use signed::{Signature, SignatureError, Signer};

/// Longest name in bytes.
const NAME: usize = 80;

/// Why the store did not do what it was asked for.
#[derive(Debug, Error)]
pub enum BlobError {
    /// The folder could not be made or opened.
    #[error("the folder for files cannot be used: {0}")]
    Folder(#[from] io::Error),
    /// Nothing of that name is kept.
    #[error("no such file")]
    Missing,
    /// The store failed.
    #[error("the file store failed: {0}")]
    Store(object_store::Error),
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            error => Self::Store(error),
        }
    }
}

/// The name of a file: lower-case letters, digits and hyphens, a dot, and an ending that says what it is. There is no way
/// to write another folder's name with these.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BlobName(String);

/// A text that names no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a name of a file")]
pub struct NameError;

impl FromStr for BlobName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let (stem, ending) = text.split_once('.').ok_or(NameError)?;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = !stem.is_empty() && text.len() <= NAME && stem.bytes().all(plain) && content_type(ending).is_some();
        if fits { Ok(Self(text.to_owned())) } else { Err(NameError) }
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl BlobName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the file is (RFC 9110 media type), by its ending.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        self.0.split_once('.').and_then(|(_, ending)| content_type(ending)).unwrap_or("application/octet-stream")
    }
}

fn content_type(ending: &str) -> Option<&'static str> {
    Some(match ending {
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" => "image/jpeg",
        "zip" => "application/zip",
        _ => return None,
    })
}

/// The store; clones share it.
#[derive(Clone, Debug)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
}

impl Blobs {
    /// A store in a folder, which is made if it is missing. A file that was put is on the disk, whole, when that is
    /// acknowledged.
    ///
    /// # Errors
    /// The folder cannot be made or opened.
    pub fn open(folder: &FilePath) -> Result<Self, BlobError> {
        std::fs::create_dir_all(folder)?;
        Ok(Self { store: Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true)) })
    }

    /// Keeps a file, in place of one of the same name.
    ///
    /// # Errors
    /// The store failed.
    pub async fn put(&self, name: &BlobName, bytes: impl Into<Bytes>) -> Result<(), BlobError> {
        self.store.put(&path(name), bytes.into().into()).await?;
        Ok(())
    }

    /// A file's content.
    ///
    /// # Errors
    /// [`BlobError::Missing`], or the store failed.
    pub async fn fetch(&self, name: &BlobName) -> Result<Bytes, BlobError> {
        Ok(self.store.get(&path(name)).await?.bytes().await?)
    }

    /// A file's content, piece by piece.
    ///
    /// # Errors
    /// [`BlobError::Missing`], or the store failed.
    pub async fn stream(
        &self,
        name: &BlobName,
    ) -> Result<impl Stream<Item = Result<Bytes, BlobError>> + Send + use<>, BlobError> {
        Ok(self.store.get(&path(name)).await?.into_stream().map_err(BlobError::from))
    }

    /// Begins a file that is written piece by piece. It is there when it is finished, whole, and not before.
    ///
    /// # Errors
    /// The store failed.
    pub async fn begin(&self, name: &BlobName) -> Result<Writing, BlobError> {
        Ok(Writing { upload: WriteMultipart::new(self.store.put_multipart(&path(name)).await?), bytes: 0 })
    }

    /// Forgets a file; one that is gone already is no error.
    ///
    /// # Errors
    /// The store failed.
    pub async fn delete(&self, name: &BlobName) -> Result<(), BlobError> {
        match self.store.delete(&path(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Names of the files that were last written before `before`.
    ///
    /// # Errors
    /// The store failed.
    pub async fn older(&self, before: Timestamp) -> Result<Vec<BlobName>, BlobError> {
        let files: Vec<_> = self.store.list(None).try_collect().await?;
        let old = files.into_iter().filter(|file| file.last_modified.timestamp_millis() < before.millis());
        Ok(old.filter_map(|file| file.location.as_ref().parse().ok()).collect())
    }

    /// Forgets all files that were last written more than `keep` before `now` (since the epoch). Returns how many.
    ///
    /// # Errors
    /// The store failed; some may be gone by then.
    pub async fn expire(&self, keep: Duration, now: Duration) -> Result<usize, BlobError> {
        let before = now.saturating_sub(keep).as_secs();
        let files: Vec<_> = self.store.list(None).try_collect().await?;
        let mut gone = 0;
        for file in files {
            if u64::try_from(file.last_modified.timestamp()).is_ok_and(|written| written < before) {
                self.store.delete(&file.location).await?;
                gone += 1;
            }
        }
        Ok(gone)
    }
}

/// A file that is being written.
#[derive(Debug)]
pub struct Writing {
    upload: WriteMultipart,
    bytes: u64,
}

impl Writing {
    /// Pieces that the store may be writing at once.
    const AT_ONCE: usize = 2;

    /// Goes on with these bytes, when the store has kept up.
    ///
    /// # Errors
    /// The store failed.
    pub async fn write(&mut self, bytes: impl Into<Bytes>) -> Result<(), BlobError> {
        let bytes = bytes.into();
        self.upload.wait_for_capacity(Self::AT_ONCE).await?;
        self.bytes += bytes.len() as u64;
        self.upload.put(bytes);
        Ok(())
    }

    /// Ends the file. Returns its size in bytes.
    ///
    /// # Errors
    /// The store failed; there is no such file then.
    pub async fn finish(self) -> Result<u64, BlobError> {
        self.upload.finish().await?;
        Ok(self.bytes)
    }

    /// Forgets what was written.
    ///
    /// # Errors
    /// The store failed.
    pub async fn abort(self) -> Result<(), BlobError> {
        Ok(self.upload.abort().await?)
    }
}

fn path(name: &BlobName) -> Path {
    Path::from(name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock;

    #[test]
    fn a_name_leads_nowhere_else() {
        for good in ["a.png", "0192-ab.webp", "x.jpg"] {
            assert!(good.parse::<BlobName>().is_ok(), "{good}");
        }
        for bad in
            ["", ".png", "a", "a.", "a.exe", "../a.png", "a/b.png", "A.png", "a.png.png", "a b.png", "%2e.png", "ä.png"]
        {
            assert!(bad.parse::<BlobName>().is_err(), "{bad}");
        }
        assert!(format!("{}.png", "a".repeat(NAME)).parse::<BlobName>().is_err());
    }

    #[tokio::test]
    async fn a_file_is_kept_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&folder.path().join("deep/er")).unwrap();
        let name: BlobName = "still-1.png".parse().unwrap();
        assert!(matches!(blobs.fetch(&name).await, Err(BlobError::Missing)));
        blobs.put(&name, &b"one"[..]).await.unwrap();
        blobs.put(&name, &b"two"[..]).await.unwrap();
        assert_eq!(blobs.fetch(&name).await.unwrap(), "two");
        assert_eq!(name.content_type(), "image/png");
        blobs.delete(&name).await.unwrap();
        blobs.delete(&name).await.unwrap();
        assert!(matches!(blobs.fetch(&name).await, Err(BlobError::Missing)));
    }

    #[tokio::test]
    async fn old_files_go_and_young_ones_stay() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let name: BlobName = "a.png".parse().unwrap();
        blobs.put(&name, &b"x"[..]).await.unwrap();
        let hour = Duration::from_secs(3600);
        assert_eq!(blobs.expire(hour, clock::unix()).await.unwrap(), 0);
        assert_eq!(blobs.expire(hour, clock::unix() + hour * 2).await.unwrap(), 1);
        assert!(matches!(blobs.fetch(&name).await, Err(BlobError::Missing)));
    }
}
