//! Rooms: what they are, who may come in, who sits where, tickets for seats, and what the API says about them.
//!
//! A room is a row ([`row`]); who is inside is known to [`live`] alone, the state as a value. [`Rooms`] is the shell around
//! it: the lock, the clock, and the duty to tell the SFU when a seat is free. [`door`] decides who may come in.

pub mod api;
pub mod asker;
pub mod calls;
pub mod chat;
pub mod company;
pub mod create;
pub mod delete;
pub mod door;
pub mod edit;
pub mod found;
pub mod invites;
pub mod issue;
pub mod knocks;
pub mod list;
pub mod live;
pub mod members;
pub mod outbox;
mod own;
pub mod parted;
pub mod rights;
pub mod room;
pub mod row;
pub mod show;
pub mod shown;
pub mod soundtrack;
pub mod stills;
pub mod sweep;
pub mod tags;
pub mod ticket;
pub mod wording;

use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;

use crate::base::clock;
use crate::base::id::{ParticipantId, RoomId, UserId};
use crate::base::keyfile::{self, KeyError};
use crate::base::shutdown::Phase;
use crate::base::timestamp::Timestamp;
use crate::blobs::Signer;
use crate::protocol::server::LeaveReason;
use crate::state::AppState;
use crate::web::rate::{Caller, Rate};
use calls::Calls;
use chat::Chat;
use live::Live;
use soundtrack::turn::Turns;
use ticket::Tickets;

/// Handle on all rooms; clones share them.
#[derive(Clone)]
pub struct Rooms {
    /// The handles that every feature may reach.
    pub state: AppState,
    /// Signs and checks tickets.
    pub tickets: Tickets,
    /// Signs the addresses of stills.
    stills: Signer,
    shared: Arc<Shared>,
}

struct Shared {
    live: Mutex<Live>,
    changed: Notify,
    limits: Limits,
    calls: Calls,
    chat: Chat,
    /// Held by whoever changes the list of a room, or reads it to play it.
    soundtracks: Turns,
}

/// How often somebody may knock on one door in an hour.
const KNOCKS: u32 = 10;

/// What one person or address may ask for.
struct Limits {
    creates: Rate<Caller>,
    tickets: Rate<Caller>,
    stills: Rate<RoomId>,
    knocks: Rate<(UserId, RoomId)>,
}

impl Rooms {
    /// Reads or makes the ticket key, and starts the task that frees kept seats whose time is over.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn start(state: AppState) -> Result<Self, KeyError> {
        let config = &state.config.rooms;
        let tickets = Tickets::open(&state.config.server.data_dir, config.ticket())?;
        let live = Mutex::new(Live::new(config.seat()));
        let limits = Limits {
            creates: Rate::per_minute(config.creates_per_minute),
            tickets: Rate::per_minute(config.tickets_per_minute),
            stills: Rate::per_minute(config.stills_per_minute),
            knocks: Rate::per_hour(KNOCKS),
        };
        let (calls, chat, soundtracks) = (Calls::default(), Chat::default(), Turns::default());
        let shared = Shared { live, changed: Notify::new(), limits, calls, chat, soundtracks };
        let stills = Signer::new(&keyfile::open(&state.config.server.data_dir, "address.key")?);
        let rooms = Self { state, tickets, stills, shared: Arc::new(shared) };
        rooms.state.tasks.spawn(parted::run(rooms.clone(), rooms.state.partings.listen()));
        rooms.state.tasks.spawn(sweep::run(rooms.clone()));
        rooms.state.tasks.spawn(stills::sweep::run(rooms.clone()));
        rooms.state.tasks.spawn(chat::sweep::run(rooms.clone()));
        rooms.state.tasks.spawn(rooms.clone().expire());
        rooms.state.tasks.spawn(soundtrack::clockwork::run(rooms.clone()));
        rooms.state.tasks.spawn(calls::watch::run(rooms.clone(), Timestamp::now()));
        Ok(rooms)
    }

    /// The state, locked. Never held over an `.await`: the guard cannot be sent.
    pub fn live(&self) -> MutexGuard<'_, Live> {
        self.shared.live.lock()
    }

    /// Calls that are not over.
    pub fn calls(&self) -> &Calls {
        &self.shared.calls
    }

    /// Who may say something now.
    pub fn chat(&self) -> &Chat {
        &self.shared.chat
    }

    /// Frees a seat: the room hears it, the media ends.
    pub async fn leave(&self, participant: ParticipantId, reason: LeaveReason) {
        if self.live().leave(participant, reason) {
            self.freed(participant).await;
        }
    }

    /// A seat is free: effects and media of whoever sat there end.
    pub async fn freed(&self, participant: ParticipantId) {
        self.changed();
        self.state.studio.left(participant).await;
        self.state.sfu.leave(participant).await;
    }

    /// Something happened that may move the next deadline or end the last call.
    pub fn changed(&self) {
        self.shared.changed.notify_waiters();
        let (rooms, seats, _) = self.live().counts();
        metrics::gauge!("moodcall_rooms").set(rooms as f64);
        metrics::gauge!("moodcall_seats").set(seats as f64);
    }

    /// Waits until nobody sits anywhere.
    pub async fn empty(&self) {
        loop {
            let changed = self.shared.changed.notified();
            tokio::pin!(changed);
            // Armed before the look, so that a change between the two is not missed.
            changed.as_mut().enable();
            if self.live().counts().1 == 0 {
                return;
            }
            changed.await;
        }
    }

    /// Frees kept seats when their time is over, until the shutdown stops everything.
    async fn expire(self) {
        let shutdown = self.state.shutdown.clone();
        let work = async {
            loop {
                let changed = self.shared.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                let now = clock::now();
                let expired = self.live().expired(now);
                for participant in expired {
                    tracing::debug!(%participant, "nobody came back to the seat");
                    self.leave(participant, LeaveReason::Expired).await;
                }
                let next = self.live().next_expiry();
                match next {
                    Some(at) => {
                        let wait = at.saturating_duration_since(clock::now());
                        tokio::select! { () = tokio::time::sleep(wait) => {} () = &mut changed => {} }
                    }
                    None => changed.await,
                }
            }
        };
        tokio::select! { () = work => {} () = shutdown.reached(Phase::Stopping) => {} }
    }
}
