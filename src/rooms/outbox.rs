//! The way to one socket: a bounded queue that never makes the speaker wait.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::protocol::server::{Reply, ServerMessage};

/// Messages that may wait for one socket. Beyond that its reader is too slow and the socket is closed.
pub const QUEUE: usize = 256;

/// What a socket is given to write.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing {
    /// A message.
    Say(Reply),
    /// The end, with the WebSocket's close code (RFC 6455, section 7.4).
    Close(u16),
}

/// The speaking end. Clones speak to the same socket.
#[derive(Clone, Debug)]
pub struct Outbox {
    number: u64,
    sender: mpsc::Sender<Outgoing>,
    slow: CancellationToken,
}

/// The socket's end.
#[derive(Debug)]
pub struct Inlet {
    /// What to write, in order.
    pub receiver: mpsc::Receiver<Outgoing>,
    /// Set when the queue overflowed: close the socket.
    pub slow: CancellationToken,
}

impl Outbox {
    /// A queue for a new socket.
    pub fn open() -> (Self, Inlet) {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let (sender, receiver) = mpsc::channel(QUEUE);
        let slow = CancellationToken::new();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        (Self { number, sender, slow: slow.clone() }, Inlet { receiver, slow })
    }

    /// Says something of its own accord.
    pub fn say(&self, message: ServerMessage) {
        self.put(Outgoing::Say(Reply { re: None, message }));
    }

    /// Answers the request numbered `re`.
    pub fn answer(&self, re: Option<u64>, message: ServerMessage) {
        self.put(Outgoing::Say(Reply { re, message }));
    }

    /// Ends the socket after what was said before.
    pub fn close(&self, code: u16) {
        self.put(Outgoing::Close(code));
    }

    /// Whether both speak to the same socket.
    pub fn is(&self, other: &Self) -> bool {
        self.number == other.number
    }

    fn put(&self, outgoing: Outgoing) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.sender.try_send(outgoing) {
            self.slow.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_that_does_not_read_is_marked_slow_and_nobody_waits() {
        let (outbox, mut inlet) = Outbox::open();
        for _ in 0..QUEUE {
            outbox.say(ServerMessage::Pong);
        }
        assert!(!inlet.slow.is_cancelled());
        outbox.say(ServerMessage::Pong);
        assert!(inlet.slow.is_cancelled());
        let waiting = std::iter::from_fn(|| inlet.receiver.try_recv().ok()).count();
        assert_eq!(waiting, QUEUE);
    }
}
