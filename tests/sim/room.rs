//! A room: the server's state as the driver wires it, clients, and the network between. Time moves in steps of 1 ms.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use moodcall::base::clock;
use moodcall::base::id::ParticipantId;
use moodcall::rtp::sequence::Dedup;
use moodcall::sfu::demux::{Demux, Route};
use moodcall::sfu::ice::{Agent, Credentials, Event, Path, Patience};
use moodcall::sfu::keyframes::Keyframes;
use moodcall::sfu::munger::{Incoming, Munger, Withheld};
use moodcall::sfu::queue::Queue;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::client::{Client, Datagram, Encoder, Media};
use super::network::{Link, Weather};

/// One participant as the server sees them.
pub struct Seat {
    pub agent: Agent,
    pub events: Vec<(Instant, Event)>,
    dedup: Dedup,
    keyframes: Keyframes,
    /// Whether everybody sees the processed picture.
    pub processed: bool,
    effects: Encoder,
    /// The last packets of the camera and of the effects, for who takes over in the middle of a reordered keyframe.
    recent: VecDeque<(Incoming, Media)>,
    mungers: BTreeMap<ParticipantId, Munger<u32>>,
    queue: Queue<Datagram>,
}

/// Everything.
pub struct Room {
    pub now: Instant,
    pub random: StdRng,
    pub demux: Demux,
    pub seats: BTreeMap<ParticipantId, Seat>,
    pub clients: BTreeMap<ParticipantId, Client>,
    pub up: Link<(Path, Datagram)>,
    pub down: Link<(Path, Datagram)>,
    pub dropped: u64,
    sources: u32,
    next_port: u16,
}

impl Room {
    pub fn new(seed: u64, weather: Weather) -> Self {
        let now = clock::now();
        Self {
            now,
            random: StdRng::seed_from_u64(seed),
            demux: Demux::default(),
            seats: BTreeMap::new(),
            clients: BTreeMap::new(),
            up: Link::new(seed ^ 0x5555, weather),
            down: Link::new(seed ^ 0xaaaa, weather),
            dropped: 0,
            sources: 0,
            next_port: 10_000,
        }
    }

    pub fn fresh_address(&mut self) -> SocketAddr {
        self.next_port += 1;
        ([203, 0, 113, 5], self.next_port).into()
    }

    fn encoder(&mut self) -> Encoder {
        self.sources += 1;
        Encoder::new(self.sources, &mut self.random)
    }

    pub fn join(&mut self) -> ParticipantId {
        let (id, own, address) = (ParticipantId::new(), Credentials::fresh(), self.fresh_address());
        let agent = Agent::new(own.clone(), Patience::default(), self.now);
        let server = agent.local().clone();
        assert!(self.demux.add_fragment(&server.fragment, id));
        let (camera, effects) = (self.encoder(), self.encoder());
        let seat = Seat {
            agent,
            events: Vec::new(),
            dedup: Dedup::default(),
            keyframes: Keyframes::default(),
            processed: false,
            effects,
            recent: VecDeque::new(),
            mungers: BTreeMap::new(),
            queue: Queue::new(512),
        };
        self.clients.insert(id, Client::new(address, own, server, camera, self.now));
        self.seats.insert(id, seat);
        let everybody: Vec<_> = self.seats.keys().copied().collect();
        for publisher in &everybody {
            for subscriber in everybody.iter().filter(|subscriber| *subscriber != publisher) {
                self.subscribe(*publisher, *subscriber);
            }
        }
        id
    }

    pub fn leave(&mut self, id: ParticipantId) {
        self.seats.remove(&id);
        self.clients.remove(&id);
        self.demux.remove(id);
        self.seats.values_mut().for_each(|seat| seat.mungers.retain(|subscriber, _| *subscriber != id));
        self.clients.values_mut().for_each(|client| client.decoders.retain(|publisher, _| *publisher != id));
    }

    fn subscribe(&mut self, publisher: ParticipantId, subscriber: ParticipantId) {
        let camera = self.clients[&publisher].camera.source;
        let seat = self.seats.get_mut(&publisher).expect("a publisher has a seat");
        let source = if seat.processed { seat.effects.source } else { camera };
        seat.mungers.entry(subscriber).or_insert_with(Munger::video).switch(source);
        seat.keyframes.request();
    }

    /// Shows the processed picture of `publisher` to everybody, or the original.
    pub fn show(&mut self, publisher: ParticipantId, processed: bool) {
        self.seats.get_mut(&publisher).expect("a publisher has a seat").processed = processed;
        let subscribers: Vec<_> = self.seats[&publisher].mungers.keys().copied().collect();
        subscribers.into_iter().for_each(|subscriber| self.subscribe(publisher, subscriber));
    }

    /// The page asks for an ICE restart, and the answer arrives at once.
    pub fn restart_ice(&mut self, id: ParticipantId) {
        let (client, seat) = (self.clients.get_mut(&id).expect("joined"), self.seats.get_mut(&id).expect("joined"));
        client.own = Credentials::fresh();
        assert!(seat.agent.offered(client.own.clone(), self.now));
        client.server = seat.agent.local().clone();
        client.next_check = self.now;
        assert!(self.demux.add_fragment(&client.server.fragment, id));
    }

    pub fn run(&mut self, milliseconds: u64) {
        for _ in 0..milliseconds {
            self.now += Duration::from_millis(1);
            self.step();
        }
    }

