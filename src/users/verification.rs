//! Proving an e-mail address: `POST /email-verifications` sends six digits, `PUT /email-verifications/{id}` takes them.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use utoipa::ToSchema;

use super::Users;
use super::asker::Asker;
use super::codes::{self, Codes};
use super::email::Email;
use super::limits::Try;
use crate::base::id::{UserId, VerificationId};
use crate::base::language::Language;
use crate::base::timestamp::Timestamp;
use crate::base::token;
use crate::mail::Letter;
use crate::protocol::code::Code;
use crate::store::StoreError;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// How long a code is valid.
pub const VALID: Duration = Duration::from_secs(10 * 60);
/// How long the proof is, that the right code is exchanged for.
pub const PROOF: Duration = Duration::from_secs(30 * 60);
/// Shortest time between two codes for one address.
pub const RESEND: Duration = Duration::from_secs(60);
/// Tries for a code.
pub const TRIES: i16 = 5;

/// Whose address is to be proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVerification {
    /// The address.
    #[schema(max_length = 254, examples("ada@example.org"))]
    pub email: String,
    /// Language of the letter; by `Accept-Language` when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub language: Option<Language>,
}

/// A letter is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verification {
    /// What the code is shown for.
    pub id: VerificationId,
    /// Until when.
    pub expires_at: Timestamp,
    /// When another one may be asked for.
    pub resend_after: Timestamp,
}

/// The code that came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedCode {
    /// Six digits.
    #[schema(max_length = 20, examples("042137"))]
    pub code: String,
}

/// An address is proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proof {
    /// For signing up, once.
    #[schema(examples("pN3kz1kqXgqC0d9Yh0v7h2bq4m8s6t1uWcA5rE2yJxo"))]
    pub proof: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Have a code sent to an address
///
/// The answer is the same whether the address has an account or not; whoever reads its mail learns which.
///
/// # Errors
/// 403 when nobody may sign up; 422 for what is no address; 429 within a minute of the last one, and above the limits.
#[utoipa::path(
    post, path = "/email-verifications", tag = "auth", operation_id = "verifyEmail", request_body = NewVerification,
    responses(
        (status = 202, description = "A letter is on its way", body = Verification),
        (status = 403, description = "Nobody may sign up here"),
    )
)]
pub async fn create(
    State(users): State<Users>,
    asker: Asker,
    Body(body): Body<NewVerification>,
) -> Result<Response, ApiError> {
    users.open_to_newcomers()?;
    users.limits.address(asker.caller())?;
    let email = Email::parse(&body.email, "/email")?;
    users.limits.account(Try::Code, &email.key, asker.address)?;
    let (id, now) = (VerificationId::new(), Timestamp::now());
    let code = Codes::fresh();
    let shown = Verification { id, expires_at: now.after(VALID), resend_after: now.after(RESEND) };
    let mut transaction = users.state.store.begin().await?;
    let known: Option<UserId> = sqlx::query_scalar("SELECT id FROM users WHERE email_key = $1")
        .bind(&email.key)
        .fetch_optional(&mut *transaction)
        .await?;
    // Who has an account gets no code, so no guess may be right either: what is kept is the hash of something else.
    let secret = if known.is_some() { token::fresh().0 } else { code.clone() };
    // One open code for an address: a new one takes the place of the old, but not within a minute.
    let sent: Option<VerificationId> = sqlx::query_scalar(
        "INSERT INTO email_verifications (id, email, email_key, code_hash, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email_key) WHERE verified_at IS NULL DO UPDATE SET \
         id = excluded.id, email = excluded.email, code_hash = excluded.code_hash, tries = 0, \
         created_at = excluded.created_at, expires_at = excluded.expires_at \
         WHERE email_verifications.created_at <= $7 RETURNING id",
    )
    .bind(id)
    .bind(&email.address)
    .bind(&email.key)
    .bind(users.codes.hash(id, &secret))
    .bind(now)
    .bind(shown.expires_at)
    .bind(now.before(RESEND))
    .fetch_optional(&mut *transaction)
    .await?;
    if sent.is_none() {
        return Err(ApiError::TooMany(wait(&mut transaction, &email.key, now).await?));
    }
    let letter = match known {
        Some(_) => Letter::AccountExists { link: format!("{}/login", asker.origin) },
        None => Letter::Code { code },
    };
    let language = body.language.unwrap_or(asker.language);
    users.state.mail.put(&mut transaction, &email.address, language, &letter).await?;
    transaction.commit().await?;
    let never_stored = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::ACCEPTED, never_stored, Json(shown)).into_response())
}

