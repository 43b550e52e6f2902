//! `[filter]`: the mood filter, for the whole server.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::load::ConfigError;

/// The section `[filter]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Whether effects may be used at all on this server.
    pub enabled: bool,
    /// Whether the expression may be read; false leaves blur and chosen scenes.
    pub analysis: bool,
    /// Folder with `manifest.toml` and the networks. Unset: `models` beside the program, else in the working folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models_dir: Option<PathBuf>,
    /// ONNX Runtime's shared library. Unset: `lib/libonnxruntime.so` beside the program, else in the working folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub library: Option<PathBuf>,
    /// Threads that run the filter. 0: one for each processor.
    pub workers: usize,
    /// Processed tracks that one thread takes before new ones are refused.
    pub tracks_per_worker: usize,
}

impl Default for Filter {
    fn default() -> Self {
        Self { enabled: true, analysis: true, models_dir: None, library: None, workers: 0, tracks_per_worker: 8 }
    }
}

impl Filter {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.workers > 256 {
            return Err(ConfigError::value("filter.workers", "must be at most 256"));
        }
        if self.tracks_per_worker == 0 {
            return Err(ConfigError::value("filter.tracks_per_worker", "must not be 0"));
        }
        Ok(())
    }
}