    fn step(&mut self) {
        for client in self.clients.values_mut() {
            for datagram in client.tick(&mut self.random, self.now) {
                self.up.send((client.path(), datagram), self.now);
            }
        }
        while let Some((from, datagram)) = self.up.receive(self.now) {
            self.handle(from, datagram);
        }
        self.flush();
        while let Some((to, datagram)) = self.down.receive(self.now) {
            let Some(client) = self.clients.values_mut().find(|client| client.path() == to) else { continue };
            if let Some(answer) = client.handle(datagram, self.now) {
                self.up.send((client.path(), answer), self.now);
            }
        }
    }

    /// A datagram at the server's socket.
    pub fn handle(&mut self, from: Path, datagram: Datagram) {
        let encrypted = [0x80; 16];
        let bytes = if let Datagram::Stun(bytes) = &datagram { bytes.as_slice() } else { &encrypted };
        let (Route::Stun(id) | Route::Media(id)) = self.demux.route(from, bytes) else {
            self.dropped += 1;
            return;
        };
        let Some(seat) = self.seats.get_mut(&id) else { panic!("the map knows somebody who has left") };
        match datagram {
            Datagram::Stun(bytes) => {
                self.dropped += u64::from(seat.agent.handle(from, &bytes, self.now).is_err());
                self.handle_ice(id);
            }
            Datagram::Camera(incoming, media) => {
                seat.agent.heard(self.now);
                if !seat.dedup.first_time(incoming.sequence) {
                    return;
                }
                self.forward(id, incoming, media);
                if media.last && self.seats[&id].processed {
                    let seat = self.seats.get_mut(&id).expect("just seen");
                    let picture = seat.effects.encode(&mut self.random);
                    picture.into_iter().for_each(|(incoming, media)| self.forward(id, incoming, media));
                }
            }
            Datagram::Pli(publisher) => {
                // A request for a processed picture goes to its encoder; both are asked here, which is harsher.
                if let Some(seat) = self.seats.get_mut(&publisher) {
                    seat.keyframes.request();
                }
            }
            Datagram::Forwarded(..) => unreachable!("clients forward nothing"),
        }
    }

    fn forward(&mut self, publisher: ParticipantId, incoming: Incoming, media: Media) {
        let Some(seat) = self.seats.get_mut(&publisher) else { return };
        if incoming.keyframe_start {
            seat.keyframes.arrived();
        }
        let mut out = Vec::new();
        for (subscriber, munger) in &mut seat.mungers {
            let before = munger.forwarded();
            match munger.rewrite(media.source, &incoming, self.now) {
                Ok(wire) => out.push((*subscriber, Datagram::Forwarded(publisher, wire, media))),
                Err(Withheld::AwaitsKeyframe) => seat.keyframes.request(),
                Err(_) => {}
            }
            if munger.forwarded() != before {
                for (incoming, media) in seat.recent.iter().filter(|(_, recent)| recent.source == media.source) {
                    let Ok(wire) = munger.rewrite(media.source, incoming, self.now) else { continue };
                    out.push((*subscriber, Datagram::Forwarded(publisher, wire, *media)));
                }
            }
        }
        seat.recent.push_back((incoming, media));
        if seat.recent.len() > 32 {
            seat.recent.pop_front();
        }
        for (subscriber, datagram) in out {
            self.seats.get_mut(&subscriber).map(|seat| seat.queue.push(datagram));
        }
    }

    fn handle_ice(&mut self, id: ParticipantId) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        while let Some(event) = seat.agent.poll_event() {
            match &event {
                Event::Validated(path) => self.demux.add_path(*path, id),
                Event::Forgotten(path) => self.demux.remove_path(*path, id),
                Event::Retired(fragment) => self.demux.remove_fragment(fragment),
                _ => {}
            }
            seat.events.push((self.now, event));
        }
        while let Some(transmit) = seat.agent.poll_transmit() {
            self.down.send((transmit.path, Datagram::Stun(transmit.datagram)), self.now);
        }
    }

    fn flush(&mut self) {
        let ids: Vec<_> = self.seats.keys().copied().collect();
        for id in ids {
            let Some(seat) = self.seats.get_mut(&id) else { continue };
            if seat.agent.poll_timeout().is_some_and(|due| due <= self.now) {
                seat.agent.handle_timeout(self.now);
                assert!(seat.agent.poll_timeout().is_none_or(|due| due > self.now), "a timeout that does not pass");
            }
            if seat.keyframes.poll(self.now) {
                seat.effects.want_keyframe();
                if let Some(path) = seat.agent.selected() {
                    self.down.send((path, Datagram::Pli(id)), self.now);
                }
            }
            if let Some(path) = seat.agent.selected() {
                while let Some(datagram) = seat.queue.pop() {
                    self.down.send((path, datagram), self.now);
                }
            }
            self.handle_ice(id);
        }
    }

    /// Pictures that `subscriber` has decoded of `publisher`.
    pub fn pictures(&self, publisher: ParticipantId, subscriber: ParticipantId) -> u64 {
        self.clients[&subscriber].decoders.get(&publisher).map_or(0, |decoder| decoder.pictures)
    }

    /// The longest time without a picture of `publisher` at `subscriber` since the last call.
    pub fn take_longest_gap(&mut self, publisher: ParticipantId, subscriber: ParticipantId) -> Duration {
        let now = self.now;
        let client = self.clients.get_mut(&subscriber).expect("joined");
        let decoder = client.decoders.get_mut(&publisher).expect("watched");
        let open = decoder.last_picture_at.map_or(Duration::ZERO, |at| now - at);
        std::mem::take(&mut decoder.longest_gap).max(open)
    }
}