/// How long until another code may be asked for.
async fn wait(connection: &mut AnyConnection, key: &str, now: Timestamp) -> Result<Duration, StoreError> {
    let last: Option<Timestamp> =
        sqlx::query_scalar("SELECT created_at FROM email_verifications WHERE email_key = $1 AND verified_at IS NULL")
            .bind(key)
            .fetch_optional(connection)
            .await?;
    Ok(last.map_or(RESEND, |last| last.after(RESEND).since(now)))
}

/// Show the code for a proof
///
/// Five tries, whoever makes them; then the code is dead, and so is the right one.
///
/// # Errors
/// 403 `verification`: the code is wrong, too old, used, or was tried too often; 422 for what is no code; 429.
#[utoipa::path(
    put, path = "/email-verifications/{id}", tag = "auth", operation_id = "showCode", request_body = TypedCode,
    params(("id" = VerificationId, Path, description = "The verification")),
    responses(
        (status = 200, description = "The address is proved", body = Proof),
        (status = 403, description = "`verification`: the code is wrong, too old, used, or was tried too often"),
    )
)]
pub async fn show_code(
    State(users): State<Users>,
    asker: Asker,
    Segment(id): Segment<VerificationId>,
    Body(body): Body<TypedCode>,
) -> Result<Response, ApiError> {
    let refused = || ApiError::Forbidden(Code::Verification);
    users.limits.address(asker.caller())?;
    let code = codes::typed(&body.code).ok_or_else(|| ApiError::field("/code", "The code has six digits."))?;
    let now = Timestamp::now();
    // The try is counted before the code is looked at, in one step: however many come at once, five are looked at.
    let kept: Option<String> = sqlx::query_scalar(
        "UPDATE email_verifications SET tries = tries + 1 \
         WHERE id = $1 AND tries < $2 AND verified_at IS NULL AND expires_at > $3 RETURNING code_hash",
    )
    .bind(id)
    .bind(TRIES)
    .bind(now)
    .fetch_optional(users.state.store.write())
    .await?;
    if !kept.is_some_and(|kept| users.codes.matches(id, &code, &kept)) {
        return Err(refused());
    }
    let (proof, hash) = token::fresh();
    let expires_at = now.after(PROOF);
    let proved = sqlx::query(
        "UPDATE email_verifications SET verified_at = $2, proof_hash = $3, expires_at = $4 \
         WHERE id = $1 AND verified_at IS NULL",
    )
    .bind(id)
    .bind(now)
    .bind(hash.to_hex())
    .bind(expires_at)
    .execute(users.state.store.write())
    .await?;
    if proved.rows_affected() == 0 {
        return Err(refused());
    }
    let never_stored = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((never_stored, Json(Proof { proof, expires_at })).into_response())
}

/// The address that a proof stands for; none when there is no such proof, it is too old, or was used.
///
/// # Errors
/// The database does not answer.
pub async fn proved(users: &Users, proof: &str) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT email FROM email_verifications WHERE proof_hash = $1 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(token::hash(proof).to_hex())
    .bind(Timestamp::now())
    .fetch_optional(users.state.store.read())
    .await?)
}

/// Uses a proof up, in the transaction of what it is used for, and says whose address it proves.
///
/// # Errors
/// The database does not answer.
pub async fn use_proof(
    connection: &mut AnyConnection,
    proof: &str,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "UPDATE email_verifications SET used_at = $2 \
         WHERE proof_hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING email",
    )
    .bind(token::hash(proof).to_hex())
    .bind(now)
    .fetch_optional(connection)
    .await?)
}

impl Users {
    /// # Errors
    /// 403 when nobody may sign up, 503 while the server shuts down.
    pub(super) fn open_to_newcomers(&self) -> Result<(), ApiError> {
        if self.state.shutdown.draining() {
            return Err(ApiError::Unavailable(Code::Draining));
        }
        if self.state.config.accounts.sign_up { Ok(()) } else { Err(ApiError::Forbidden(Code::Forbidden)) }
    }
}
