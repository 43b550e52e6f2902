//! What every feature may reach: a bundle of cheap handles, cloned into each request. No globals.

use std::sync::Arc;

use tokio_util::task::TaskTracker;

use crate::base::processors::Processors;
use crate::base::shutdown::Shutdown;
use crate::blobs::Blobs;
use crate::bus::Ledger;
use crate::config::Config;
use crate::mail::Mail;
use crate::notices::{Hub, Partings};
use crate::outside::chat::Chat;
use crate::outside::pictures::Pictures;
use crate::outside::videos::Videos;
use crate::sfu::Sfu;
use crate::store::Store;
use crate::studio::Studio;

/// The handles.
#[derive(Clone)]
pub struct AppState {
    /// The settings, as checked at start.
    pub config: Arc<Config>,
    /// The database.
    pub store: Store,
    /// The way to the outbox.
    pub mail: Mail,
    /// Open sockets that hear of notifications.
    pub notices: Hub,
    /// What ends seats at once: blocks, accounts that go, suspensions.
    pub partings: Partings,
    /// Pictures that people upload.
    pub uploads: Blobs,
    /// Copies of people's data that they asked for.
    pub exports: Blobs,
    /// What makes the covers of playlists that are made: a model, or else a drawing.
    pub pictures: Arc<dyn Pictures>,
    /// The search for videos, which finds none where none is configured.
    pub videos: Arc<dyn Videos>,
    /// The chat model; none when it is not configured.
    pub chat: Option<Chat>,
    /// The SFU.
    pub sfu: Sfu,
    /// Effects and stills.
    pub studio: Studio,
    /// Stills of calls.
    pub blobs: Blobs,
    /// Which single-use tokens are spent.
    pub ledger: Arc<dyn Ledger>,
    /// The processors, for work that keeps one busy for long.
    pub processors: Processors,
    /// How far the shutdown is.
    pub shutdown: Shutdown,
    /// Every background task of a feature, so that a shutdown can wait for them and a test can count them.
    pub tasks: TaskTracker,
}
