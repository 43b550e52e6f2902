//! A visit to a provider: begun in one browser, ended once, in the same one.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use sqlx::FromRow;

use super::providers::Known;
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::base::token;
use crate::oidc::OidcError;
use crate::store::{Store, StoreError};
use crate::web::error::ApiError;

/// How long somebody may take at the provider.
const VALID: std::time::Duration = std::time::Duration::from_secs(600);
/// The cookie that knows the browser again. `Lax`, because the provider sends the browser back from another site.
const BROWSER: &str = "__Host-visit";
/// Longest way back, in bytes.
const WAY: usize = 500;

/// Why no visit begins.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// The provider cannot be asked.
    #[error(transparent)]
    Provider(#[from] OidcError),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A visit that has begun.
pub struct Begun {
    /// Where to send the browser.
    pub url: String,
    /// Knows the browser again.
    pub cookie: (HeaderName, HeaderValue),
}

/// A visit that has come to its end.
#[derive(Debug, FromRow)]
pub struct Ended {
    /// What the ID token must carry.
    pub nonce: String,
    /// For the exchange of the code.
    pub verifier: String,
    /// Where to go afterwards: a path of this site.
    pub return_to: String,
    /// Who links a provider to their account; none for a log-in.
    pub user_id: Option<UserId>,
}

/// Begins a visit that comes back to `redirect_uri` and then goes to `return_to`.
///
/// # Errors
/// [`BeginError`].
pub async fn begin(
    store: &Store,
    known: &Known,
    headers: &HeaderMap,
    redirect_uri: &str,
    return_to: &str,
    user: Option<UserId>,
) -> Result<Begun, BeginError> {
    let visit = known.client.begin(redirect_uri).await?;
    // One token for all visits of a browser, so that two tabs do not take it from each other.
    let browser = browser(headers).unwrap_or_else(|| token::fresh().0);
    let now = Timestamp::now();
    let over = sqlx::query("DELETE FROM oidc_visits WHERE expires_at < $1");
    over.bind(now).execute(store.write()).await.map_err(StoreError::from)?;
    sqlx::query(
        "INSERT INTO oidc_visits (state_hash, provider, nonce, verifier, browser_hash, return_to, user_id, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(token::hash(&visit.state).to_hex())
    .bind(&known.name)
    .bind(&visit.nonce)
    .bind(&visit.verifier)
    .bind(token::hash(&browser).to_hex())
    .bind(local(return_to))
    .bind(user)
    .bind(now)
    .bind(now.after(VALID))
    .execute(store.write())
    .await
    .map_err(StoreError::from)?;
    let text = format!("{BROWSER}={browser}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", VALID.as_secs());
    Ok(Begun { url: visit.url, cookie: set(&text) })
}

/// Takes out the visit of this state, which then is over: only for the browser that began it, at the provider that it
/// began with.
///
/// # Errors
/// The database does not answer.
pub async fn end(store: &Store, provider: &str, headers: &HeaderMap, state: &str) -> Result<Option<Ended>, StoreError> {
    let Some(browser) = browser(headers) else { return Ok(None) };
    let ended = sqlx::query_as(
        "DELETE FROM oidc_visits WHERE state_hash = $1 AND provider = $2 AND browser_hash = $3 AND expires_at > $4 \
         RETURNING nonce, verifier, return_to, user_id",
    )
    .bind(token::hash(state).to_hex())
    .bind(provider)
    .bind(token::hash(&browser).to_hex())
    .bind(Timestamp::now())
    .fetch_optional(store.write())
    .await?;
    Ok(ended)
}

fn browser(headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let value = jar.get(BROWSER)?.value();
    let formed = value.len() == 43 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    formed.then(|| value.to_owned())
}

/// A way back that stays on this site; the front page for anything else.
pub fn local(path: &str) -> &str {
    let mut bytes = path.bytes();
    // A browser reads `//host` and `/\host` as another site, and skips control characters on the way.
    let inside = bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && path.len() <= WAY
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if inside { path } else { "/" }
}

/// A header that sets a cookie; tokens are plain ASCII, so this cannot fail.
pub(super) fn set(text: &str) -> (HeaderName, HeaderValue) {
    (header::SET_COOKIE, HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("")))
}

/// Sends the browser on, with cookies.
pub(super) fn go(to: &str, cookies: impl IntoIterator<Item = (HeaderName, HeaderValue)>) -> Result<Response, ApiError> {
    let to = HeaderValue::from_str(to).map_err(|_| ApiError::Internal)?;
    let mut response = StatusCode::FOUND.into_response();
    response.headers_mut().insert(header::LOCATION, to);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in cookies {
        response.headers_mut().append(name, value);
    }
    Ok(response)
}

/// Where this provider sends people back to; it must be registered there, to the letter.
pub fn redirect_uri(origin: &str, provider: &str) -> String {
    format!("{origin}/api/v1/oidc/{provider}/callback")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_back_never_leaves_this_site() {
        for inside in ["/", "/settings", "/users/ada?tab=2#top", "/a//b", "/?next=https://evil.example"] {
            assert_eq!(local(inside), inside);
        }
        let outside = [
            "",
            "settings",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "javascript:alert(1)",
            "/a\\b",
            "/홈",
            "/a b",
            "/\u{0}",
            "/x\r\nSet-Cookie: a=b",
        ];
        for outside in outside {
            assert_eq!(local(outside), "/", "{outside:?}");
        }
        assert_eq!(local(&format!("/{}", "a".repeat(WAY))), "/");
    }
}
