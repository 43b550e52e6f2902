//! Playlists in the making: a job that turns a sentence, a genre and a decade, or the mood of a call into a playlist.
//!
//! A job is a row ([`held`]); [`work`] takes rows and takes each through its steps; [`compose`] says what is in the playlist,
//! asking the model that is configured and otherwise the scorer inside; [`save`] writes the playlist and the end of the job
//! in one transaction, so that a server that dies leaves one playlist or none. [`events`] tells how far it is.

pub mod answer;
pub mod cancel;
pub mod compose;
pub mod create;
pub mod events;
pub mod held;
pub mod inside;
pub mod prompt;
pub mod save;
pub mod show;
pub mod shown;
pub mod sweep;
pub mod wish;
pub mod work;

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use crate::base::id::{GenerationId, UserId};
use crate::store::Engine;
use crate::users::Users;
use crate::web::error::ApiError;
use crate::web::limit::Counts;
use crate::web::rate::Rate;

/// Streams that one person may have open.
const STREAMS: u32 = 6;
/// Changes that a slow stream may miss the names of; then it looks for itself.
const WORDS: usize = 256;

/// Handle on playlists in the making; clones share it.
#[derive(Clone)]
pub struct Generations {
    /// Everything that log-ins need, and the handles that every feature may reach.
    pub users: Users,
    shared: Arc<Shared>,
}

struct Shared {
    rate: Rate<UserId>,
    /// Wakes whoever works.
    asked: Notify,
    changed: broadcast::Sender<GenerationId>,
    /// What this process works at, to end it.
    running: Mutex<HashMap<GenerationId, CancellationToken>>,
    streams: Mutex<Counts<UserId>>,
}

impl Generations {
    /// Begins to work at what waits, and at what was being made when the server stopped.
    pub async fn start(users: Users) -> Self {
        // One file has one process. Rows in PostgreSQL may be another node's: those come free by themselves.
        let store = &users.state.store;
        if store.engine() == Engine::Sqlite
            && let Err(error) = held::free_all(store).await
        {
            tracing::warn!(%error, "what was being made when the server stopped has to wait for a moment");
        }
        let rate = Rate::per_hour(users.state.config.generation.per_hour);
        let (changed, _) = broadcast::channel(WORDS);
        let streams = Mutex::new(Counts::at_most(STREAMS));
        let shared = Shared { rate, asked: Notify::new(), changed, running: Mutex::default(), streams };
        let generations = Self { users, shared: Arc::new(shared) };
        let tasks = &generations.users.state.tasks;
        tasks.spawn(work::run(generations.clone()));
        tasks.spawn(sweep::run(generations.users.state.clone()));
        generations
    }

    /// Counts a request of somebody.
    ///
    /// # Errors
    /// 429.
    fn admit(&self, user: UserId) -> Result<(), ApiError> {
        self.shared.rate.admit(&user)
    }

    /// How many of one person may be open.
    fn most_open(&self) -> i64 {
        self.users.state.config.generation.open_per_person.into()
    }

    /// Something new waits.
    fn asked(&self) {
        self.shared.asked.notify_one();
    }

    /// To be called once a change is committed.
    fn changed(&self, id: GenerationId) {
        // Nobody may be listening.
        let _ = self.shared.changed.send(id);
    }

    fn listen(&self) -> broadcast::Receiver<GenerationId> {
        self.shared.changed.subscribe()
    }

    /// Ends the work at `id` on this node; others find out when they say that they still hold it.
    fn cancel(&self, id: GenerationId) {
        if let Some(token) = self.shared.running.lock().get(&id) {
            token.cancel();
        }
        self.changed(id);
    }

    /// What this process works at now.
    pub fn running(&self) -> usize {
        self.shared.running.lock().len()
    }

    /// A place for one more stream of somebody.
    ///
    /// # Errors
    /// 429.
    fn follow(&self, user: UserId) -> Result<Listening, ApiError> {
        if !self.shared.streams.lock().take(user) {
            return Err(ApiError::TooMany(std::time::Duration::from_secs(5)));
        }
        Ok(Listening { shared: self.shared.clone(), user })
    }
}

/// A stream that is open; dropping it makes room for another.
struct Listening {
    shared: Arc<Shared>,
    user: UserId,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.shared.streams.lock().release(&self.user);
    }
}
