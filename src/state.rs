//! What every feature may reach: a bundle of handles, shared by all requests. No globals.

use std::ops::Deref;
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

/// The handles, behind one pointer: a request clones its state several times, and processors that count the clones of two
/// dozen handles at once wait for each other more than they work.
#[derive(Clone)]
pub struct AppState(Arc<Handles>);

impl AppState {
    /// Shares the handles.
    pub fn new(handles: Handles) -> Self {
        Self(Arc::new(handles))
    }
}

impl Deref for AppState {
    type Target = Handles;

    fn deref(&self) -> &Handles {
        &self.0
    }
}

/// What [`AppState`] leads to.
pub struct Handles {
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
