//! The thread that owns every socket: receives a batch, feeds it, sweeps what was touched, sends it off.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::Options;
use super::command::{Command, Inbox};
use super::engine::Engine;
use super::handle::StartError;
use super::ice::{Path, Protocol};
use super::listen::listen;
use super::room::Means;
use super::stats::Counters;
use super::tcp::{Connection, UNCHECKED};
use super::transport::Identity;
use super::udp::{Outbound, Udp};
use crate::base::clock;

/// Batches to take from one socket before others get their turn.
const BATCHES: usize = 4;

/// Between two rounds of housekeeping: metrics, stale connections and routes.
const HOUSEKEEPING: Duration = Duration::from_secs(1);

/// Remote addresses that may be remembered with the local one they spoke to, before unbelieved ones are dropped early.
const MAX_ROUTES: usize = 16_384;

/// What a started driver tells the handle.
pub(super) struct Started {
    pub(super) thread: JoinHandle<()>,
    pub(super) announced: Vec<SocketAddr>,
    pub(super) port: u16,
}

/// Binds the sockets and starts the thread.
pub(super) fn start(options: Options, inbox: Arc<Inbox>, counters: Arc<Counters>) -> Result<Started, StartError> {
    let listening = listen(&options)?;
    let identity = Identity::generate().map_err(|error| StartError::Certificate(error.to_string()))?;
    let (announced, port) = (listening.announced.clone(), listening.port);
    let means = Means::new(&options, identity, announced.clone(), counters.clone());
    let mut driver = Driver {
        udp: listening.udp.into_iter().map(Udp::new).collect::<Result<_, _>>()?,
        listeners: listening.tcp,
        connections: HashMap::new(),
        routes: HashMap::new(),
        engine: Engine::new(means),
        options,
        inbox,
        counters,
        outbound: Vec::new(),
        descriptors: Vec::new(),
    };
    let thread = std::thread::Builder::new().name("sfu".into()).spawn(move || {
        // However it ends, nobody may wait for an answer that will not come.
        let _closing = Closing(driver.inbox.clone());
        driver.run();
    })?;
    Ok(Started { thread, announced, port })
}

