//! A server of its own for each test, people in its rooms, and what they received.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use moodcall::bench::child::Server;
use moodcall::bench::client::api::{Api, CreatedRoom};
use moodcall::bench::client::peer::{Arrival, PeerOptions};
use moodcall::bench::client::publish::{Publisher, Recording};
use moodcall::bench::client::{Client, ClientError, JoinOptions};
use moodcall::protocol::Kind;
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// Settings of a server that only forwards.
pub const PLAIN: &[(&str, &str)] = &[("MOODCALL_FILTER__ENABLED", "false")];

/// A server and how to reach it.
pub struct Stage {
    /// Ends with the test.
    _server: Server,
    /// Its interface.
    pub api: Api,
}

impl Stage {
    /// Starts a server with `settings` in its environment.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_moodcall"));
        let server = Server::start(program, settings).await.expect("the server starts");
        let api = Api::new(&server.url);
        Self { _server: server, api }
    }

    /// A room with so many seats.
    pub async fn room(&self, capacity: u32) -> CreatedRoom {
        self.api.create_room(capacity).await.expect("a room")
    }

    /// Somebody who joins with VP8 and publishes nothing yet.
    pub async fn join(&self, room: &CreatedRoom, name: &str) -> Person {
        self.try_join(room, options(name)).await.expect("a seat")
    }

    /// The room's host.
    pub async fn host(&self, room: &CreatedRoom, name: &str) -> Person {
        let options = JoinOptions { host_key: Some(room.host_key.clone()), ..options(name) };
        self.try_join(room, options).await.expect("a seat")
    }

    /// Somebody who may be refused.
    pub async fn try_join(&self, room: &CreatedRoom, options: JoinOptions) -> Result<Person, ClientError> {
        Person::join(&self.api, room, options).await
    }

    /// The address of the server's media, as its answers name it.
    pub async fn media(&self) -> SocketAddr {
        let room = self.room(2).await;
        let guest = self.join(&room, "Scout").await;
        let address = guest.client.peer.server_address().await.expect("a candidate");
        guest.leave().await;
        address
    }

    /// The value of the metric `name`, summed over its labels; 0 if there is none yet.
    pub async fn metric(&self, name: &str) -> f64 {
        let text = String::from_utf8(self.api.fetch("/metrics").await.expect("metrics")).expect("text");
        let value = |line: &str| {
            let rest = line.strip_prefix(name)?;
            rest.starts_with([' ', '{']).then(|| rest.rsplit(' ').next()?.parse::<f64>().ok())?
        };
        text.lines().filter_map(value).sum()
    }

    /// Waits until the metric `name` has the value `wanted`.
    pub async fn metric_becomes(&self, name: &str, wanted: f64) {
        self.metric_reaches(name, |value| value == wanted).await;
    }

    /// Waits until the value of the metric `name` is as `wanted`.
    pub async fn metric_reaches(&self, name: &str, wanted: impl Fn(f64) -> bool) {
        let mut value = f64::NAN;
        let reached = async {
            let mut every = tokio::time::interval(Duration::from_millis(50));
            while !wanted(value) {
                every.tick().await;
                value = self.metric(name).await;
            }
        };
        if timeout(PATIENCE, reached).await.is_err() {
            panic!("{name} is {value} still");
        }
    }
}

/// How somebody of that name joins with VP8 over UDP on loopback.
pub fn options(name: &str) -> JoinOptions {
    let peer = PeerOptions::loopback(Arc::new(|_| ()));
    JoinOptions { name: name.to_owned(), host_key: None, peer }
}

/// Somebody in a room, with what they received.
pub struct Person {
    /// Their connection to the call.
    pub client: Client,
    /// What arrived.
    pub inbox: Inbox,
    /// Their devices that are on.
    pub devices: Vec<Publisher>,
}

impl Person {
    /// Joins and connects.
    pub async fn join(api: &Api, room: &CreatedRoom, mut options: JoinOptions) -> Result<Self, ClientError> {
        let inbox = Inbox::default();
        let sink = inbox.clone();
        options.peer.on_arrival = Arc::new(move |arrival| sink.take(arrival));
        let client = Client::join(api, room.id, options).await?;
        client.peer.connected().await?;
        Ok(Self { client, inbox, devices: Vec::new() })
    }

    /// Switches a camera on that shows nothing in particular, about 1 Mbit/s.
    pub async fn show(&mut self) {
        self.show_recording(Recording::blank(4000)).await;
    }

    /// Switches a camera on that shows `recording`.
    pub async fn show_recording(&mut self, recording: Recording) {
        self.client.publish(Kind::Video).await.expect("published");
        self.devices.push(Publisher::camera(self.client.peer.video.clone(), recording));
    }

    /// Switches a microphone on.
    pub async fn speak(&mut self) {
        self.client.publish(Kind::Audio).await.expect("published");
        self.devices.push(Publisher::microphone(self.client.peer.audio.clone()));
    }

    /// Leaves in order.
    pub async fn leave(self) {
        drop(self.devices);
        self.client.leave().await.expect("left");
    }
}

/// What somebody received, in the order of arrival.
#[derive(Clone)]
pub struct Inbox {
    arrivals: Arc<Mutex<Vec<Arrival>>>,
    count: watch::Sender<usize>,
}

impl Default for Inbox {
    fn default() -> Self {
        Self { arrivals: Arc::default(), count: watch::Sender::new(0) }
    }
}

impl Inbox {
    fn take(&self, arrival: Arrival) {
        let mut arrivals = self.arrivals.lock();
        arrivals.push(arrival);
        self.count.send_replace(arrivals.len());
    }

    /// How much has arrived.
    pub fn len(&self) -> usize {
        self.arrivals.lock().len()
    }

    /// Everything of `kind` that arrived after the first `mark` packets.
    pub fn since(&self, mark: usize, kind: Kind) -> Vec<Arrival> {
        self.arrivals.lock()[mark..].iter().filter(|arrival| arrival.kind == kind).cloned().collect()
    }

    /// Waits until `count` more packets of `kind` than at `mark` have arrived and returns them.
    pub async fn wait(&self, what: &str, mark: usize, kind: Kind, count: usize) -> Vec<Arrival> {
        self.wait_until(what, || {
            let found = self.since(mark, kind);
            (found.len() >= count).then_some(found)
        })
        .await
    }

    /// Waits until `look`, tried at each arrival, finds something.
    pub async fn wait_until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let mut count = self.count.subscribe();
        let search = async {
            loop {
                count.borrow_and_update();
                if let Some(found) = look() {
                    return found;
                }
                count.changed().await.expect("the inbox outlives this");
            }
        };
        let found = timeout(PATIENCE, search).await;
        found.unwrap_or_else(|_| panic!("timed out waiting for {what}; {} packets arrived", self.len()))
    }
}

/// Longest pause between two packets that follow each other.
pub fn longest_pause(arrivals: &[Arrival]) -> Duration {
    arrivals.windows(2).map(|pair| pair[1].at.saturating_duration_since(pair[0].at)).max().unwrap_or_default()
}

/// How many sequence numbers of one stream are missing between its first and its last packet.
pub fn missing(arrivals: &[Arrival]) -> usize {
    let mut numbers = moodcall::rtp::sequence::Unwrapper::default();
    let extended: std::collections::BTreeSet<u64> =
        arrivals.iter().map(|arrival| numbers.extend(arrival.packet.sequence)).collect();
    match (extended.first(), extended.last()) {
        (Some(first), Some(last)) => (last - first + 1) as usize - extended.len(),
        _ => 0,
    }
}
