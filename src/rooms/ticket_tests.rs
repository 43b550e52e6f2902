//! What is done to tokens by people who have none.

use std::os::unix::fs::PermissionsExt as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;
use crate::base::clock;

fn tickets() -> (tempfile::TempDir, Tickets) {
    let folder = tempfile::tempdir().unwrap();
    let tickets = Tickets::open(folder.path(), Duration::from_secs(30)).unwrap();
    (folder, tickets)
}

fn guest() -> Grant {
    Grant { room: Some(RoomId::new()), account: None, name: "Ada".into(), host: false, invite: None }
}

#[test]
fn a_ticket_says_what_it_was_made_for() {
    let (_folder, tickets) = tickets();
    let account = Account { user: UserId::new(), session: SessionId::new() };
    let (room, invite) = (Some(RoomId::new()), Some(InviteId::new()));
    let grant = Grant { room, account: Some(account), name: "Ada".into(), host: true, invite };
    let (ticket, ends) = tickets.issue(grant.clone(), clock::unix()).unwrap();
    let Claims { room, account, name, host, invite, .. } = tickets.check(&ticket).unwrap();
    assert_eq!(Grant { room, account, name, host, invite }, grant);
    assert!(ends - clock::unix().as_secs() <= 30);
}

#[test]
fn the_key_is_made_once_for_its_owner_only_and_kept() {
    let (folder, tickets) = tickets();
    let path = folder.path().join("ticket.key");
    let metadata = std::fs::metadata(&path).unwrap();
    assert_eq!((metadata.len(), metadata.permissions().mode() & 0o777), (32, 0o600));
    let (ticket, _) = tickets.issue(guest(), clock::unix()).unwrap();
    let again = Tickets::open(folder.path(), Duration::from_secs(30)).unwrap();
    assert!(again.check(&ticket).is_ok(), "a restart keeps the key");
    for wrong in [&b""[..], b"short", &[7; 33]] {
        std::fs::write(&path, wrong).unwrap();
        assert!(Tickets::open(folder.path(), Duration::from_secs(30)).is_err(), "{} bytes", wrong.len());
    }
}

/// One attack: the header, how the claims differ from good ones, which key signs.
struct Attack {
    name: &'static str,
    header: Value,
    change: fn(&mut Value),
    key: &'static [u8],
}

const OURS: &[u8] = b"0123456789abcdef0123456789abcdef";

fn good(now: u64) -> Value {
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": ParticipantId::new(), "iat": now, "nbf": now, "exp": now + 30,
        "jti": Uuid::now_v7(), "room": RoomId::new(), "name": "Eve", "host": false })
}

fn sign(header: &Value, claims: &str, key: &[u8]) -> String {
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let message = format!("{}.{}", part(header.to_string().as_bytes()), part(claims.as_bytes()));
    let algorithm = match header["alg"].as_str() {
        Some("HS384") => Algorithm::HS384,
        Some("HS512") => Algorithm::HS512,
        Some("none") => return format!("{message}."),
        _ => Algorithm::HS256,
    };
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &EncodingKey::from_secret(key), algorithm).unwrap();
    format!("{message}.{signature}")
}

#[test]
fn twenty_attacks_on_tickets_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ticket.key"), OURS).unwrap();
    let tickets = Tickets::open(folder.path(), Duration::from_secs(30)).unwrap();
    let now = clock::unix().as_secs();
    let hs256 = || json!({ "alg": "HS256", "typ": "JWT" });
    let honest = sign(&hs256(), &good(now).to_string(), OURS);
    assert!(tickets.check(&honest).is_ok(), "the table's own good ticket");

    let same = |_: &mut Value| {};
    let attack = |name, change: fn(&mut Value)| Attack { name, header: json!({ "alg": "HS256" }), change, key: OURS };
    let table = [
        Attack { name: "no algorithm", header: json!({ "alg": "none" }), change: same, key: OURS },
        Attack { name: "another HMAC", header: json!({ "alg": "HS512" }), change: same, key: OURS },
        Attack { name: "a shorter HMAC", header: json!({ "alg": "HS384" }), change: same, key: OURS },
        Attack { name: "claims to be RSA", header: json!({ "alg": "RS256" }), change: same, key: OURS },
        Attack { name: "claims to be EdDSA", header: json!({ "alg": "EdDSA" }), change: same, key: OURS },
        Attack { name: "another key", header: hs256(), change: same, key: b"another key of thirty-two bytes!" },
        Attack { name: "an empty key", header: hs256(), change: same, key: b"" },
        Attack { name: "a key by path", header: json!({ "alg": "HS256", "kid": "/dev/null" }), change: same, key: b"" },
        attack("expired beyond the leeway", |claims| claims["exp"] = json!(claims["exp"].as_u64().unwrap() - 40)),
        attack("not yet valid", |claims| claims["nbf"] = json!(claims["nbf"].as_u64().unwrap() + 3600)),
        attack("no expiry", |claims| drop(claims.as_object_mut().unwrap().remove("exp"))),
        attack("no nbf", |claims| drop(claims.as_object_mut().unwrap().remove("nbf"))),
        attack("no audience", |claims| drop(claims.as_object_mut().unwrap().remove("aud"))),
        attack("no issuer", |claims| drop(claims.as_object_mut().unwrap().remove("iss"))),
        attack("no subject", |claims| drop(claims.as_object_mut().unwrap().remove("sub"))),
        attack("a token for the API", |claims| claims["aud"] = json!("moodcall:api")),
        attack("several audiences", |claims| claims["aud"] = json!([AUDIENCE, "moodcall:api"])),
        attack("another issuer", |claims| claims["iss"] = json!("somebody")),
        attack("an expiry in words", |claims| claims["exp"] = json!("tomorrow")),
        attack("an account with more than an account has", |claims| {
            claims["account"] = json!({ "user": UserId::new(), "session": SessionId::new(), "staff": true });
        }),
        attack("half an account", |claims| claims["account"] = json!({ "user": UserId::new() })),
        attack("an unknown claim", |claims| claims["admin"] = json!(true)),
        attack("no identifier for the ledger", |claims| drop(claims.as_object_mut().unwrap().remove("jti"))),
    ];
    for Attack { name, header, change, key } in table {
        let mut claims = good(now);
        change(&mut claims);
        assert!(tickets.check(&sign(&header, &claims.to_string(), key)).is_err(), "{name}");
    }
    let twice = good(now).to_string().replacen('{', "{\"exp\":9999999999,", 1);
    assert!(tickets.check(&sign(&hs256(), &twice, OURS)).is_err(), "exp twice");
    let mut cut: Vec<&str> = honest.split('.').collect();
    cut.pop();
    for broken in [cut.join("."), format!("{honest}x"), format!("{honest}."), String::new(), "..".into()] {
        assert!(tickets.check(&broken).is_err(), "{broken}");
    }
}
