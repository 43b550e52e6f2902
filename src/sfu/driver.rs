//! The thread that owns every socket and all state of the SFU.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use super::Options;
use super::command::{Command, Inbox};
use super::handle::{OfferError, SfuError, StartError};
use super::listen::{Listening, listen};
use super::stats::Counters;

/// What a started driver tells the handle.
pub(super) struct Started {
    pub(super) thread: JoinHandle<()>,
    pub(super) announced: Vec<SocketAddr>,
    pub(super) port: u16,
}

/// Binds the sockets and starts the thread.
pub(super) fn start(options: Options, inbox: Arc<Inbox>, counters: Arc<Counters>) -> Result<Started, StartError> {
    let listening = listen(&options)?;
    let (announced, port) = (listening.announced.clone(), listening.port);
    let mut driver = Driver { listening, inbox, counters };
    let thread = std::thread::Builder::new().name("sfu".into()).spawn(move || driver.run())?;
    Ok(Started { thread, announced, port })
}

struct Driver {
    listening: Listening,
    inbox: Arc<Inbox>,
    counters: Arc<Counters>,
}

impl Driver {
    fn run(&mut self) {
        loop {
            self.wait();
            for command in self.inbox.drain() {
                if self.handle(command) {
                    self.inbox.close();
                    return;
                }
            }
        }
    }

    fn wait(&self) {
        let mut descriptors = [libc::pollfd { fd: self.inbox.wake_fd(), events: libc::POLLIN, revents: 0 }];
        // SAFETY: the array holds as many entries as we say.
        unsafe { libc::poll(descriptors.as_mut_ptr(), descriptors.len() as libc::nfds_t, -1) };
    }

    /// Whether the thread should end.
    fn handle(&mut self, command: Command) -> bool {
        match command {
            Command::Join { reply, .. } => drop(reply.send(Ok(()))),
            Command::Leave { reply, .. } => drop(reply.send(())),
            Command::Offer { reply, .. } => drop(reply.send(Err(OfferError::UnknownParticipant))),
            Command::Publish { reply, .. } => drop(reply.send(Err(SfuError::UnknownParticipant))),
            Command::Unpublish { reply, .. } | Command::Mute { reply, .. } | Command::Subscribe { reply, .. } => {
                drop(reply.send(Err(SfuError::UnknownParticipant)));
            }
            Command::Tap { reply, .. } => drop(reply.send(Err(SfuError::UnknownTrack))),
            Command::Inject { reply, .. } => drop(reply.send(Err(SfuError::UnknownTrack))),
            Command::Shutdown { reply } => {
                if let Some(reply) = reply {
                    drop(reply.send(()));
                }
                return true;
            }
            _ => {}
        }
        self.counters.export();
        false
    }
}
