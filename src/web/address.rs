//! Who asks: the peer's address, or what a trusted proxy says about it.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

use crate::base::net::{self, Network};

/// The socket's other end, put on every request by the listener.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The address of the client behind `peer`. `X-Forwarded-For` is read from its right end and believed only as far as
/// each hop is a trusted proxy, so a client cannot choose its own address.
pub fn client(peer: Peer, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let mut address = peer.0.ip().to_canonical();
    if !net::within(address, trusted) {
        return address;
    }
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    for hop in hops.iter().rev() {
        let Ok(hop) = hop.parse::<IpAddr>() else { break };
        address = hop.to_canonical();
        if !net::within(address, trusted) {
            break;
        }
    }
    address
}

/// Whether the request comes from this machine itself and not through a proxy on it.
pub fn is_local(peer: Peer, headers: &HeaderMap) -> bool {
    peer.0.ip().to_canonical().is_loopback()
        && !headers.contains_key("x-forwarded-for")
        && !headers.contains_key("forwarded")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_hops_may_say_who_is_behind_them() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let table = [
            ("10.0.0.1:1", "203.0.113.9", "203.0.113.9"),
            ("10.0.0.1:1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
            ("10.0.0.1:1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
            ("10.0.0.1:1", "", "10.0.0.1"),
            ("10.0.0.1:1", "garbage", "10.0.0.1"),
            ("192.0.2.1:1", "203.0.113.9", "192.0.2.1"),
        ];
        for (peer, forwarded, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            let address = client(Peer(peer.parse().unwrap()), &headers, &trusted);
            assert_eq!(address, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded}");
        }
    }
}
