//! Access tokens at the door: what is forged, borrowed, too old or too early opens nothing.

use std::os::unix::fs::PermissionsExt as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use moodcall::base::timestamp::Timestamp;
use reqwest::Method;
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::account::refusal;
use super::client::{House, house};

/// The server's own key, as somebody would have it who forges with everything but the right claims.
fn key(house: &House) -> (Ed25519KeyPair, String) {
    let folder = house.running.app.state.config.server.data_dir.join("access-keys");
    let seed = std::fs::read(folder.join("0001.key")).expect("the key");
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("a key pair");
    let kid = hex::encode(&Sha256::digest(pair.public_key().as_ref())[..8]);
    (pair, kid)
}

fn part(value: &Value) -> String {
    BASE64.encode(value.to_string())
}

fn signed(pair: &Ed25519KeyPair, header: &Value, claims: &str) -> String {
    let text = format!("{}.{}", part(header), BASE64.encode(claims));
    let signature = BASE64.encode(pair.sign(text.as_bytes()));
    format!("{text}.{signature}")
}

#[tokio::test]
async fn twenty_four_forged_tokens_open_nothing() {
    let house = house().await;
    let ada = house.person("ada").await;
    let (pair, kid) = key(&house);
    let now = Timestamp::now().seconds();
    let header = json!({ "typ": "JWT", "alg": "EdDSA", "kid": kid });
    let claims = json!({
        "iss": "moodcall", "aud": "moodcall:api", "sub": ada.id, "sid": ada.session,
        "iat": now, "nbf": now, "exp": now + 60,
    });
    let with = |name: &str, value: Value| {
        let mut changed = claims.clone();
        changed[name] = value;
        signed(&pair, &header, &changed.to_string())
    };
    let without = |name: &str| {
        let mut changed = claims.clone();
        changed.as_object_mut().expect("an object").remove(name);
        signed(&pair, &header, &changed.to_string())
    };
    let headed = |change: Value| {
        let mut changed = header.clone();
        changed.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        signed(&pair, &changed, &claims.to_string())
    };
    let hmac_with = |secret: &[u8]| {
        let header = json!({ "typ": "JWT", "alg": "HS256", "kid": kid });
        let text = format!("{}.{}", part(&header), part(&claims));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), text.as_bytes());
        format!("{text}.{}", BASE64.encode(tag))
    };
    let unsigned = |alg: &str| format!("{}.{}.", part(&json!({ "alg": alg, "kid": kid })), part(&claims));
    let good = signed(&pair, &header, &claims.to_string());
    let stranger = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a key pair");
    let ticket = house.ticket(house.room(2).await.id, "Ada", None).await;
    let bob = house.person("bob").await;
    let table = [
        ("no algorithm", unsigned("none")),
        ("no algorithm, in capitals", unsigned("NONE")),
        ("HMAC with the public key as its secret", hmac_with(pair.public_key().as_ref())),
        ("HMAC with an empty secret", hmac_with(b"")),
        ("another algorithm in the header", headed(json!({ "alg": "ES256" }))),
        ("a key named by a path", headed(json!({ "kid": "../access-keys/0001.key" }))),
        ("an unknown key", headed(json!({ "kid": "0000000000000000" }))),
        ("no key named", signed(&pair, &json!({ "typ": "JWT", "alg": "EdDSA" }), &claims.to_string())),
        ("somebody else's key", signed(&stranger, &header, &claims.to_string())),
        ("a key that the token brings along", {
            let x = BASE64.encode(stranger.public_key().as_ref());
            let mut own = header.clone();
            own["jwk"] = json!({ "kty": "OKP", "crv": "Ed25519", "x": x });
            signed(&stranger, &own, &claims.to_string())
        }),
        ("no exp", without("exp")),
        ("no nbf", without("nbf")),
        ("no aud", without("aud")),
        ("no iss", without("iss")),
        ("no sub", without("sub")),
        ("no log-in", without("sid")),
        ("over since six seconds", with("exp", json!(now - 6))),
        ("an end in text", with("exp", json!("9999999999"))),
        ("not yet valid", with("nbf", json!(now + 30))),
        ("for somebody else", with("aud", json!("moodcall:socket"))),
        ("of another issuer", with("iss", json!("https://evil.example"))),
        ("another person in it", with("sub", json!(bob.id))),
        ("a claim too much", with("staff", json!(true))),
        ("a ticket for the socket", ticket),
    ];
    assert_eq!(ask(&house, &good).await, (200, String::new()), "the forger knows how to do it");
    for (what, token) in &table {
        assert_eq!(ask(&house, token).await, (401, "login-needed".into()), "{what}");
    }
    house.stop().await;
}

#[tokio::test]
async fn a_token_that_was_changed_anywhere_opens_nothing() {
    let house = house().await;
    let ada = house.person("ada").await;
    let token = ada.token.clone();
    let mut kept = 0;
    for at in (0..token.len()).step_by(7) {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).expect("text");
        kept += u32::from(house.running.app.users.recognize(&changed).await.is_ok());
    }
    // Of the last character of the signature two bits are spare, which a strict reader refuses too.
    assert_eq!(kept, 0);
    for garbage in
        ["", ".", "..", "a.b.c", "Bearer", &token[..token.len() - 10], &format!("{token}.{token}"), &"x".repeat(9000)]
    {
        assert!(house.running.app.users.recognize(garbage).await.is_err(), "{garbage}");
    }
    house.stop().await;
}

#[tokio::test]
async fn keys_are_for_their_owner_only() {
    let house = house().await;
    let folder = &house.running.app.state.config.server.data_dir;
    for name in ["access-keys/0001.key", "codes.key"] {
        let mode = std::fs::metadata(folder.join(name)).expect("the key").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{name}");
    }
    house.stop().await;
}

async fn ask(house: &House, token: &str) -> (u16, String) {
    let request = reqwest::Client::new().request(Method::GET, house.url("/api/v1/me")).bearer_auth(token);
    let answer = request.send().await.expect("an answer");
    if answer.status() == 200 { (200, String::new()) } else { refusal(answer).await }
}
