//! `POST /dev/oidc/token`: a code for an ID token. It checks what a good provider checks, and then makes the mistake that
//! was asked for.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::mistake::Mistake;
use super::{Granted, Here, Key};
use crate::app::App;
use crate::app::development::OnThisMachine;
use crate::base::timestamp::Timestamp;
use crate::base::token as random;
use crate::oidc::provider::challenge;
use crate::users::oidc::providers::DEVELOPMENT_CLIENT;
use crate::web::error::ApiError;

/// How long an ID token is valid, in seconds.
const VALID: i64 = 300;

/// The request (RFC 6749, section 4.1.3; RFC 7636, section 4.5).
#[derive(Debug, Deserialize)]
pub struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// See above.
///
/// # Errors
/// 404 outside of development mode and from elsewhere. Other refusals are what the protocol says.
pub async fn exchange(
    _: OnThisMachine,
    State(app): State<App>,
    headers: HeaderMap,
    Form(exchange): Form<Exchange>,
) -> Result<Response, ApiError> {
    let here = Here::of(&app)?;
    let given = basic(&headers).or_else(|| exchange.client_id.clone().zip(exchange.client_secret.clone()));
    let known = given.is_some_and(|(name, secret)| name == DEVELOPMENT_CLIENT && secret == here.secret);
    if !known {
        return Ok(refused(StatusCode::UNAUTHORIZED, "invalid_client"));
    }
    if exchange.grant_type != "authorization_code" {
        return Ok(refused(StatusCode::BAD_REQUEST, "unsupported_grant_type"));
    }
    // Whatever is wrong with the rest, the code was used.
    let granted = here.provider.redeem(&exchange.code).filter(|granted| {
        granted.redirect_uri == exchange.redirect_uri && granted.challenge == challenge(&exchange.code_verifier)
    });
    let Some(granted) = granted else { return Ok(refused(StatusCode::BAD_REQUEST, "invalid_grant")) };
    let id_token = sign(&here, &granted).ok_or(ApiError::Internal)?;
    let answer = json!({
        "access_token": random::fresh().0, "token_type": "Bearer", "expires_in": VALID, "id_token": id_token,
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

fn refused(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    text.split_once(':').map(|(name, secret)| (name.to_owned(), secret.to_owned()))
}

fn claims(here: &Here<'_>, granted: &Granted) -> Value {
    let is = |mistake| granted.mistake == Some(mistake);
    let now = Timestamp::now().millis() / 1000;
    let made = if is(Mistake::OldToken) { now - 600 } else { now };
    let somebody = &granted.somebody;
    let mut claims = json!({
        "iss": if is(Mistake::WrongIssuer) { "https://elsewhere.example".to_owned() } else { here.issuer() },
        "aud": if is(Mistake::WrongAudience) { "somebody-else" } else { DEVELOPMENT_CLIENT },
        "sub": somebody.subject,
        "iat": made,
        "exp": made + VALID,
        "name": somebody.name,
    });
    if is(Mistake::WrongNonce) {
        claims["nonce"] = random::fresh().0.into();
    } else if let Some(nonce) = &granted.nonce {
        claims["nonce"] = nonce.as_str().into();
    }
    if let Some(email) = somebody.email.as_deref().filter(|_| !is(Mistake::NoEmail)) {
        claims["email"] = email.into();
        claims["email_verified"] = (somebody.verified && !is(Mistake::UnverifiedEmail)).into();
    }
    claims
}

fn sign(here: &Here<'_>, granted: &Granted) -> Option<String> {
    let (claims, key) = (claims(here, granted), here.provider.key()?);
    let header = |algorithm, name: &str| Header { kid: Some(name.to_owned()), ..Header::new(algorithm) };
    let (header, signing) = match granted.mistake {
        Some(Mistake::Unsigned) => {
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            return Some(format!("{}.{}.", part(&json!({ "alg": "none", "kid": key.name })), part(&claims)));
        }
        Some(Mistake::SharedSecret) => {
            (header(Algorithm::HS256, &key.name), EncodingKey::from_secret(here.secret.as_bytes()))
        }
        Some(Mistake::UnknownKey) => {
            let unknown = Key::fresh().ok()?;
            (header(Algorithm::ES256, &unknown.name), unknown.signing)
        }
        Some(Mistake::BadSignature) => (header(Algorithm::ES256, &key.name), Key::fresh().ok()?.signing),
        _ => (header(Algorithm::ES256, &key.name), key.signing),
    };
    jsonwebtoken::encode(&header, &claims, &signing).ok()
}
