//! Copies of one's data: asked for, made in the background as a ZIP, fetched by their owner, thrown away after their time.

pub mod ask;
pub mod content;
pub mod fetch;
pub mod work;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use utoipa::ToSchema;

use crate::base::id::ExportId;
use crate::base::timestamp::Timestamp;
use crate::blobs::{BlobError, BlobName, Blobs};

/// The files, and the bell that wakes whoever makes them; clones share both.
#[derive(Clone, Debug)]
pub struct Exports {
    blobs: Blobs,
    asked: Arc<Notify>,
}

impl Exports {
    /// With these files.
    pub fn new(blobs: Blobs) -> Self {
        Self { blobs, asked: Arc::default() }
    }

    /// Forgets files; a name that is none is left alone.
    ///
    /// # Errors
    /// The files cannot be used.
    pub async fn delete(&self, names: impl IntoIterator<Item = String>) -> Result<(), BlobError> {
        for name in names {
            if let Ok(name) = name.parse::<BlobName>() {
                self.blobs.delete(&name).await?;
            }
        }
        Ok(())
    }
}

/// How far a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportState {
    /// It is being made.
    Pending,
    /// It can be fetched.
    Ready,
    /// It could not be made; ask again.
    Failed,
}

impl ExportState {
    fn from_tag(tag: &str) -> Self {
        match tag {
            "pending" => Self::Pending,
            "ready" => Self::Ready,
            _ => Self::Failed,
        }
    }
}

/// A copy of one's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Export {
    /// The copy.
    pub id: ExportId,
    /// How far it is.
    pub state: ExportState,
    /// Address of the file, from the root of this server, when it is ready. It needs one's access token.
    #[schema(examples("/api/v1/me/exports/01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e/file"))]
    pub file: Option<String>,
    /// Its size, when it is ready.
    #[schema(minimum = 0)]
    pub bytes: Option<i64>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it is thrown away.
    pub expires_at: Timestamp,
}

/// The columns `id, state, bytes, created_at, expires_at` of a row.
type Row = (ExportId, String, Option<i64>, Timestamp, Timestamp);

impl From<Row> for Export {
    fn from((id, state, bytes, created_at, expires_at): Row) -> Self {
        let state = ExportState::from_tag(&state);
        let file = (state == ExportState::Ready).then(|| format!("/api/v1/me/exports/{id}/file"));
        Self { id, state, file, bytes, created_at, expires_at }
    }
}
