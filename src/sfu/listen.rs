//! Binds the sockets: one port number for UDP and for TCP, and the addresses that clients are told.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};

use socket2::{Domain, Protocol, Socket, Type};

use super::Options;
use super::handle::StartError;

/// Kernel-chosen ports to try until one is free for TCP as well.
const PORT_ATTEMPTS: usize = 64;

/// Asked of the kernel for each UDP socket, in bytes; it may give less.
const UDP_BUFFER: usize = 4 << 20;

/// Connections that may wait to be accepted.
const BACKLOG: i32 = 128;

/// Everything that listens.
pub(super) struct Listening {
    /// One UDP socket per bound address.
    pub(super) udp: Vec<UdpSocket>,
    /// One TCP listener per bound address, in the same order.
    pub(super) tcp: Vec<TcpListener>,
    /// The port of all of them.
    pub(super) port: u16,
    /// What answers name as candidates.
    pub(super) announced: Vec<SocketAddr>,
}

/// Binds what the options ask for. With port 0 it tries ports until both protocols bind.
pub(super) fn listen(options: &Options) -> Result<Listening, StartError> {
    let attempts = if options.udp_port == 0 { PORT_ATTEMPTS } else { 1 };
    let mut last = None;
    for _ in 0..attempts {
        match bind_all(options) {
            Ok((udp, tcp, port)) => {
                let announced = announced(options).into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
                return Ok(Listening { udp, tcp, port, announced });
            }
            Err(error) => last = Some(error),
        }
    }
    let unspecified = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), options.udp_port);
    let none = || StartError::Listen { address: unspecified, source: io::ErrorKind::AddrInUse.into() };
    Err(last.unwrap_or_else(none))
}

type Bound = (Vec<UdpSocket>, Vec<TcpListener>, u16);

fn bind_all(options: &Options) -> Result<Bound, StartError> {
    let (mut udp, mut tcp, mut port) = (Vec::new(), Vec::new(), options.udp_port);
    for ip in bind_addresses(options) {
        let address = SocketAddr::new(ip, port);
        let socket = bind_udp(address).map_err(|source| StartError::Listen { address, source })?;
        port = socket.local_addr()?.port();
        let address = SocketAddr::new(ip, port);
        tcp.push(bind_tcp(address).map_err(|source| StartError::Listen { address, source })?);
        udp.push(socket);
    }
    Ok((udp, tcp, port))
}

fn bind_addresses(options: &Options) -> Vec<IpAddr> {
    if !options.bind.is_empty() {
        return options.bind.clone();
    }
    // One dual-stack socket takes both families; without IPv6 in the kernel it cannot be made.
    let dual_stack = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
    if bind_udp(SocketAddr::new(dual_stack, 0)).is_ok() { vec![dual_stack] } else { vec![Ipv4Addr::UNSPECIFIED.into()] }
}

fn bind_udp(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED) {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    // Best effort: the kernel caps both at its own maximum.
    let _ = socket.set_recv_buffer_size(UDP_BUFFER);
    let _ = socket.set_send_buffer_size(UDP_BUFFER);
    socket.bind(&address.into())?;
    Ok(socket.into())
}

fn bind_tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED) {
        socket.set_only_v6(false)?;
    }
    // A restart must not wait for the previous run's connections to time out.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn announced(options: &Options) -> Vec<IpAddr> {
    if !options.announced.is_empty() {
        return options.announced.clone();
    }
    let bound = bind_addresses(options);
    if bound.iter().all(|ip| !ip.is_unspecified()) {
        return bound;
    }
    let mut found = interface_addresses();
    if !bound.iter().any(IpAddr::is_ipv6) {
        found.retain(IpAddr::is_ipv4);
    }
    found
}

/// Loopback (IPv4) and every interface's address that other machines can name: link-local ones need a zone.
fn interface_addresses() -> Vec<IpAddr> {
    let mut found = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let mut list: *mut libc::ifaddrs = std::ptr::null_mut();
    // SAFETY: the call fills `list` with a chain that we walk once and free once; on failure it stays null.
    if unsafe { libc::getifaddrs(&mut list) } != 0 {
        return found;
    }
    let mut next = list;
    while !next.is_null() {
        // SAFETY: `next` is a node of the chain, which lives until freeifaddrs below.
        let node = unsafe { &*next };
        next = node.ifa_next;
        let up = node.ifa_flags & libc::IFF_UP as libc::c_uint != 0;
        if node.ifa_addr.is_null() || !up {
            continue;
        }
        // SAFETY: the family tells which structure `ifa_addr` points to; both are read, not kept.
        let ip = unsafe {
            match i32::from((*node.ifa_addr).sa_family) {
                libc::AF_INET => {
                    let address = &*node.ifa_addr.cast::<libc::sockaddr_in>();
                    IpAddr::V4(Ipv4Addr::from(u32::from_be(address.sin_addr.s_addr)))
                }
                libc::AF_INET6 => {
                    let address = &*node.ifa_addr.cast::<libc::sockaddr_in6>();
                    IpAddr::V6(Ipv6Addr::from(address.sin6_addr.s6_addr))
                }
                _ => continue,
            }
        };
        if nameable(ip) && !found.contains(&ip) {
            found.push(ip);
        }
    }
    // SAFETY: `list` came from getifaddrs and is freed once.
    unsafe { libc::freeifaddrs(list) };
    found
}

fn nameable(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local() && !ip.is_unspecified(),
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local() && !ip.is_unspecified(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_zero_finds_one_on_which_udp_and_tcp_both_bind() {
        let options = Options { bind: vec![Ipv4Addr::LOCALHOST.into()], ..Options::default() };
        let listening = listen(&options).unwrap();
        assert_ne!(listening.port, 0);
        assert_eq!(listening.udp[0].local_addr().unwrap().port(), listening.port);
        assert_eq!(listening.tcp[0].local_addr().unwrap().port(), listening.port);
        assert_eq!(listening.announced, vec![SocketAddr::new(Ipv4Addr::LOCALHOST.into(), listening.port)]);
    }

    #[test]
    fn a_taken_port_is_an_error_that_names_the_address() {
        let taken = listen(&Options { bind: vec![Ipv4Addr::LOCALHOST.into()], ..Options::default() }).unwrap();
        let options = Options { udp_port: taken.port, bind: vec![Ipv4Addr::LOCALHOST.into()], ..Options::default() };
        let error = listen(&options).err().unwrap();
        assert!(error.to_string().contains(&taken.port.to_string()), "{error}");
    }

    #[test]
    fn by_default_loopback_is_announced() {
        let listening = listen(&Options::default()).unwrap();
        assert!(listening.announced.iter().any(|address| address.ip() == IpAddr::V4(Ipv4Addr::LOCALHOST)));
    }
}
