//! A UDP socket that receives and sends in batches (`recvmmsg`, `sendmmsg`, generic segmentation offload), and answers
//! from the address that it was spoken to: on a machine with several, a client believes no other.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsRawFd, RawFd};

use bytes::BytesMut;
use socket2::{SockAddr, SockAddrStorage};

/// Datagrams in one call.
const BATCH: usize = 64;

/// Larger datagrams are none of ours.
const DATAGRAM: usize = 2048;

/// The kernel takes at most 64 segments and 64 KiB at once.
const MAX_SEGMENTS: usize = 60;
const MAX_SEGMENTED: usize = 60_000;

/// Room for a packet-info and a segment-size control message, aligned as `cmsghdr` wants it.
type Control = [u64; 12];

/// One datagram to send.
pub(super) struct Outbound {
    pub(super) remote: SocketAddr,
    /// The local address that the remote one was heard at.
    pub(super) local: Option<IpAddr>,
    pub(super) datagram: BytesMut,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) datagrams: u64,
    pub(super) bytes: u64,
    /// The kernel's buffer was full, or it knows no way there.
    pub(super) dropped: u64,
}

/// The socket with its buffers.
pub(super) struct Udp {
    socket: UdpSocket,
    is_v6: bool,
    segments: bool,
    buffers: Vec<[u8; DATAGRAM]>,
    runs: Vec<Run>,
}

/// Datagrams for one remote address that the kernel can be handed together.
struct Run {
    first: usize,
    count: usize,
}

