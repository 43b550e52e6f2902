//! `GET /oidc/{provider}/callback`: somebody comes back from a provider. Whatever was wrong, the browser learns only one
//! of a few codes; the reason is in the log.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::pending::{self, Pending};
use super::visit::{self, Ended, go};
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::oidc::Identity;
use crate::protocol::code::Code;
use crate::store::StoreError;
use crate::users::asker::Asker;
use crate::users::{Users, cookie, email};
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// What a provider sends along (RFC 6749, section 4.1.2; RFC 9207). Others of its parameters are not looked at.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Answer {
    /// To be exchanged for who they are.
    code: Option<String>,
    /// Names the visit.
    state: Option<String>,
    /// Who answers.
    iss: Option<String>,
    /// Why there is no code.
    error: Option<String>,
}

/// End a visit to a provider
///
/// For the browser that began it, once. Somebody who is known is logged in by a cookie; somebody new goes on to sign up.
///
/// # Errors
/// 404 for a provider that is not known. Everything else leads to the log-in page, or to the settings when an account was
/// to be linked, with `problem` in the address: `provider`, or `taken` when the identity, or its address, has an account.
#[utoipa::path(
    get, path = "/oidc/{provider}/callback", tag = "auth", operation_id = "endProviderLogin",
    params(("provider" = String, Path, description = "Its `id` in the list of providers"), Answer),
    responses(
        (status = 302, description = "Logged in, or on to sign up, or back to the log-in page",
            headers(("Location" = String, description = "Where to go"))),
        (status = 404, description = "No such provider"),
    )
)]
pub async fn handler(
    State(users): State<Users>,
    asker: Asker,
    headers: HeaderMap,
    Segment(provider): Segment<String>,
    answer: Result<Query<Answer>, QueryRejection>,
) -> Result<Response, ApiError> {
    let known = users.oidc.find(&provider).ok_or(ApiError::NotFound(Code::NotFound))?;
    users.limits.address(asker.caller())?;
    // A parameter that is there twice is nothing to choose from.
    let answer = answer.map(|Query(answer)| answer).unwrap_or_default();
    let state = answer.state.as_deref().unwrap_or_default();
    let Some(visit) = visit::end(&users.state.store, &known.name, &headers, state).await? else {
        tracing::info!(provider, "an answer without a visit");
        return trouble(None, Code::Provider);
    };
    if let Some(error) = &answer.error {
        let error: String = error.chars().filter(|c| !c.is_control()).take(60).collect();
        tracing::info!(provider, error, "the provider says no");
        return trouble(visit.user_id, Code::Provider);
    }
    let redirect_uri = visit::redirect_uri(&asker.origin, &known.name);
    let code = answer.code.as_deref().unwrap_or_default();
    let found = known.client.finish(code, answer.iss.as_deref(), &redirect_uri, &visit.verifier, &visit.nonce).await;
    let identity = match found {
        Ok(identity) => identity,
        Err(error) => {
            tracing::warn!(provider, %error, "an answer of a provider is refused");
            return trouble(visit.user_id, Code::Provider);
        }
    };
    match visit.user_id {
        Some(user) => link(&users, user, &known.name, &identity, &visit).await,
        None => log_in(&users, &asker, &known.name, identity, &visit).await,
    }
}

async fn log_in(
    users: &Users,
    asker: &Asker,
    provider: &str,
    identity: Identity,
    visit: &Ended,
) -> Result<Response, ApiError> {
    let mut transaction = users.state.store.begin().await?;
    let known: Option<UserId> = sqlx::query_scalar("SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2")
        .bind(&identity.issuer)
        .bind(&identity.subject)
        .fetch_optional(&mut *transaction)
        .await?;
    let Some(user) = known else {
        drop(transaction);
        return sign_up(users, provider, identity, visit).await;
    };
    match users.begin_session(&mut transaction, user, provider, false, asker).await {
        Ok(begun) => {
            transaction.commit().await?;
            go(&visit.return_to, [cookie::set(&begun.refresh, None), pending::clear()])
        }
        // Its time of grace is over; soon the account is gone and the identity free.
        Err(StoreError::Missing) => trouble(None, Code::Provider),
        Err(error) => Err(error.into()),
    }
}

/// Somebody new. An address that the provider has proved is theirs may tell them that it has an account; one that is only
/// claimed tells nothing.
async fn sign_up(users: &Users, provider: &str, identity: Identity, visit: &Ended) -> Result<Response, ApiError> {
    let pending = Pending::new(provider, identity);
    if pending.email_verified {
        let key = pending.email.as_deref().map(email::key);
        let taken: Option<UserId> = sqlx::query_scalar("SELECT id FROM users WHERE email_key = $1")
            .bind(key)
            .fetch_optional(users.state.store.read())
            .await?;
        if taken.is_some() {
            return trouble(None, Code::Taken);
        }
    }
    if !users.state.config.accounts.sign_up {
        return trouble(None, Code::Forbidden);
    }
    let cookie = users.oidc.seal.close(&pending, Timestamp::now()).map_err(|error| {
        tracing::error!(%error, "a pending identity cannot be signed");
        ApiError::Internal
    })?;
    let next: String = encoded(&visit.return_to);
    go(&format!("/signup?social=1&next={next}"), [cookie])
}

async fn link(
    users: &Users,
    user: UserId,
    provider: &str,
    identity: &Identity,
    visit: &Ended,
) -> Result<Response, ApiError> {
    let added =
        pending::add(users.state.store.write(), &identity.issuer, &identity.subject, provider, user, Timestamp::now());
    match added.await {
        Ok(()) => go(&visit.return_to, []),
        Err(StoreError::Taken(_)) => {
            let owner: Option<UserId> =
                sqlx::query_scalar("SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2")
                    .bind(&identity.issuer)
                    .bind(&identity.subject)
                    .fetch_optional(users.state.store.read())
                    .await?;
            // Linked before, to the same account: that is what they want.
            if owner == Some(user) { go(&visit.return_to, []) } else { trouble(Some(user), Code::Taken) }
        }
        // The account went in the meantime.
        Err(StoreError::Missing) => trouble(None, Code::Provider),
        Err(error) => Err(error.into()),
    }
}

/// Back to where it began, with a code for the page to explain.
pub(super) fn trouble(linking: Option<UserId>, code: Code) -> Result<Response, ApiError> {
    let page = if linking.is_some() { "/settings" } else { "/login" };
    go(&format!("{page}?problem={}", code.as_str()), [])
}

/// A path as the value of a parameter.
fn encoded(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => text.push(char::from(byte)),
            byte => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}