/// Closes the inbox with the thread that reads it.
struct Closing(Arc<Inbox>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// By which socket and local address a remote address was heard last.
#[derive(Clone, Copy)]
struct Route {
    socket: usize,
    local: Option<IpAddr>,
}

struct Driver {
    udp: Vec<Udp>,
    listeners: Vec<TcpListener>,
    connections: HashMap<SocketAddr, Connection>,
    routes: HashMap<SocketAddr, Route>,
    engine: Engine,
    options: Options,
    inbox: Arc<Inbox>,
    counters: Arc<Counters>,
    outbound: Vec<Outbound>,
    descriptors: Vec<libc::pollfd>,
}

impl Driver {
    fn run(&mut self) {
        let mut housekeeping = clock::now();
        loop {
            let deadline = self.engine.deadline().map_or(housekeeping, |due| due.min(housekeeping));
            self.wait(deadline);
            let now = clock::now();
            for command in self.inbox.drain() {
                let last = matches!(command, Command::Shutdown { .. });
                self.engine.handle(command, now);
                if last {
                    self.inbox.close();
                    self.flush(now);
                    return;
                }
            }
            self.receive_udp(now);
            self.receive_tcp(now);
            if self.engine.deadline().is_some_and(|due| due <= now) {
                self.engine.handle_timeout(now);
            }
            self.flush(now);
            if now >= housekeeping {
                housekeeping = now + HOUSEKEEPING;
                self.keep_house(now);
            }
        }
    }

    /// Sleeps until something can be read, written, or is due.
    fn wait(&mut self, deadline: Instant) {
        self.descriptors.clear();
        let watch = |fd, events| libc::pollfd { fd, events, revents: 0 };
        self.descriptors.push(watch(self.inbox.wake_fd(), libc::POLLIN));
        self.descriptors.extend(self.udp.iter().map(|udp| watch(udp.fd(), libc::POLLIN)));
        for listener in &self.listeners {
            use std::os::fd::AsRawFd;
            // When there is no room for more, they wait in the kernel's backlog.
            let room = self.connections.len() < self.options.max_tcp_connections;
            self.descriptors.push(watch(listener.as_raw_fd(), if room { libc::POLLIN } else { 0 }));
        }
        for connection in self.connections.values() {
            let out = if connection.is_blocked() { libc::POLLOUT } else { 0 };
            self.descriptors.push(watch(connection.fd(), libc::POLLIN | out));
        }
        let left = deadline.saturating_duration_since(clock::now());
        // Rounded up, lest it spins through the last millisecond.
        let milliseconds = left.as_micros().div_ceil(1000).min(1000) as libc::c_int;
        let count = self.descriptors.len() as libc::nfds_t;
        // SAFETY: the vector holds as many entries as we say.
        unsafe { libc::poll(self.descriptors.as_mut_ptr(), count, milliseconds) };
    }

    fn receive_udp(&mut self, now: Instant) {
        for (socket, udp) in self.udp.iter_mut().enumerate() {
            for _ in 0..BATCHES {
                let (engine, routes) = (&mut self.engine, &mut self.routes);
                let received = udp.receive(|remote, local, datagram| {
                    if engine.datagram(Path::udp(remote), datagram, now) {
                        routes.insert(remote, Route { socket, local });
                    }
                });
                if received == 0 {
                    break;
                }
            }
        }
        if self.routes.len() > MAX_ROUTES {
            self.forget_routes();
        }
    }

    fn receive_tcp(&mut self, now: Instant) {
        for listener in &self.listeners {
            while self.connections.len() < self.options.max_tcp_connections {
                let accepted = Connection::accept(listener, self.options.subscriber_queue, now);
                let Some(connection) = accepted else { break };
                self.connections.insert(connection.remote, connection);
            }
        }
        for connection in self.connections.values_mut() {
            let path = Path::tcp(connection.remote);
            let engine = &mut self.engine;
            connection.receive(|frame| {
                engine.datagram(path, frame, now);
            });
        }
        self.drop_closed(now);
    }

    fn drop_closed(&mut self, now: Instant) {
        let engine = &mut self.engine;
        self.connections.retain(|remote, connection| {
            if connection.is_closed() {
                engine.disconnected(Path::tcp(*remote), now);
            }
            !connection.is_closed()
        });
        self.counters.tcp_connections.set(self.connections.len() as u64);
    }

    /// Sends everything that the engine has to say.
    fn flush(&mut self, now: Instant) {
        let Self { engine, routes, connections, outbound, counters, udp, .. } = self;
        let mut route: Option<(SocketAddr, Option<Route>)> = None;
        let mut socket = 0;
        for (path, datagram) in engine.drain(now).drain(..) {
            let remote = path.remote;
            if path.protocol == Protocol::Tcp {
                let Some(connection) = connections.get_mut(&remote) else { continue };
                counters.dropped_queue.add(u64::from(connection.push(datagram)));
                continue;
            }
            let known = match route {
                Some((last, known)) if last == remote => known,
                _ => routes.get(&remote).copied(),
            };
            route = Some((remote, known));
            let Some(known) = known else { continue };
            if known.socket != socket {
                send(&mut udp[socket], outbound, counters);
                socket = known.socket;
            }
            outbound.push(Outbound { remote, local: known.local, datagram });
        }
        send(&mut udp[socket], outbound, counters);
        for connection in connections.values_mut().filter(|connection| connection.is_blocked()) {
            let (frames, bytes) = connection.flush();
            counters.sent_datagrams.add(frames);
            counters.sent_bytes.add(bytes);
        }
    }

    fn keep_house(&mut self, now: Instant) {
        let stale = |connection: &&mut Connection| now.saturating_duration_since(connection.opened) >= UNCHECKED;
        for connection in self.connections.values_mut().filter(stale) {
            if !self.engine.believes(Path::tcp(connection.remote)) {
                connection.close();
            }
        }
        self.drop_closed(now);
        self.forget_routes();
        self.engine.export();
    }

    fn forget_routes(&mut self) {
        let engine = &self.engine;
        self.routes.retain(|remote, _| engine.believes(Path::udp(*remote)));
    }
}

fn send(udp: &mut Udp, outbound: &mut Vec<Outbound>, counters: &Counters) {
    if outbound.is_empty() {
        return;
    }
    let sent = udp.send(outbound);
    outbound.clear();
    counters.sent_datagrams.add(sent.datagrams);
    counters.sent_bytes.add(sent.bytes);
    counters.dropped_queue.add(sent.dropped);
}
