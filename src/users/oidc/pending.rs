//! Somebody whom a provider has named and who has no account yet: kept, signed, in their own browser while they sign up.
//! `GET /oidc/pending` tells the page about it.

use std::path::Path;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor};
use unicode_segmentation::UnicodeSegmentation as _;
use utoipa::ToSchema;

use super::visit::set;
use crate::base::id::UserId;
use crate::base::keyfile::{self, KeyError};
use crate::base::timestamp::Timestamp;
use crate::oidc::Identity;
use crate::protocol::code::Code;
use crate::store::StoreError;
use crate::users::email::Email;
use crate::users::{Users, name};
use crate::web::error::ApiError;

/// How long somebody may take to sign up.
const VALID: Duration = Duration::from_secs(900);
/// The cookie, out of reach of every script.
const COOKIE: &str = "__Host-pending";
const ISSUER: &str = "moodcall";
/// What the signature is for; nothing else opens with it, and it opens nothing else.
const AUDIENCE: &str = "moodcall:pending";

/// Somebody whom a provider has named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Our name of the provider.
    pub provider: String,
    /// Who it says that it is.
    pub issuer: String,
    /// Their name there.
    pub subject: String,
    /// Their address, as the provider says.
    pub email: Option<String>,
    /// Whether the provider has proved that it is theirs.
    pub email_verified: bool,
    /// What they could be called here.
    pub nickname: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    iat: u64,
    nbf: u64,
    exp: u64,
    identity: Pending,
}

impl Pending {
    /// Keeps what can be used: an address that is one, a name that fits.
    pub fn new(provider: &str, identity: Identity) -> Self {
        let email = identity.email.and_then(|typed| Email::parse(&typed, "/email").ok()).map(|email| email.address);
        let cut = identity.name.map(|name| name.trim().graphemes(true).take(8).collect::<String>());
        Self {
            provider: provider.to_owned(),
            issuer: identity.issuer,
            subject: identity.subject,
            email_verified: identity.email_verified && email.is_some(),
            email,
            nickname: cut.and_then(|cut| name::nickname(&cut, "/nickname").ok()),
        }
    }

    /// The address, if the provider has proved it.
    pub fn proved_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.email_verified)
    }

    /// Links the identity to the account that it just got, in the same transaction.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when somebody was faster with the same identity.
    pub async fn attach(
        &self,
        connection: &mut sqlx::AnyConnection,
        user: UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        add(connection, &self.issuer, &self.subject, &self.provider, user, now).await
    }
}

/// Links an identity to an account.
///
/// # Errors
/// [`StoreError::Taken`] when it, or another one of this provider, is linked already.
pub(super) async fn add<'c>(
    executor: impl Executor<'c, Database = Any>,
    issuer: &str,
    subject: &str,
    provider: &str,
    user: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO identities (issuer, subject, user_id, provider, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(issuer)
        .bind(subject)
        .bind(user)
        .bind(provider)
        .bind(now)
        .execute(executor)
        .await?;
    Ok(())
}

/// Signs and checks pending identities, with a key of its own.
pub struct Seal {
    signing: EncodingKey,
    checking: DecodingKey,
    rules: Validation,
}

impl Seal {
    /// Reads or makes the key.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn open(data: &Path) -> Result<Self, KeyError> {
        let key = keyfile::open(data, "pending.key")?;
        let mut rules = Validation::new(Algorithm::HS256);
        rules.leeway = 5;
        rules.validate_nbf = true;
        rules.set_audience(&[AUDIENCE]);
        rules.set_issuer(&[ISSUER]);
        rules.set_required_spec_claims(&["exp", "nbf", "aud", "iss"]);
        Ok(Self { signing: EncodingKey::from_secret(&key), checking: DecodingKey::from_secret(&key), rules })
    }

    /// The cookie for the browser.
    ///
    /// # Errors
    /// The library could not sign; practically never.
    pub fn close(
        &self,
        pending: &Pending,
        now: Timestamp,
    ) -> Result<(HeaderName, HeaderValue), jsonwebtoken::errors::Error> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.after(VALID).seconds(),
            identity: pending.clone(),
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing)?;
        let age = VALID.as_secs();
        Ok(set(&format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={age}")))
    }

    /// Who it is, if the cookie is one of ours and not too old.
    pub fn open_cookie(&self, headers: &HeaderMap) -> Option<Pending> {
        let jar = CookieJar::from_headers(headers);
        let token = jar.get(COOKIE)?.value();
        let claims = jsonwebtoken::decode::<Claims>(token, &self.checking, &self.rules).ok()?;
        Some(claims.claims.identity)
    }
}

