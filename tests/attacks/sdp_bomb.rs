//! Offers made to exhaust whoever reads them: bounded before they are parsed, refused with a reason, never a panic.

use std::fmt::Write as _;
use std::time::Duration;

use moodcall::base::clock;
use moodcall::base::id::{ParticipantId, RoomId};
use moodcall::sfu::{Kind, OfferError};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::guest::{Camera, Guest, mark, sfu};

const HEAD: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 \
    00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n\
    a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\n";

fn section(mid: usize, formats: &str) -> String {
    format!(
        "m=video 9 UDP/TLS/RTP/SAVPF {formats}\r\na=mid:{mid}\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
    )
}

/// One bomb of each kind.
fn bombs() -> Vec<(&'static str, String)> {
    let whole = || format!("{HEAD}{}", section(0, "96"));
    let many = |count: usize, line: &dyn Fn(usize) -> String| {
        (0..count).fold(whole(), |mut sdp, index| {
            let _ = write!(sdp, "{}\r\n", line(index));
            sdp
        })
    };
    vec![
        ("nothing", String::new()),
        ("one line of a megabyte", format!("{HEAD}a={}\r\n", "x".repeat(1 << 20))),
        ("ten thousand sections", (0..10_000).fold(HEAD.to_owned(), |sdp, mid| sdp + &section(mid, "96"))),
        ("four hundred short sections", (0..400).fold(HEAD.to_owned(), |sdp, _| sdp + "m=video 9 X 96\r\na=mid:1\r\n")),
        ("ten thousand candidates", many(10_000, &|n| format!("a=candidate:{n} 1 udp 1 10.0.0.1 {n} typ host"))),
        ("as many candidates as fit", many(900, &|n| format!("a=candidate:{n} 1 udp 1 169.254.169.254 80 typ host"))),
        ("as many formats as fit", format!("{HEAD}{}", section(0, &"96 ".repeat(10_000)))),
        ("as many codecs as fit", many(1500, &|n| format!("a=rtpmap:{} VP8/90000", n % 256))),
        ("a payload type of 200", format!("{HEAD}{}", section(0, "200").replace("96", "200"))),
        ("a format without value", many(1, &|_| "a=fmtp:96".into())),
        ("an empty format", many(1, &|_| "a=fmtp:".into())),
        ("as many sources as fit", many(1500, &|n| format!("a=ssrc:{n} cname:x"))),
        ("groups of groups", many(1500, &|n| format!("a=ssrc-group:FID {n} {}", n + 1))),
        ("a source beyond 32 bits", many(1, &|_| "a=ssrc:99999999999999 cname:x".into())),
        (
            "as many extensions as fit",
            many(1000, &|n| format!("a=extmap:{n} urn:ietf:params:rtp-hdrext:ssrc-audio-level")),
        ),
        ("as many layers as fit", many(1000, &|n| format!("a=rid:{n} send\r\na=simulcast:send {n}"))),
        ("the same mid twice", whole() + &section(0, "96")),
        ("a mid of 10 kB", whole().replace("a=mid:0", &format!("a=mid:{}", "m".repeat(10_000)))),
        ("a fragment of 10 kB", whole().replace("abcd", &"u".repeat(10_000))),
        ("a password of 3", whole().replace("0123456789012345678901", "pwd")),
        ("no fingerprint", whole().replace("a=fingerprint", "a=x")),
        ("a fingerprint of zeros", whole().replace("00:11", "")),
        ("an unknown digest", whole().replace("sha-256", "sha-1024")),
        ("characters from elsewhere", whole().replace("sendrecv", "sénd\u{202e}recv\u{0}")),
        ("data channels only", format!("{HEAD}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n")),
        ("line ends of every kind", whole().replace("\r\n", "\n\r\r\n")),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_bomb_is_answered_or_refused_in_no_time() {
    let (sfu, room) = (sfu(), RoomId::new());
    let mut boris = Guest::join(&sfu, room).await;
    let anna = Guest::join(&sfu, room).await;
    let _camera = Camera::vp8(&anna.peer, 1);
    anna.publish(Kind::Video).await;
    boris.arrival(Kind::Video, |packet| mark(packet).0 == 1).await;
    let mallory = ParticipantId::new();
    let (told, _events) = tokio::sync::mpsc::unbounded_channel();
    sfu.join(room, mallory, told).await.expect("a seat");
    let (mut refused, mut slowest) = (0, Duration::ZERO);
    for (name, sdp) in bombs() {
        let (large, begin) = (sdp.len() > 65_536, clock::now());
        let answer = sfu.offer(mallory, sdp).await;
        let took = clock::now() - begin;
        slowest = slowest.max(took);
        // The figure to keep is 50 ms of CPU; this is time on the wall of a machine that runs other tests.
        assert!(took < Duration::from_millis(500), "{name}: {took:?}");
        if large {
            assert!(matches!(answer, Err(OfferError::TooLarge { .. })), "{name}: {answer:?}");
        }
        refused += u32::from(answer.is_err());
    }
    println!("{refused} refused, the slowest took {slowest:?}");
    assert!(refused >= 10, "{refused}");
    for _ in 0..50 {
        boris.arrival(Kind::Video, |packet| mark(packet).0 == 1).await;
    }
    assert_eq!(sfu.stats().panics, 0);
    sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_offer_with_anything_changed_never_panics() {
    let (sfu, room) = (sfu(), RoomId::new());
    let guest = Guest::join(&sfu, room).await;
    let offer = guest.peer.offer().await.expect("an offer");
    let seed = rand::random();
    println!("seed {seed}");
    let random = &mut StdRng::seed_from_u64(seed);
    let lines: Vec<_> = offer.lines().collect();
    for _ in 0..150 {
        let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        for _ in 0..random.random_range(1..4) {
            let at = random.random_range(0..changed.len());
            match random.random_range(0..5) {
                0 => drop(changed.remove(at)),
                1 => changed.insert(at, lines[random.random_range(0..lines.len())].to_owned()),
                2 => {
                    let half = changed[at].len() / 2;
                    changed[at].truncate(half);
                }
                3 => changed[at] = changed[at].replace(|letter: char| letter.is_ascii_digit(), "9"),
                _ => changed[at].push_str(" 4294967296 :/;=\u{fffd}"),
            }
        }
        let mallory = ParticipantId::new();
        let (told, _events) = tokio::sync::mpsc::unbounded_channel();
        sfu.join(room, mallory, told).await.expect("a seat");
        let _ = sfu.offer(mallory, changed.join("\r\n") + "\r\n").await;
        sfu.leave(mallory).await;
    }
    let stats = sfu.stats();
    assert_eq!((stats.panics, stats.participants, stats.transports), (0, 1, 1));
    sfu.shutdown().await;
}
