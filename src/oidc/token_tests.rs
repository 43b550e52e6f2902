//! ID tokens that are right and wrong, signed with every kind of key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rand::RngCore as _;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::super::keys::{Key, usable};
use super::{Expected, Said, TokenError, check, header};
use crate::base::timestamp::Timestamp;

const NOW: i64 = 1_790_000_010;

/// An RSA key that was thrown away after it signed [`SIGNED`]; the crates here verify RSA and do not make it.
const MODULUS: &str = "oot0_S0xE_IFamOchLmmaJRgmA2q6f-jmAZuxXnBcxft5KYLjaUMDGN_7lgRf2Y2su7TQpYD-Kn_5mPHLpwiJGtJilAvULdW3h7k\
     gCfrMdBSzZMT8htSO69OlTtB6-yhqUG8Qzg7_U3o_H5FkBiyD6oUnrq_B4oRRR31c7zuBG33vLzEn_I3GycweWKbJzhXIAS4MXM4\
     4SLF5WIqnzl5bufHH_Ei9TnREUPUgesWcXsRExDdNG5FoKeqKDBJ_xA7ytiMRoMTPgn-zS7B2OQVW0GoJ2NkOhhDf8-fMDZC_E3r\
     suReR-D403i5mbzNudnylwIZrDe6-HvrL2Wtq7xv2w";
const SIGNED: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYSJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjpbIm90aGVyIiw\
     ibW9vZGNhbGwiXSwiYXpwIjoibW9vZGNhbGwiLCJzdWIiOiI0MiIsImlhdCI6MTc5MDAwMDAwMCwiZXhwIjoxNzkwMDAwMzAwLCJ\
     ub25jZSI6Im4iLCJlbWFpbCI6ImFkYUBleGFtcGxlLm9yZyIsImVtYWlsX3ZlcmlmaWVkIjoidHJ1ZSJ9.BMVNTIELL55jhQRfqy\
     QTZvXmHTaFqNCBMiK06QW30DKAAXtyHTypBkKfjzFHW_zTTgZwcOfxUxBwsgwXf4Dq20merfFDCjgyQZyTEundmz3eMrKM41tXkL\
     Dc_4QHhKI6nBK4YnEe7oBH1gn8x_2m3UDbbZDP1WGo7aEF6mwy98mnNfns_qBSi9r1UcLMJKBdOaFlfdw6JlEO1_1lYaQR-2QdcT\
     Fkv1zRa_mXp7aGmtC_c1TVaMogtyJRjHASsVubfJVDqyOnB3MqwtVQVy9l5AsOmkauxTtduOJnVb14Wca-Y_kV_TOJ46Etu9KyiL\
     GBQYZXCg2NTtxZCsWQ5s6yYA";

fn expected() -> Expected<'static> {
    let now = Timestamp::from_millis(NOW * 1000);
    Expected { issuer: "https://issuer.example", client: "moodcall", nonce: "n", now }
}

fn good() -> Value {
    json!({ "iss": "https://issuer.example", "aud": "moodcall", "sub": "42", "iat": NOW - 10, "exp": NOW + 290, "nonce": "n" })
}