/// The header that takes the pending identity out of the browser.
pub fn clear() -> (HeaderName, HeaderValue) {
    set(&format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"))
}

impl Users {
    /// Who is about to sign up with a provider, by the cookie of their browser.
    pub fn pending(&self, headers: &HeaderMap) -> Option<Pending> {
        self.oidc.seal.open_cookie(headers)
    }
}

/// Who is about to sign up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShownPending {
    /// The provider's `id`.
    #[schema(examples("google"))]
    pub provider: String,
    /// The provider's name for people.
    #[schema(examples("Google"))]
    pub provider_name: String,
    /// The address that it told, if it did.
    #[schema(examples("ada@example.org"))]
    pub email: Option<String>,
    /// Whether the address need not be proved again.
    pub email_verified: bool,
    /// What they could be called here, if the provider told a name.
    #[schema(examples("Ada"))]
    pub nickname: Option<String>,
}

/// Show who is about to sign up with a provider
///
/// By the cookie that the visit to the provider left, for 15 minutes.
///
/// # Errors
/// 404 `provider` without such a cookie.
#[utoipa::path(
    get, path = "/oidc/pending", tag = "auth", operation_id = "showPendingIdentity",
    responses(
        (status = 200, description = "What the provider said", body = ShownPending),
        (status = 404, description = "`provider`: nobody is about to sign up in this browser"),
    )
)]
pub async fn show(State(users): State<Users>, headers: HeaderMap) -> Result<Response, ApiError> {
    let Pending { provider, email, email_verified, nickname, .. } =
        users.pending(&headers).ok_or(ApiError::NotFound(Code::Provider))?;
    let provider_name = users.oidc.find(&provider).map_or_else(|| provider.clone(), |known| known.label.clone());
    let shown = ShownPending { provider, provider_name, email, email_verified, nickname };
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(shown)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody() -> Pending {
        let identity = Identity {
            issuer: "https://issuer.example".into(),
            subject: "42".into(),
            email: Some("ada@example.org".into()),
            email_verified: true,
            name: Some("  Augusta Ada King ".into()),
        };
        Pending::new("issuer", identity)
    }

    fn brought(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("a=b; {COOKIE}={value}").parse().unwrap());
        headers
    }

    fn value(cookie: &(HeaderName, HeaderValue)) -> String {
        let text = cookie.1.to_str().unwrap();
        text.split(';').next().unwrap().split_once('=').unwrap().1.to_owned()
    }

    #[test]
    fn only_what_this_server_signed_and_not_long_ago_names_somebody() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (seal, forger) = (Seal::open(folder.path()).unwrap(), Seal::open(other.path()).unwrap());
        let now = Timestamp::now();
        let good = value(&seal.close(&somebody(), now).unwrap());
        assert_eq!(seal.open_cookie(&brought(&good)), Some(somebody()));
        let old = value(&seal.close(&somebody(), now.before(VALID + Duration::from_secs(10))).unwrap());
        let forged = value(&forger.close(&somebody(), now).unwrap());
        let unsigned = format!("{}.", good.rsplit_once('.').unwrap().0);
        for bad in [old, forged, unsigned, String::new(), "a.b.c".into()] {
            assert_eq!(seal.open_cookie(&brought(&bad)), None, "{bad}");
        }
    }

    #[test]
    fn what_a_provider_says_is_cut_to_what_fits_here() {
        assert_eq!(somebody().nickname.as_deref(), Some("Augusta"));
        let identity = |email: Option<&str>, name: Option<&str>| Identity {
            issuer: "i".into(),
            subject: "s".into(),
            email: email.map(str::to_owned),
            email_verified: true,
            name: name.map(str::to_owned),
        };
        let nonsense = Pending::new("p", identity(Some("no address"), Some("\u{202e}")));
        assert_eq!((nonsense.email, nonsense.email_verified, nonsense.nickname), (None, false, None));
    }
}
