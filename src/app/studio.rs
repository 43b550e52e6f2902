//! Starts the workers of the filter, with the networks when they are there.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use super::moods::{Model, ModelRole, Models};
use crate::config::Filter;
use crate::media::pipeline::worker::{Pool, PoolOptions};
use crate::media::vision::catalog::{Catalog, CatalogError};
use crate::media::vision::manifest::{Entry, Manifest, Role};
use crate::sfu::Sfu;
use crate::studio::{self, Event, Studio};

/// The studio over this SFU. Without networks or without their library the call works and effects say why they do not.
pub fn start(filter: &Filter, sfu: Sfu, events: UnboundedSender<Event>) -> Studio {
    let catalog = if filter.enabled {
        Catalog::load(&models_folder(filter), filter.library.as_deref())
    } else {
        // The workers are needed all the same: they decode pictures for stills.
        Err(CatalogError::Missing(Role::Matte))
    };
    if let (true, Err(error)) = (filter.enabled, &catalog) {
        tracing::warn!(%error, "effects are not available; calls work without");
    }
    let options =
        PoolOptions { workers: filter.workers, takes_per_worker: filter.tracks_per_worker, ..PoolOptions::default() };
    let pool = Arc::new(Pool::start(options, catalog));
    Studio::new(sfu, pool, studio::Options { enabled: filter.enabled, analysis: filter.analysis }, events)
}

/// The configured folder of networks, or `models` beside the program or in a folder above it, or in the working folder.
pub fn models_folder(filter: &Filter) -> PathBuf {
    if let Some(folder) = &filter.models_dir {
        return folder.clone();
    }
    let executable = std::env::current_exe().unwrap_or_default();
    let above = executable.ancestors().skip(1).map(|folder| folder.join("models"));
    above.into_iter().find(|folder| folder.join("manifest.toml").is_file()).unwrap_or_else(|| "models".into())
}

/// What `/api/v1/models` tells: which networks there are, whose they are, how often they err; and whether they run.
pub fn models(filter: &Filter, studio: &Studio) -> Models {
    let shown = |entry: Entry| Model {
        name: entry.name,
        role: role(entry.role),
        file: entry.file,
        sha256: entry.sha256,
        licence: entry.licence,
        source: entry.source,
        changes: entry.changes,
        labels: entry.labels,
        accuracy: entry.accuracy,
    };
    let models = Manifest::read(&models_folder(filter))
        .map_or_else(|_| Vec::new(), |manifest| manifest.models.into_iter().map(shown).collect());
    let reason = studio.unavailable();
    Models { available: reason.is_none(), reason, reads_expressions: studio.reads_expressions(), models }
}

fn role(role: Role) -> ModelRole {
    match role {
        Role::Face => ModelRole::Face,
        Role::Expression => ModelRole::Expression,
        Role::Matte => ModelRole::Matte,
        Role::MatteLight => ModelRole::MatteLight,
    }
}
