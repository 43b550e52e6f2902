//! Sixty thousand datagrams that mean nothing, half of them from a validated address: nothing panics, nothing grows,
//! and the session that they came through still carries media.

use std::net::UdpSocket;

use moodcall::base::id::RoomId;
use moodcall::sfu::stun::{Builder, Class, Key, Role, TransactionId};
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};

use crate::attacker::{Attacker, attribute};
use crate::guest::{Guest, settled, sfu};

const COUNT: usize = 60_000;

/// A datagram of one of six classes.
fn garbage(random: &mut StdRng, check: &[u8], ssrc: u32) -> Vec<u8> {
    let mut bytes = vec![0; random.random_range(0..1500)];
    random.fill_bytes(&mut bytes);
    match random.random_range(0..6) {
        // Whatever it is.
        0 => {}
        // A real check with a few bytes changed.
        1 => {
            bytes = check.to_vec();
            for _ in 0..random.random_range(1..4) {
                let at = random.random_range(0..bytes.len());
                bytes[at] = random.random();
            }
        }
        // STUN with attributes at random.
        2 if bytes.len() >= 20 => {
            bytes.truncate(bytes.len() / 4 * 4);
            let length = (bytes.len() - 20) as u16;
            bytes[..2].copy_from_slice(&[0, 1]);
            bytes[2..4].copy_from_slice(&length.to_be_bytes());
            bytes[4..8].copy_from_slice(&[0x21, 0x12, 0xa4, 0x42]);
        }
        // DTLS records.
        3 if bytes.len() >= 13 => {
            let length = (bytes.len() - 13) as u16;
            bytes[0] = random.random_range(20..26);
            bytes[1..3].copy_from_slice(&[0xfe, 0xfd]);
            bytes[11..13].copy_from_slice(&length.to_be_bytes());
        }
        // SRTP and SRTCP of a known source, with tags that cannot be right.
        4 if bytes.len() >= 12 => {
            bytes[..2].copy_from_slice(&[0x90, 96]);
            bytes[8..12].copy_from_slice(&ssrc.to_be_bytes());
        }
        5 if bytes.len() >= 12 => {
            bytes[0] = 0x80 | bytes[0] & 31;
            bytes[1] = random.random_range(200..208);
            bytes[4..8].copy_from_slice(&ssrc.to_be_bytes());
        }
        _ => {}
    }
    bytes
}

fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS")).expect("a figure");
    line.split_whitespace().nth(1).and_then(|figure| figure.parse().ok()).expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_thousand_datagrams_of_garbage_end_nothing() {
    let (sfu, room) = (sfu(), RoomId::new());
    let mut boris = Guest::join(&sfu, room).await;
    let attacker = Attacker::join(&sfu, room).await;
    let track = attacker.publish_video().await;
    boris.shown(track).await;
    let next = attacker.show(&mut boris, 0, 1).await;

    let check = Builder::new(Class::Request, TransactionId::fresh())
        .username(attribute(&attacker.answer, "ice-ufrag"), "client")
        .role(Role::Controlling(1))
        .sign(&Key::new(attribute(&attacker.answer, "ice-pwd")))
        .finish();
    let seed = rand::random();
    println!("seed {seed}");
    let random = &mut StdRng::seed_from_u64(seed);
    let (stranger, target) = (UdpSocket::bind("127.0.0.2:0").expect("a socket"), sfu.announced()[0]);
    let (before, memory) = (sfu.stats(), resident_kilobytes());
    for index in 0..COUNT {
        let datagram = garbage(random, &check, attacker.ssrc);
        if index % 2 == 0 {
            attacker.datagram(datagram);
        } else {
            let _ = stranger.send_to(&datagram, target);
        }
        if index % 100 == 99 {
            // Not faster than they are read: what the kernel drops tries nothing.
            let wanted = before.received_datagrams + index as u64 * 9 / 10;
            settled(&sfu, |stats| stats.received_datagrams >= wanted).await;
        }
    }
    let (stats, grown) = (sfu.stats(), resident_kilobytes().saturating_sub(memory));
    println!("{} arrived, {grown} KiB more", stats.received_datagrams - before.received_datagrams);
    assert_eq!(stats.panics, 0);
    assert!(stats.dropped_unvalidated > before.dropped_unvalidated + 10_000, "{stats:#?}");
    assert!(stats.dropped_stun > before.dropped_stun + 10_000, "{stats:#?}");
    assert!(grown < 32 * 1024, "{grown} KiB");

    // The session that all of it came through is as good as before.
    attacker.show(&mut boris, next, 7).await;
    assert_eq!(sfu.stats().transports, 2);
    sfu.shutdown().await;
}