impl Udp {
    /// Wraps a bound, non-blocking socket.
    pub(super) fn new(socket: UdpSocket) -> io::Result<Self> {
        let is_v6 = socket.local_addr()?.is_ipv6();
        let (level, option) =
            if is_v6 { (libc::IPPROTO_IPV6, libc::IPV6_RECVPKTINFO) } else { (libc::IPPROTO_IP, libc::IP_PKTINFO) };
        let on: libc::c_int = 1;
        // SAFETY: the option takes an int, whose address and size are given.
        let set = unsafe {
            let size = size_of::<libc::c_int>() as libc::socklen_t;
            libc::setsockopt(socket.as_raw_fd(), level, option, (&raw const on).cast(), size)
        };
        if set != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Self { socket, is_v6, segments: true, buffers: vec![[0; DATAGRAM]; BATCH], runs: Vec::new() })
    }

    /// The descriptor to poll.
    pub(super) fn fd(&self) -> RawFd {
        self.socket.as_raw_fd()
    }

    /// Receives what waits, up to one batch: remote address, local address, datagram. Returns how many there were.
    pub(super) fn receive(&mut self, mut each: impl FnMut(SocketAddr, Option<IpAddr>, &[u8])) -> usize {
        let mut names: [SockAddrStorage; BATCH] = std::array::from_fn(|_| SockAddrStorage::zeroed());
        let mut controls: [Control; BATCH] = [[0; 12]; BATCH];
        let mut vectors: [libc::iovec; BATCH] = std::array::from_fn(|index| libc::iovec {
            iov_base: self.buffers[index].as_mut_ptr().cast(),
            iov_len: DATAGRAM,
        });
        // SAFETY: all-zero bytes are a valid mmsghdr: null pointers and zero lengths.
        let mut messages: [libc::mmsghdr; BATCH] = unsafe { std::mem::zeroed() };
        for (index, message) in messages.iter_mut().enumerate() {
            message.msg_hdr.msg_name = (&raw mut names[index]).cast();
            message.msg_hdr.msg_namelen = size_of::<SockAddrStorage>() as libc::socklen_t;
            message.msg_hdr.msg_iov = &raw mut vectors[index];
            message.msg_hdr.msg_iovlen = 1;
            message.msg_hdr.msg_control = controls[index].as_mut_ptr().cast();
            message.msg_hdr.msg_controllen = size_of::<Control>();
        }
        // SAFETY: every header points to a buffer of the length that it states, all of which outlive the call.
        let received =
            unsafe { libc::recvmmsg(self.fd(), messages.as_mut_ptr(), BATCH as libc::c_uint, 0, std::ptr::null_mut()) };
        let received = usize::try_from(received).unwrap_or(0);
        for (index, message) in messages.iter().enumerate().take(received) {
            if message.msg_hdr.msg_flags & (libc::MSG_TRUNC | libc::MSG_CTRUNC) != 0 {
                continue;
            }
            // SAFETY: the kernel wrote an address of the length that it states into this storage.
            let name = unsafe {
                SockAddr::new(
                    std::mem::replace(&mut names[index], SockAddrStorage::zeroed()),
                    message.msg_hdr.msg_namelen,
                )
            };
            let Some(remote) = name.as_socket() else { continue };
            let length = (message.msg_len as usize).min(DATAGRAM);
            each(plain(remote), local_address(&message.msg_hdr), &self.buffers[index][..length]);
        }
        received
    }

    /// Sends datagrams in order. What the kernel does not take at once is dropped: it is late, and NACK repairs it.
    pub(super) fn send(&mut self, out: &[Outbound]) -> Sent {
        let mut sent = Sent::default();
        self.plan(out);
        let runs = std::mem::take(&mut self.runs);
        for runs in runs.chunks(BATCH) {
            self.send_runs(out, runs, &mut sent);
        }
        self.runs = runs;
        sent
    }

    /// Groups neighbors of the same way and size; the last of a group may be shorter.
    fn plan(&mut self, out: &[Outbound]) {
        self.runs.clear();
        let mut first = 0;
        while first < out.len() {
            let (size, mut count, mut total) = (out[first].datagram.len(), 1, out[first].datagram.len());
            while self.segments && first + count < out.len() && count < MAX_SEGMENTS {
                let next = &out[first + count];
                let length = next.datagram.len();
                let same_way = next.remote == out[first].remote && next.local == out[first].local;
                if !same_way || length > size || length == 0 || total + length > MAX_SEGMENTED {
                    break;
                }
                count += 1;
                total += length;
                if length < size {
                    break;
                }
            }
            self.runs.push(Run { first, count });
            first += count;
        }
    }

    fn send_runs(&mut self, out: &[Outbound], runs: &[Run], sent: &mut Sent) {
        let mut vectors: Vec<libc::iovec> = Vec::with_capacity(out.len());
        let mut names: Vec<SockAddr> = Vec::with_capacity(runs.len());
        let mut controls: Vec<(Control, usize)> = Vec::with_capacity(runs.len());
        for run in runs {
            for outbound in &out[run.first..run.first + run.count] {
                let datagram = &outbound.datagram;
                vectors.push(libc::iovec { iov_base: datagram.as_ptr().cast_mut().cast(), iov_len: datagram.len() });
            }
            let first = &out[run.first];
            names.push(self.name(first.remote).into());
            controls.push(self.control(first, run.count));
        }
        let mut messages: Vec<libc::mmsghdr> = Vec::with_capacity(runs.len());
        let mut at = 0;
        for (index, run) in runs.iter().enumerate() {
            // SAFETY: all-zero bytes are a valid mmsghdr.
            let mut message: libc::mmsghdr = unsafe { std::mem::zeroed() };
            message.msg_hdr.msg_name = names[index].as_ptr().cast_mut().cast();
            message.msg_hdr.msg_namelen = names[index].len();
            message.msg_hdr.msg_iov = vectors[at..].as_mut_ptr();
            message.msg_hdr.msg_iovlen = run.count;
            message.msg_hdr.msg_control = controls[index].0.as_mut_ptr().cast();
            message.msg_hdr.msg_controllen = controls[index].1;
            messages.push(message);
            at += run.count;
        }
        let mut done = 0;
        while done < messages.len() {
            let rest = &mut messages[done..];
            // SAFETY: every header points to datagrams, a name and a control buffer that outlive the call; the kernel
            // only reads them.
            let result =
                unsafe { libc::sendmmsg(self.fd(), rest.as_mut_ptr(), rest.len() as libc::c_uint, libc::MSG_NOSIGNAL) };
            if let Ok(count) = usize::try_from(result) {
                for run in &runs[done..done + count] {
                    sent.add(&out[run.first..run.first + run.count]);
                }
                done += count;
                continue;
            }
            let error = io::Error::last_os_error();
            if error.kind() == io::ErrorKind::WouldBlock {
                sent.dropped += runs[done..].iter().map(|run| run.count as u64).sum::<u64>();
                return;
            }
            // One way is closed or a segmented batch was refused; the others need not suffer.
            let run = &runs[done];
            if run.count > 1 {
                self.send_singly(&out[run.first..run.first + run.count], &error, sent);
            } else {
                sent.dropped += 1;
            }
            done += 1;
        }
    }

    fn send_singly(&mut self, out: &[Outbound], error: &io::Error, sent: &mut Sent) {
        if matches!(error.raw_os_error(), Some(libc::EIO | libc::EINVAL | libc::EOPNOTSUPP)) && self.segments {
            tracing::info!(%error, "segmentation offload is not available here");
            self.segments = false;
        }
        for index in 0..out.len() {
            self.send_runs(&out[index..=index], &[Run { first: 0, count: 1 }], sent);
        }
    }

    /// A dual-stack socket speaks to IPv4 by mapped addresses.
    fn name(&self, remote: SocketAddr) -> SocketAddr {
        match remote.ip() {
            IpAddr::V4(ip) if self.is_v6 => SocketAddr::new(ip.to_ipv6_mapped().into(), remote.port()),
            _ => remote,
        }
    }

    /// The control messages of a run, and their length.
    fn control(&self, outbound: &Outbound, segments: usize) -> (Control, usize) {
        let mut control = [0u64; 12];
        let mut length = 0;
        match outbound.local {
            Some(local) if self.is_v6 => {
                let ip = match local {
                    IpAddr::V4(ip) => ip.to_ipv6_mapped(),
                    IpAddr::V6(ip) => ip,
                };
                // SAFETY: zero is a valid in6_pktinfo.
                let mut info: libc::in6_pktinfo = unsafe { std::mem::zeroed() };
                info.ipi6_addr.s6_addr = ip.octets();
                length += append(&mut control, length, libc::IPPROTO_IPV6, libc::IPV6_PKTINFO, &info);
            }
            Some(IpAddr::V4(ip)) => {
                // SAFETY: zero is a valid in_pktinfo.
                let mut info: libc::in_pktinfo = unsafe { std::mem::zeroed() };
                info.ipi_spec_dst.s_addr = u32::from(ip).to_be();
                length += append(&mut control, length, libc::IPPROTO_IP, libc::IP_PKTINFO, &info);
            }
            _ => {}
        }
        if segments > 1 {
            // Datagrams are at most 2048 bytes long.
            let size = outbound.datagram.len() as u16;
            length += append(&mut control, length, libc::SOL_UDP, libc::UDP_SEGMENT, &size);
        }
        (control, length)
    }
}

