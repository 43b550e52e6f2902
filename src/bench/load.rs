//! The load of `bench call`: rooms with one publisher and its subscribers each.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use parking_lot::Mutex;
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};

use super::client::api::Api;
use super::client::peer::{OnArrival, PeerOptions};
use super::client::publish::{Publisher, Recording};
use super::client::socket::PATIENCE;
use super::client::{Client, ClientError, JoinOptions};
use super::received::Received;
use crate::base::clock;
use crate::base::id::RoomId;
use crate::protocol::Kind;

/// Joins of one room follow each other at this distance. A server asks a camera for a keyframe at most twice a second,
/// and somebody who joins right after another would wait for the next one: that would measure the wait, not the join.
const JOIN_EVERY: Duration = Duration::from_millis(600);

/// One room at work.
pub struct Room {
    /// Who sends.
    pub publisher: Client,
    /// Their camera.
    pub camera: Publisher,
    /// Who receives, and what.
    pub subscribers: Vec<Subscriber>,
}

/// One who receives.
pub struct Subscriber {
    /// Their connection.
    pub client: Client,
    /// What came.
    pub received: Arc<Received>,
    /// From the opening of their socket to their first media packet.
    pub joined_in: Duration,
}

/// Refusals and failures, counted by their reason.
pub type Refusals = BTreeMap<String, u64>;

/// Everything that was set up.
pub struct Load {
    /// The rooms that have a publisher.
    pub rooms: Vec<Room>,
    /// Who did not get in, and why.
    pub refused: Refusals,
}

impl Load {
    /// Makes `rooms` rooms, each with a publisher of `recording` and `subscribers` more people.
    pub async fn start(api: &Api, rooms: usize, subscribers: usize, recording: &Recording, bar: &ProgressBar) -> Self {
        let refused = Arc::new(Mutex::new(Refusals::new()));
        let mut tasks = JoinSet::new();
        for number in 0..rooms {
            let (api, recording, refused, bar) = (api.clone(), recording.clone(), refused.clone(), bar.clone());
            // Rooms share the distance between joins evenly, so that handshakes meet as little as possible.
            let begin = clock::now() + JOIN_EVERY.mul_f64(number as f64 / rooms as f64);
            tasks.spawn(async move { start_room(&api, begin, subscribers, recording, &refused, &bar).await });
        }
        let mut started = Vec::new();
        while let Some(room) = tasks.join_next().await {
            started.extend(room.ok().flatten());
        }
        let refused = refused.lock().clone();
        Self { rooms: started, refused }
    }

    /// All subscribers of all rooms.
    pub fn subscribers(&self) -> impl Iterator<Item = &Subscriber> {
        self.rooms.iter().flat_map(|room| &room.subscribers)
    }

    /// People in all rooms.
    pub fn participants(&self) -> usize {
        self.rooms.iter().map(|room| 1 + room.subscribers.len()).sum()
    }

    /// Lets everybody leave in order.
    pub async fn leave(self) {
        let mut tasks = JoinSet::new();
        for room in self.rooms {
            drop(room.camera);
            for client in room.subscribers.into_iter().map(|each| each.client).chain([room.publisher]) {
                tasks.spawn(client.leave());
            }
        }
        while tasks.join_next().await.is_some() {}
    }
}

async fn start_room(
    api: &Api,
    begin: Instant,
    subscribers: usize,
    recording: Recording,
    refused: &Arc<Mutex<Refusals>>,
    bar: &ProgressBar,
) -> Option<Room> {
    sleep_until(begin.into()).await;
    let opened = async {
        // Where rooms are smaller, the rest is refused at the door, and counted.
        let wanted = u32::try_from(subscribers + 1).unwrap_or(u32::MAX);
        let room = api.create_room(wanted.min(api.max_capacity().await?)).await?;
        let publisher = join(api, room.id, "Publisher", Some(room.host_key), Arc::new(|_| ())).await?;
        publisher.peer.connected().await?;
        publisher.publish(Kind::Video).await?;
        Ok::<_, ClientError>((room.id, publisher))
    };
    let (room, publisher) = match opened.await {
        Ok(opened) => opened,
        Err(error) => {
            note(refused, error);
            return None;
        }
    };
    let camera = Publisher::camera(publisher.peer.video.clone(), recording);
    let mut tasks = JoinSet::new();
    for number in 0..subscribers {
        let (api, refused, bar) = (api.clone(), refused.clone(), bar.clone());
        let begin = begin + JOIN_EVERY * (number as u32 + 1);
        tasks.spawn(async move {
            sleep_until(begin.into()).await;
            let joined = subscribe(&api, room, number).await;
            bar.inc(1);
            joined.map_err(|error| note(&refused, error)).ok()
        });
    }
    let mut joined = Vec::with_capacity(subscribers);
    while let Some(subscriber) = tasks.join_next().await {
        joined.extend(subscriber.ok().flatten());
    }
    Some(Room { publisher, camera, subscribers: joined })
}

async fn subscribe(api: &Api, room: RoomId, number: usize) -> Result<Subscriber, ClientError> {
    let received = Arc::new(Received::default());
    let sink = received.clone();
    let name = format!("Subscriber {number}");
    let client = join(api, room, &name, None, Arc::new(move |arrival| sink.take(&arrival))).await?;
    let first = timeout(PATIENCE, received.first()).await;
    let first = first.map_err(|_| ClientError::Timeout("the first media packet".into()))?;
    let joined_in = first.saturating_duration_since(client.opened);
    Ok(Subscriber { client, received, joined_in })
}

async fn join(
    api: &Api,
    room: RoomId,
    name: &str,
    host_key: Option<String>,
    on_arrival: OnArrival,
) -> Result<Client, ClientError> {
    let peer = PeerOptions::loopback(on_arrival);
    Client::join(api, room, JoinOptions { name: name.to_owned(), host_key, peer }).await
}

fn note(refused: &Mutex<Refusals>, error: ClientError) {
    let reason = match &error {
        ClientError::Refused { code, .. } => code.as_str().to_owned(),
        other => other.to_string(),
    };
    *refused.lock().entry(reason).or_insert(0) += 1;
}

/// Raises this process's limit of open files to the most that it may have: a client takes three.
pub fn raise_open_files() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both calls only read or fill the structure that they are given. If one fails, the limit stays as it was.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &limit);
        }
    }
}
