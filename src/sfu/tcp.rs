//! ICE over TCP, passive (RFC 6544): connections of clients, frames of RFC 4571, and a bounded queue for each.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd, RawFd};
use std::time::{Duration, Instant};

use bytes::{Buf, BytesMut};

use super::queue::Queue;
use super::udp::plain;

/// Longer frames are none of ours: the connection is closed.
const FRAME: usize = 2048;

/// Read at a time.
const CHUNK: usize = 16 * 1024;

/// Asked of the kernel, in bytes: what waits in there is late already.
const SEND_BUFFER: usize = 128 * 1024;

/// A connection that no authenticated check came over is closed after this long.
pub(super) const UNCHECKED: Duration = Duration::from_secs(10);

/// One client's connection.
pub(super) struct Connection {
    stream: TcpStream,
    pub(super) remote: SocketAddr,
    pub(super) opened: Instant,
    incoming: BytesMut,
    queue: Queue<BytesMut>,
    /// The frame that is under way, with its length in front.
    current: BytesMut,
    closed: bool,
}

impl Connection {
    /// Accepts one connection, if one waits.
    pub(super) fn accept(listener: &TcpListener, queue: usize, now: Instant) -> Option<Self> {
        let (stream, remote) = listener.accept().ok()?;
        stream.set_nonblocking(true).ok()?;
        // Latency before throughput: a picture's last packet must not wait for an acknowledgement.
        stream.set_nodelay(true).ok()?;
        let _ = socket2::SockRef::from(&stream).set_send_buffer_size(SEND_BUFFER);
        Some(Self {
            stream,
            remote: plain(remote),
            opened: now,
            incoming: BytesMut::new(),
            queue: Queue::new(queue),
            current: BytesMut::new(),
            closed: false,
        })
    }

    /// The descriptor to poll.
    pub(super) fn fd(&self) -> RawFd {
        self.stream.as_raw_fd()
    }

    /// Whether it wants to know when it can write.
    pub(super) fn is_blocked(&self) -> bool {
        !self.current.is_empty() || !self.queue.is_empty()
    }

    /// Whether it is over.
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Ends it.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// Reads what has come and hands out whole frames.
    pub(super) fn receive(&mut self, mut each: impl FnMut(&[u8])) {
        let mut chunk = [0; CHUNK];
        match self.stream.read(&mut chunk) {
            Ok(0) => self.closed = true,
            Ok(length) => self.incoming.extend_from_slice(&chunk[..length]),
            Err(error) if is_passing(&error) => {}
            Err(_) => self.closed = true,
        }
        while let Some(header) = self.incoming.get(..2) {
            let length = usize::from(u16::from_be_bytes([header[0], header[1]]));
            if length > FRAME {
                self.closed = true;
                return;
            }
            let Some(frame) = self.incoming.get(2..2 + length) else { return };
            each(frame);
            self.incoming.advance(2 + length);
        }
    }

    /// Queues a datagram. Returns whether an older one had to go for it.
    pub(super) fn push(&mut self, datagram: BytesMut) -> bool {
        self.queue.push(datagram).is_some()
    }

    /// Writes until the connection takes no more. Returns frames and bytes begun.
    pub(super) fn flush(&mut self) -> (u64, u64) {
        let (mut frames, mut bytes) = (0, 0);
        while !self.closed {
            if self.current.is_empty() {
                let Some(datagram) = self.queue.pop() else { break };
                // Datagrams are at most 2048 bytes long.
                self.current.extend_from_slice(&(datagram.len() as u16).to_be_bytes());
                self.current.extend_from_slice(&datagram);
                frames += 1;
                bytes += datagram.len() as u64;
            }
            match self.stream.write(&self.current) {
                Ok(0) => self.closed = true,
                Ok(written) => self.current.advance(written),
                Err(error) if is_passing(&error) => break,
                Err(_) => self.closed = true,
            }
        }
        (frames, bytes)
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