impl Sent {
    fn add(&mut self, out: &[Outbound]) {
        self.datagrams += out.len() as u64;
        self.bytes += out.iter().map(|outbound| outbound.datagram.len() as u64).sum::<u64>();
    }
}

/// Writes one control message at `at`; returns the space that it takes.
fn append<T: Copy>(control: &mut Control, at: usize, level: libc::c_int, kind: libc::c_int, value: &T) -> usize {
    let size = size_of::<T>() as libc::c_uint;
    // SAFETY: these two only compute sizes.
    let (space, length) = unsafe { (libc::CMSG_SPACE(size) as usize, libc::CMSG_LEN(size) as usize) };
    assert!(at + space <= size_of::<Control>(), "control messages fit by their number");
    // SAFETY: the message lies within the buffer by the assertion, and `at` is a sum of CMSG_SPACEs: aligned.
    unsafe {
        let header: *mut libc::cmsghdr = control.as_mut_ptr().cast::<u8>().add(at).cast();
        (*header).cmsg_len = length;
        (*header).cmsg_level = level;
        (*header).cmsg_type = kind;
        std::ptr::write_unaligned(libc::CMSG_DATA(header).cast::<T>(), *value);
    }
    space
}

/// The local address that a datagram came to.
fn local_address(header: &libc::msghdr) -> Option<IpAddr> {
    // SAFETY: the kernel filled the control buffer that the header describes, and it is still there.
    let mut message = unsafe { libc::CMSG_FIRSTHDR(header) };
    while !message.is_null() {
        // SAFETY: `message` is within the buffer; the types of the payloads follow from level and type.
        unsafe {
            match ((*message).cmsg_level, (*message).cmsg_type) {
                (libc::IPPROTO_IP, libc::IP_PKTINFO) => {
                    let info: libc::in_pktinfo = std::ptr::read_unaligned(libc::CMSG_DATA(message).cast());
                    return Some(IpAddr::V4(Ipv4Addr::from(u32::from_be(info.ipi_spec_dst.s_addr))));
                }
                (libc::IPPROTO_IPV6, libc::IPV6_PKTINFO) => {
                    let info: libc::in6_pktinfo = std::ptr::read_unaligned(libc::CMSG_DATA(message).cast());
                    return Some(Ipv6Addr::from(info.ipi6_addr.s6_addr).to_canonical());
                }
                _ => message = libc::CMSG_NXTHDR(header, message),
            }
        }
    }
    None
}

/// IPv4 as IPv4, however the socket spells it.
pub(super) fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(test)]
#[path = "udp_tests.rs"]
mod tests;