/// A key of this algorithm: what signs, and what a provider shows of it.
fn pair(algorithm: Algorithm) -> (EncodingKey, Key) {
    if algorithm == Algorithm::EdDSA {
        /// PKCS #8 (RFC 8410) up to the seed.
        const PREFIX: [u8; 16] =
            [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        let mut seed = [0; 32];
        rand::rng().fill_bytes(&mut seed);
        let x = URL_SAFE_NO_PAD.encode(Ed25519KeyPair::from_seed_unchecked(&seed).unwrap().public_key());
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": x });
        let key = usable(&serde_json::from_value(jwk).unwrap()).unwrap();
        return (EncodingKey::from_ed_der(&[&PREFIX[..], &seed].concat()), key);
    }
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    let signing = EncodingKey::from_ec_der(document.as_ref());
    let key = usable(&Jwk::from_encoding_key(&signing, algorithm).unwrap()).unwrap();
    (signing, key)
}

fn signed(algorithm: Algorithm, claims: &Value) -> (String, Key) {
    let (signing, key) = pair(algorithm);
    (jsonwebtoken::encode(&Header::new(algorithm), claims, &signing).unwrap(), key)
}

fn rsa() -> Key {
    let jwk = json!({ "kty": "RSA", "kid": "rsa", "use": "sig", "n": MODULUS, "e": "AQAB" });
    usable(&serde_json::from_value(jwk).unwrap()).unwrap()
}

#[test]
fn every_kind_of_key_that_is_taken_says_who_it_is() {
    assert_eq!(header(SIGNED), Ok((Algorithm::RS256, Some("rsa".into()))));
    let said = check(SIGNED, &rsa(), &expected()).unwrap();
    let email = Some("ada@example.org".into());
    assert_eq!(said, Said { subject: "42".into(), email, email_verified: true, name: None });
    for algorithm in [Algorithm::ES256, Algorithm::EdDSA] {
        let (token, key) = signed(algorithm, &good());
        assert_eq!(header(&token), Ok((algorithm, None)));
        assert_eq!(check(&token, &key, &expected()).unwrap().subject, "42");
    }
}

#[test]
fn a_token_of_another_key_or_another_kind_of_key_is_refused() {
    let (token, _) = signed(Algorithm::ES256, &good());
    assert_eq!(check(&token, &pair(Algorithm::ES256).1, &expected()), Err(TokenError::Signature));
    assert!(check(&token, &pair(Algorithm::EdDSA).1, &expected()).is_err());
    assert!(check(&token, &rsa(), &expected()).is_err());
    assert!(check(SIGNED, &pair(Algorithm::ES256).1, &expected()).is_err());
    let (start, _) = SIGNED.rsplit_once('.').unwrap();
    assert!(check(&format!("{start}."), &rsa(), &expected()).is_err());
    // The public key as the secret of a signature that anybody can make.
    let secret = EncodingKey::from_secret(MODULUS.as_bytes());
    let forged = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &good(), &secret).unwrap();
    assert_eq!(header(&forged), Err(TokenError::Algorithm));
    assert!(check(&forged, &rsa(), &expected()).is_err());
    assert_eq!(header("eyJhbGciOiJub25lIn0.e30."), Err(TokenError::Unreadable));
}

#[test]
fn each_claim_must_be_what_was_asked_for() {
    let table = [
        ("iss", json!("https://issuer.example/"), "iss"),
        ("iss", json!("https://elsewhere.example"), "iss"),
        ("aud", json!("somebody-else"), "aud"),
        ("aud", json!([]), "aud"),
        ("aud", json!(["moodcall", "somebody-else"]), "azp"),
        ("azp", json!("somebody-else"), "azp"),
        ("exp", json!(NOW - 61), "exp"),
        ("iat", json!(NOW + 61), "iat"),
        ("iat", json!(NOW - 3600), "iat"),
        ("nbf", json!(NOW + 61), "nbf"),
        ("nonce", json!("m"), "nonce"),
        ("nonce", Value::Null, "nonce"),
        ("sub", json!(""), "sub"),
        ("sub", json!("x".repeat(256)), "sub"),
    ];
    for (name, value, blamed) in table {
        let mut claims = good();
        claims[name] = value.clone();
        let (token, key) = signed(Algorithm::EdDSA, &claims);
        assert_eq!(check(&token, &key, &expected()), Err(TokenError::Claim(blamed)), "{name} {value}");
    }
    for missing in ["iss", "aud", "exp", "iat", "sub"] {
        let mut claims = good();
        claims.as_object_mut().unwrap().remove(missing);
        let (token, key) = signed(Algorithm::EdDSA, &claims);
        assert_eq!(check(&token, &key, &expected()), Err(TokenError::Unreadable), "{missing}");
    }
}

#[test]
fn an_address_is_proved_only_where_the_provider_says_so() {
    let table = [
        (json!({ "email": "a@b.example", "email_verified": true }), true),
        (json!({ "email": "a@b.example", "email_verified": "true" }), true),
        (json!({ "email": "a@b.example", "email_verified": "yes" }), false),
        (json!({ "email": "a@b.example", "email_verified": false }), false),
        (json!({ "email": "a@b.example" }), false),
        (json!({ "email_verified": true }), false),
    ];
    for (more, verified) in table {
        let mut claims = good();
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (token, key) = signed(Algorithm::ES256, &claims);
        assert_eq!(check(&token, &key, &expected()).unwrap().email_verified, verified, "{more}");
    }
}

#[test]
fn keys_for_other_purposes_are_no_keys() {
    let usable = |jwk: Value| serde_json::from_value::<Jwk>(jwk).ok().and_then(|jwk| usable(&jwk)).is_some();
    assert!(usable(json!({ "kty": "RSA", "n": MODULUS, "e": "AQAB", "alg": "RS256" })));
    assert!(!usable(json!({ "kty": "RSA", "n": MODULUS, "e": "AQAB", "use": "enc" })));
    assert!(!usable(json!({ "kty": "RSA", "n": MODULUS, "e": "AQAB", "alg": "RS512" })));
    assert!(!usable(json!({ "kty": "oct", "k": "c2VjcmV0" })));
    assert!(!usable(json!({ "kty": "new", "x": "y" })));
}
