//! `POST /users`: signing up.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asker::Asker;
use super::consent::Purpose;
use super::create::{NewAccount, create_account};
use super::genre::{self, Genre};
use super::logged_in::LoggedIn;
use super::oidc::{Pending, pending};
use super::theme::Theme;
use super::{Users, name, verification};
use crate::base::language::Language;
use crate::base::text;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::web::error::ApiError;
use crate::web::extract::Body;

/// Longest name of a version of a text, in characters.
const VERSION: usize = 40;

/// Somebody who wants an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// The proof that the code was exchanged for; the address comes from there. Not needed when the provider, by whom
    /// somebody signs up, has proved the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 100, examples("pN3kz1kqXgqC0d9Yh0v7h2bq4m8s6t1uWcA5rE2yJxo"))]
    pub email_proof: Option<String>,
    /// The password: hard to guess, whatever it is made of. Without one somebody signs up by the provider that has just
    /// named them, which a cookie of their browser says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 8, max_length = 128, examples("violet-kettle-27-harbor"))]
    pub password: Option<String>,
    /// Their handle, unique: a-z, 0-9 and `_`, beginning with a letter.
    #[schema(min_length = 3, max_length = 20, examples("ada"))]
    pub handle: String,
    /// The name that is shown, unique: 1 to 8 characters as readers count them.
    #[schema(min_length = 1, max_length = 40, examples("Ada"))]
    pub nickname: String,
    /// What they say about themselves.
    #[serde(default)]
    #[schema(max_length = 200, examples("Rain, tape hiss, and slow songs."))]
    pub about: String,
    /// What they like to hear: one to three, each once.
    #[schema(min_items = 1, max_items = 3)]
    pub genres: Vec<Genre>,
    /// What they agree to; the terms are among it.
    #[schema(min_items = 1, max_items = 3)]
    pub consents: Vec<NewConsent>,
    /// Language of letters and pages.
    pub language: Language,
    /// How the pages look.
    #[serde(default)]
    pub theme: Theme,
    /// Whether a browser keeps the log-in when it closes.
    #[serde(default)]
    pub remember: bool,
    /// Whether the refresh token comes as a cookie that scripts cannot read.
    #[serde(default)]
    pub cookie: bool,
}

/// A decision at signing up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// What for.
    pub purpose: Purpose,
    /// Whether they agree.
    pub granted: bool,
    /// Which version of the text they saw.
    #[schema(min_length = 1, max_length = 40, examples("2026-11"))]
    pub version: String,
}

/// Sign up
///
/// Makes the account and logs in at once. Names are unique without regard to case; of several who ask for one at the same
/// moment one gets it.
///
/// # Errors
/// 403 `verification` for a proof that is wrong, too old or used, `forbidden` when nobody may sign up; 409 `taken` with
/// the field; 422 with the field; 429.
#[utoipa::path(
    post, path = "/users", tag = "users", operation_id = "signUp", request_body = SignUp,
    responses(
        (status = 201, description = "Signed up and logged in", body = LoggedIn,
            headers(("Set-Cookie" = Option<String>, description = "The refresh token, for whoever asked for a cookie."))),
        (status = 403, description = "`verification`: the address is not proved. `forbidden`: nobody may sign up here"),
        (status = 409, description = "Somebody has that name or address"),
    )
)]
pub async fn handler(
    State(users): State<Users>,
    asker: Asker,
    headers: HeaderMap,
    Body(body): Body<SignUp>,
) -> Result<Response, ApiError> {
    users.open_to_newcomers()?;
    if body.cookie || body.password.is_none() {
        asker.on_our_page()?;
    }
    users.limits.address(asker.caller())?;
    let fields = Fields::check(&body)?;
    // Without a proof there is no hash to pay for. The proof is used up below, with everything else or not at all.
    let unproved = || ApiError::Forbidden(Code::Verification);
    let pending = match body.password {
        Some(_) => None,
        None => Some(users.pending(&headers).ok_or_else(|| ApiError::field("/password", "Choose a password."))?),
    };
    let given = pending.as_ref().and_then(Pending::proved_email).filter(|_| body.email_proof.is_none());
    let proof = body.email_proof.as_deref().unwrap_or_default();
    let email = match given {
        Some(email) => email.to_owned(),
        None => verification::proved(&users, proof).await?.ok_or_else(unproved)?,
    };
    let password_hash = match &body.password {
        Some(password) => {
            users.passwords.check(password, &[&email, &fields.handle, &fields.nickname], "/password").await?;
            Some(users.passwords.hash(password).await?)
        }
        None => None,
    };
    let now = Timestamp::now();
    let mut transaction = users.state.store.begin().await?;
    let email = match given {
        Some(_) => email,
        None => verification::use_proof(&mut transaction, proof, now).await?.ok_or_else(unproved)?,
    };
    let account = NewAccount {
        email: &email,
        handle: &fields.handle,
        nickname: &fields.nickname,
        password_hash: password_hash.as_deref(),
        about: &fields.about,
        genres: &body.genres,
        language: body.language,
        theme: body.theme,
        consents: &fields.consents,
    };
    let user = create_account(&mut transaction, &account, now).await?;
    if let Some(pending) = &pending {
        pending.attach(&mut transaction, user, now).await?;
    }
    let method = pending.as_ref().map_or("password", |pending| pending.provider.as_str());
    let begun = users.begin_session(&mut transaction, user, method, body.remember, &asker).await?;
    transaction.commit().await?;
    metrics::counter!("moodcall_sign_ups_total").increment(1);
    let mut answer = users.welcome(begun, body.cookie).await?;
    if pending.is_some() {
        let (name, value) = pending::clear();
        answer.headers_mut().append(name, value);
    }
    Ok(answer)
}

/// What was typed, checked and cleaned.
struct Fields<'a> {
    handle: String,
    nickname: String,
    about: String,
    consents: Vec<(Purpose, bool, &'a str)>,
}

impl<'a> Fields<'a> {
    fn check(body: &'a SignUp) -> Result<Self, ApiError> {
        let handle = name::handle(&body.handle, "/handle")?;
        let nickname = name::nickname(&body.nickname, "/nickname")?;
        let about = name::about(&body.about, "/about")?;
        if body.genres.is_empty() || !genre::fit(&body.genres) {
            return Err(ApiError::field("/genres", "Choose one to three genres, each once."));
        }
        let mut consents: Vec<(Purpose, bool, &str)> = Vec::new();
        for consent in &body.consents {
            let version = Some(consent.version.as_str())
                .filter(|version| text::line(version, VERSION).is_some_and(|cleaned| cleaned == *version));
            let version = version
                .ok_or_else(|| ApiError::field("/consents", format!("A version has 1 to {VERSION} characters.")))?;
            if consents.iter().any(|(purpose, ..)| *purpose == consent.purpose) {
                return Err(ApiError::field("/consents", "Decide on each purpose once."));
            }
            consents.push((consent.purpose, consent.granted, version));
        }
        if !consents.iter().any(|(purpose, granted, _)| *purpose == Purpose::Terms && *granted) {
            return Err(ApiError::field("/consents", "There is no account without agreeing to the terms."));
        }
        Ok(Self { handle, nickname, about, consents })
    }
}
