//! Batches over real sockets on loopback.

use super::*;

fn socket(address: &str) -> Udp {
    let socket = UdpSocket::bind(address).unwrap();
    socket.set_nonblocking(true).unwrap();
    Udp::new(socket).unwrap()
}

fn address(udp: &Udp) -> SocketAddr {
    udp.socket.local_addr().unwrap()
}

/// Everything that has come: loopback delivers before send returns.
fn received(udp: &mut Udp) -> Vec<(SocketAddr, Option<IpAddr>, Vec<u8>)> {
    let mut all = Vec::new();
    while udp.receive(|remote, local, datagram| all.push((remote, local, datagram.to_vec()))) > 0 {}
    all
}

fn outbound(remote: SocketAddr, local: Option<IpAddr>, datagram: &[u8]) -> Outbound {
    Outbound { remote, local, datagram: BytesMut::from(datagram) }
}

#[test]
fn a_batch_of_all_sizes_for_several_arrives_whole_and_in_order() {
    let (mut from, mut one, mut other) = (socket("127.0.0.1:0"), socket("127.0.0.1:0"), socket("127.0.0.1:0"));
    let mut out = Vec::new();
    for number in 0..60u8 {
        let size = if number % 7 == 6 { 300 } else { 1000 };
        out.push(outbound(address(&one), None, &vec![number; size]));
    }
    out.push(outbound(address(&other), None, b"x"));
    let sent = from.send(&out);
    assert_eq!((sent.datagrams, sent.dropped), (61, 0));
    let numbers: Vec<_> = received(&mut one).iter().map(|(_, _, datagram)| (datagram[0], datagram.len())).collect();
    let expected: Vec<_> = (0..60u8).map(|number| (number, if number % 7 == 6 { 300 } else { 1000 })).collect();
    assert_eq!(numbers, expected);
    assert_eq!(received(&mut other).len(), 1);
}

#[test]
fn neighbors_of_one_size_go_in_one_run_that_a_shorter_one_may_end() {
    let mut udp = socket("127.0.0.1:0");
    let to = |port: u16, size: usize| outbound(SocketAddr::from(([127, 0, 0, 1], port)), None, &vec![0; size]);
    let out = [to(1, 100), to(1, 100), to(1, 50), to(1, 50), to(1, 60), to(2, 60)];
    udp.plan(&out);
    let runs: Vec<_> = udp.runs.iter().map(|run| (run.first, run.count)).collect();
    assert_eq!(runs, [(0, 3), (3, 1), (4, 1), (5, 1)]);
}

#[test]
fn the_answer_comes_from_the_address_that_was_spoken_to() {
    let (mut server, mut client) = (socket("0.0.0.0:0"), socket("127.0.0.1:0"));
    let port = address(&server).port();
    let spoken_to: IpAddr = "127.0.0.3".parse().unwrap();
    client.send(&[outbound(SocketAddr::new(spoken_to, port), None, b"hello")]);
    let (remote, local, _) = received(&mut server).remove(0);
    assert_eq!(local, Some(spoken_to));
    server.send(&[outbound(remote, local, b"hello yourself")]);
    let (from, _, _) = received(&mut client).remove(0);
    assert_eq!(from, SocketAddr::new(spoken_to, port));
}

#[test]
fn both_families_share_a_socket_and_ipv4_looks_like_ipv4() {
    let listening = crate::sfu::listen::listen(&crate::sfu::Options::default()).unwrap();
    let mut server = Udp::new(listening.udp.into_iter().next().unwrap()).unwrap();
    let mut client = socket("127.0.0.1:0");
    let loopback: IpAddr = "127.0.0.1".parse().unwrap();
    client.send(&[outbound(SocketAddr::new(loopback, listening.port), None, b"hello")]);
    let (remote, local, _) = received(&mut server).remove(0);
    assert_eq!((remote, local), (address(&client), Some(loopback)));
    server.send(&[outbound(remote, local, b"hello yourself")]);
    assert_eq!(received(&mut client).len(), 1);
}
