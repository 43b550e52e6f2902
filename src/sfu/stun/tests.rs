//! The published vectors of RFC 5769, the round trip, and whatever bytes may come.

use proptest::prelude::*;

use super::*;

/// RFC 5769, section 2.1: a request with short-term credentials.
const REQUEST: &str = "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff\
     80290008932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004\
     e57a3bcf";
/// RFC 5769, section 2.2: its answer over IPv4.
const RESPONSE_V4: &str = "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643\
     000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96";
/// RFC 5769, section 2.3: its answer over IPv6.
const RESPONSE_V6: &str = "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9fa\
     a5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c";
/// The password of all three.
const PASSWORD: &str = "VOkJxbRl1RmTxUk/WvJxBt";

fn bytes(hexadecimal: &str) -> Vec<u8> {
    hex::decode(hexadecimal.replace([' ', '\n'], "")).unwrap()
}

fn signed_request() -> Vec<u8> {
    Builder::new(Class::Request, TransactionId([7; 12]))
        .username("server", "client")
        .priority(0x6e00_01ff)
        .role(Role::Controlling(42))
        .use_candidate()
        .sign(&Key::new(PASSWORD))
        .finish()
}

#[test]
fn the_published_request_is_read_and_its_signature_holds() {
    let raw = bytes(REQUEST);
    let message = Message::parse(&raw).unwrap();
    assert_eq!(message.class, Class::Request);
    assert_eq!(message.username, Some("evtj:h6vY"));
    assert_eq!(message.priority, Some(0x6e00_01ff));
    assert_eq!(message.role, Some(Role::Controlled(0x932f_f9b1_5126_3b36)));
    assert!(!message.use_candidate);
    assert!(message.verify(&Key::new(PASSWORD)));
    assert!(!message.verify(&Key::new("VOkJxbRl1RmTxUk/WvJxBu")));
}

#[test]
fn the_published_responses_tell_the_mapped_address() {
    for (vector, address) in
        [(RESPONSE_V4, "192.0.2.1:32853"), (RESPONSE_V6, "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    {
        let raw = bytes(vector);
        let message = Message::parse(&raw).unwrap();
        assert_eq!(message.class, Class::Success);
        assert_eq!(message.mapped, Some(address.parse().unwrap()));
        assert!(message.verify(&Key::new(PASSWORD)));
    }
}

#[test]
fn what_is_built_is_read_back() {
    let raw = signed_request();
    let message = Message::parse(&raw).unwrap();
    assert_eq!(message.transaction, TransactionId([7; 12]));
    assert_eq!(message.username, Some("server:client"));
    assert_eq!(message.role, Some(Role::Controlling(42)));
    assert!(message.use_candidate && message.signed() && message.unknown.is_empty());
    assert!(message.verify(&Key::new(PASSWORD)));

    let refusal = Builder::new(Class::Error, TransactionId([1; 12])).error(420).unknown(&[0x0011, 0x0012]).finish();
    let refusal = Message::parse(&refusal).unwrap();
    assert_eq!((refusal.class, refusal.error), (Class::Error, Some(420)));
    assert!(!refusal.signed());
}

#[test]
fn an_address_mapped_into_ipv6_is_told_as_ipv4() {
    let raw =
        Builder::new(Class::Success, TransactionId([0; 12])).mapped("[::ffff:192.0.2.7]:9".parse().unwrap()).finish();
    assert_eq!(Message::parse(&raw).unwrap().mapped, Some("192.0.2.7:9".parse().unwrap()));
}

#[test]
fn nothing_behind_the_signature_counts() {
    // A fingerprint is public arithmetic: whoever repeats a message may append attributes and close it again.
    let raw = Builder::new(Class::Request, TransactionId([7; 12]))
        .username("a", "b")
        .sign(&Key::new(PASSWORD))
        .use_candidate();
    let raw = raw.finish();
    let message = Message::parse(&raw).unwrap();
    assert!(message.verify(&Key::new(PASSWORD)));
    assert!(!message.use_candidate);
}

#[test]
fn unknown_attributes_that_matter_are_listed_and_others_skipped() {
    let mut raw = bytes("000100102112a44200000000000000000000000000300004aabbccdd8057000400000000");
    let message = Message::parse(&raw).unwrap();
    assert_eq!(message.unknown, [0x0030]);
    raw[3] = 0x0c;
    assert_eq!(Message::parse(&raw), Err(ParseError::Length));
}

#[test]
fn every_flipped_bit_breaks_the_fingerprint_or_the_signature() {
    let (raw, key) = (signed_request(), Key::new(PASSWORD));
    for bit in 0..(raw.len() - FINGERPRINT) * 8 {
        let mut changed = raw.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!Message::parse(&changed).is_ok_and(|message| message.verify(&key)), "bit {bit} may be flipped");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(noise in prop::collection::vec(any::<u8>(), 0..1500), stun in any::<bool>()) {
        let mut noise = noise;
        if stun && noise.len() >= HEADER {
            // Past the header checks, so that the attributes are what is tried.
            let length = (noise.len() - HEADER) / 4 * 4;
            noise.truncate(HEADER + length);
            noise[..2].copy_from_slice(&[0, 1]);
            noise[2..4].copy_from_slice(&(length as u16).to_be_bytes());
            noise[4..8].copy_from_slice(&MAGIC_COOKIE.to_be_bytes());
        }
        if let Ok(message) = Message::parse(&noise) {
            prop_assert!(!message.verify(&Key::new("password")));
        }
    }

    #[test]
    fn every_address_survives_the_round_trip(v6: bool, ip: u128, port: u16, transaction: [u8; 12]) {
        let ip = if v6 { std::net::Ipv6Addr::from(ip).to_canonical() } else { std::net::Ipv4Addr::from(ip as u32).into() };
        let address = std::net::SocketAddr::new(ip, port);
        let raw = Builder::new(Class::Success, TransactionId(transaction)).mapped(address).finish();
        prop_assert_eq!(Message::parse(&raw).unwrap().mapped, Some(address));
    }
}

#[test]
fn every_length_up_to_a_datagram_is_read_without_panic() {
    let whole = signed_request();
    for length in 0..1500 {
        let cut: Vec<u8> = whole.iter().copied().cycle().take(length).collect();
        assert_eq!(Message::parse(&cut).is_ok(), length == whole.len());
    }
}
