//! A fixed pool of threads for pipelines. Each take (one processed track) is pinned to one worker, which has one set of
//! networks for all of its takes. Whoever pushes packets never waits: queues are bounded and overflow is counted.

mod desk;
mod job;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Instant;

use self::desk::{Command, Desk};
use super::Event;
use crate::media::vision::{Catalog, CatalogError};
use crate::media::{Background, Frame};
use crate::rtp::packet::Packet;

/// Receives the packets of one picture at a time, on the worker's thread.
pub type Sink = Box<dyn FnMut(Vec<Packet>) + Send>;
/// Receives what happens, on the worker's thread.
pub type EventSink = Box<dyn FnMut(Event) + Send>;
/// Receives one picture, on the worker's thread; dropped uncalled if none came.
pub type PictureSink = Box<dyn FnOnce(Frame) + Send>;
/// Receives the latest picture, on the worker's thread.
pub type SnapshotSink = Box<dyn FnOnce(Option<Frame>) + Send>;

/// How large a pool is.
#[derive(Clone, Copy, Debug)]
pub struct PoolOptions {
    /// Threads; 0 is one for each core.
    pub workers: usize,
    /// Takes on one worker, beyond which new ones are refused.
    pub takes_per_worker: usize,
    /// Packets that wait for one take, beyond which all of them are dropped up to the next keyframe.
    pub queue: usize,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self { workers: 0, takes_per_worker: 16, queue: 512 }
    }
}

/// Why there is no take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// The networks or their library are not there.
    #[error("effects are not available: {0}")]
    Unavailable(String),
    /// Every worker has as many takes as it may.
    #[error("all workers are busy")]
    Full,
    /// The pool has shut down.
    #[error("the media workers have stopped")]
    Stopped,
}

/// The workers. Dropping it ends every take and waits for the threads.
pub struct Pool {
    workers: Vec<(Arc<Desk>, Option<JoinHandle<()>>)>,
    unavailable: Option<String>,
    takes_per_worker: usize,
    next: AtomicU64,
}

impl Pool {
    /// Starts the threads. Without a catalog they only decode, and [`Self::take`] says why.
    #[must_use]
    pub fn start(options: PoolOptions, catalog: Result<Catalog, CatalogError>) -> Self {
        let (catalog, unavailable) = match catalog {
            Ok(catalog) => (Some(catalog), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let count = if options.workers == 0 { cores() } else { options.workers };
        let workers = (0..count).map(|index| {
            let desk = Arc::new(Desk::new(options.queue));
            let (theirs, catalog) = (Arc::clone(&desk), catalog.clone());
            let thread = std::thread::Builder::new()
                .name(format!("media-{index}"))
                .spawn(move || job::work(&theirs, catalog))
                .inspect_err(|error| tracing::error!(%error, "a media worker could not be started"));
            (desk, thread.ok())
        });
        let takes_per_worker = options.takes_per_worker.max(1);
        Self { workers: workers.collect(), unavailable, takes_per_worker, next: AtomicU64::new(1) }
    }

    /// Why there are no effects, if so.
    #[must_use]
    pub fn unavailable(&self) -> Option<&str> {
        self.unavailable.as_deref()
    }

    /// Takes that run now.
    #[must_use]
    pub fn takes(&self) -> usize {
        self.workers.iter().map(|(desk, _)| desk.takes()).sum()
    }

    /// Begins a take on the worker that has fewest. Its background is [`Background::Off`] until it is set.
    ///
    /// # Errors
    /// If there are no networks or no room.
    pub fn take(&self, sink: Sink, events: EventSink) -> Result<TakeHandle, PoolError> {
        if let Some(reason) = &self.unavailable {
            return Err(PoolError::Unavailable(reason.clone()));
        }
        self.open(Command::Filter { sink, events })
    }

    /// Begins a take that hands out the first picture that can be decoded and ends; for stills of unfiltered tracks.
    /// `events` asks for the keyframe that this needs.
    ///
    /// # Errors
    /// If there is no room.
    pub fn decode_one(&self, events: EventSink, picture: PictureSink) -> Result<TakeHandle, PoolError> {
        self.open(Command::Still { events, picture })
    }

    fn open(&self, first: Command) -> Result<TakeHandle, PoolError> {
        let running = self.workers.iter().filter(|(_, thread)| thread.is_some()).map(|(desk, _)| desk);
        let desk = running.min_by_key(|desk| desk.takes()).ok_or(PoolError::Stopped)?;
        if desk.takes() >= self.takes_per_worker {
            return Err(PoolError::Full);
        }
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        desk.open(id, first);
        Ok(TakeHandle { desk: Arc::clone(desk), id })
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for (desk, _) in &self.workers {
            desk.stop();
        }
        for thread in self.workers.iter_mut().filter_map(|(_, thread)| thread.take()) {
            // A worker that panicked outside of a take has said so already.
            let _ = thread.join();
        }
    }
}

/// A running take. Dropping it ends the take; nothing is sent after that but what is being sent right now.
pub struct TakeHandle {
    desk: Arc<Desk>,
    id: u64,
}

impl TakeHandle {
    /// Queues a packet; never waits. `false` if it was dropped, because the take is over or its queue was full. In the
    /// latter case everything up to the next keyframe is dropped, and [`Event::NeedKeyframe`] asks for one.
    pub fn try_push(&self, packet: &Packet, received: Instant) -> bool {
        self.desk.push(self.id, packet, received)
    }

    /// Changes what is behind the person.
    pub fn set_background(&self, background: Background) {
        self.desk.command(self.id, Command::Background(background));
    }

    /// Makes the next picture a keyframe.
    pub fn request_keyframe(&self) {
        self.desk.command(self.id, Command::Keyframe);
    }

    /// Never more than this many bits per second.
    pub fn limit_bitrate(&self, bits_per_second: u32) {
        self.desk.command(self.id, Command::Bitrate(bits_per_second));
    }

    /// Hands out the latest picture as it was sent, as soon as the worker gets to it. If the take is over, `sink` is
    /// dropped uncalled.
    pub fn snapshot(&self, sink: SnapshotSink) {
        self.desk.command(self.id, Command::Snapshot(sink));
    }
}

impl Drop for TakeHandle {
    fn drop(&mut self) {
        self.desk.close(self.id);
    }
}
