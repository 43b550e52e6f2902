//! The networks at hand: checked files and the runtime to run them.

use std::path::Path;
use std::sync::Arc;

use super::VisionError;
use super::manifest::{Entry, Manifest, ManifestError, Role};
use super::runtime::{Network, Runtime, RuntimeError};

/// Why there is no vision, in words for an operator. The call works without.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// A file is missing or wrong.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The library is missing or wrong.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    /// The manifest names no network for something that is needed.
    #[error("the manifest has no model with the role {0:?}")]
    Missing(Role),
}

/// Verified networks and a loaded runtime. Cheap to clone.
#[derive(Clone)]
pub struct Catalog {
    shared: Arc<Shared>,
}

struct Shared {
    runtime: Runtime,
    models: Vec<(Entry, Vec<u8>)>,
}

impl Catalog {
    /// Reads the manifest in `folder`, checks every file against it, and loads ONNX Runtime: from `library`, or from
    /// where [`Runtime::open`] looks. The bytes that were checked are the bytes that run.
    ///
    /// # Errors
    /// If anything is missing or is not what the manifest says.
    pub fn load(folder: &Path, library: Option<&Path>) -> Result<Self, CatalogError> {
        let manifest = Manifest::read(folder)?;
        let models: Result<Vec<_>, _> =
            manifest.models.into_iter().map(|entry| entry.load(folder).map(|bytes| (entry, bytes))).collect();
        let models = models?;
        for role in [Role::Face, Role::Expression, Role::Matte, Role::MatteLight] {
            if !models.iter().any(|(entry, _)| entry.role == role) {
                return Err(CatalogError::Missing(role));
            }
        }
        // Every worker has all the threads that it wants: itself.
        if let Err(error) = opencv::core::set_num_threads(1) {
            tracing::warn!(%error, "OpenCV keeps its own threads");
        }
        Ok(Self { shared: Arc::new(Shared { runtime: Runtime::open(library)?, models }) })
    }

    /// The networks as the manifest describes them.
    pub fn models(&self) -> impl Iterator<Item = &Entry> {
        self.shared.models.iter().map(|(entry, _)| entry)
    }

    /// Opens the network for a role, which takes some 30 ms.
    ///
    /// # Errors
    /// If the runtime refuses it.
    pub fn open(&self, role: Role) -> Result<(Network, &Entry), VisionError> {
        let model = self.shared.models.iter().find(|(entry, _)| entry.role == role);
        let Some((entry, bytes)) = model else {
            return Err(VisionError::Shape { model: format!("{role:?}"), what: "role" });
        };
        Ok((self.shared.runtime.network(&entry.name, bytes)?, entry))
    }
}
