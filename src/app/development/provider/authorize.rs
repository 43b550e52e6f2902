//! `GET /dev/oidc/authorize`: who are you? A page to choose from, or at once with `person` or `subject` in the address.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::mistake::Mistake;
use super::people::{self, PEOPLE, Somebody};
use super::{CODE, Granted, Here};
use crate::app::App;
use crate::app::development::OnThisMachine;
use crate::base::{clock, token};
use crate::mail::page::escaped;
use crate::protocol::code::Code;
use crate::users::oidc::providers::DEVELOPMENT_CLIENT;
use crate::web::error::ApiError;
use crate::web::language::Language;

/// The page's form leads back to the one who asked, on another name of this machine perhaps.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self' http: https:; base-uri 'none'; \
                      frame-ancestors 'none'";

/// The request (OpenID Connect Core 1.0, section 3.1.2.1) and, from the page, who it is.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    state: String,
    nonce: Option<String>,
    code_challenge: String,
    code_challenge_method: String,
    /// One of those who are invented.
    person: Option<String>,
    /// Anybody else.
    subject: Option<String>,
    name: Option<String>,
    email: Option<String>,
    verified: Option<String>,
    /// What to do wrong.
    mistake: Option<String>,
}

impl Request {
    fn somebody(&self) -> Option<Somebody> {
        let typed = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        if let Some(person) = &self.person {
            return people::invented(person);
        }
        let subject = typed(&self.subject)?;
        let name = typed(&self.name).unwrap_or_else(|| subject.clone());
        Some(Somebody { subject, name, email: typed(&self.email), verified: self.verified.is_some() })
    }
}

/// See above.
///
/// # Errors
/// 404 outside of development mode and from elsewhere; 400 for a request that this server's log-in does not make.
pub async fn page(
    _: OnThisMachine,
    State(app): State<App>,
    headers: HeaderMap,
    Query(request): Query<Request>,
) -> Result<Response, ApiError> {
    let here = Here::of(&app)?;
    let fine = request.response_type == "code"
        && request.client_id == DEVELOPMENT_CLIENT
        && request.code_challenge_method == "S256"
        && request.code_challenge.len() == 43
        && request.scope.split(' ').any(|scope| scope == "openid")
        && here.registered(&app, &request.redirect_uri);
    if !fine {
        return Err(ApiError::BadRequest(Code::Malformed, "The request is none of this server's.".into()));
    }
    match request.somebody() {
        Some(somebody) => answer(&here, &request, somebody),
        None => Ok(ask(&request, Language::of(&headers))),
    }
}

fn answer(here: &Here<'_>, request: &Request, somebody: Somebody) -> Result<Response, ApiError> {
    let mistake = match request.mistake.as_deref().filter(|name| !name.is_empty()) {
        None => None,
        Some(name) => Some(
            serde_json::from_value::<Mistake>(name.into())
                .map_err(|_| ApiError::BadRequest(Code::Malformed, "No such mistake.".into()))?,
        ),
    };
    let mut back = reqwest::Url::parse(&request.redirect_uri).map_err(|_| ApiError::Internal)?;
    let state = if mistake == Some(Mistake::WrongState) { token::fresh().0 } else { request.state.clone() };
    let issuer =
        if mistake == Some(Mistake::OtherIssuer) { "https://elsewhere.example".to_owned() } else { here.issuer() };
    back.query_pairs_mut().append_pair("state", &state).append_pair("iss", &issuer);
    if mistake == Some(Mistake::Denied) {
        back.query_pairs_mut().append_pair("error", "access_denied");
    } else {
        if mistake == Some(Mistake::RotatedKey) {
            here.provider.rotate().map_err(|_| ApiError::Internal)?;
        }
        let now = clock::now();
        let code = here.provider.grant(Granted {
            somebody,
            mistake,
            redirect_uri: request.redirect_uri.clone(),
            nonce: request.nonce.clone(),
            challenge: request.code_challenge.clone(),
            ends: if mistake == Some(Mistake::ExpiredCode) { now } else { now + CODE },
        });
        if mistake == Some(Mistake::ReplayedCode) {
            here.provider.redeem(&code);
        }
        back.query_pairs_mut().append_pair("code", &code);
    }
    let to = HeaderValue::from_str(back.as_str()).map_err(|_| ApiError::Internal)?;
    Ok((StatusCode::FOUND, [(header::LOCATION, to)]).into_response())
}

fn ask(request: &Request, language: Language) -> Response {
    let korean = language == Language::Ko;
    let say = |english: &'static str, hangul: &'static str| if korean { hangul } else { english };
    let hidden: String = [
        ("response_type", request.response_type.as_str()),
        ("client_id", &request.client_id),
        ("redirect_uri", &request.redirect_uri),
        ("scope", &request.scope),
        ("state", &request.state),
        ("nonce", request.nonce.as_deref().unwrap_or_default()),
        ("code_challenge", &request.code_challenge),
        ("code_challenge_method", &request.code_challenge_method),
    ]
    .iter()
    .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escaped(value)))
    .collect();
    let people: String = PEOPLE
        .iter()
        .map(|(id, name, email, verified)| {
            let proved = match (email, verified) {
                (None, _) => say("no address", "이메일 없음"),
                (_, true) => say("proved", "확인됨"),
                (_, false) => say("not proved", "확인 안 됨"),
            };
            format!(
                "<p><button name=\"person\" value=\"{id}\">{name}</button> {} ({proved})</p>\n",
                email.unwrap_or_default()
            )
        })
        .collect();
    let mistakes: String = Mistake::ALL
        .iter()
        .map(|(id, english, hangul)| format!("<option value=\"{id}\">{}</option>\n", say(english, hangul)))
        .collect();
    let page = format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/dev/outbox.css\">\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
         <p>{about}</p>\n<form>\n{hidden}<p><label for=\"mistake\">{wrong}</label>\n\
         <select id=\"mistake\" name=\"mistake\">\n<option value=\"\">{nothing}</option>\n{mistakes}</select></p>\n\
         {people}</form>\n<h2>{other}</h2>\n<form>\n{hidden}\
         <label>{subject} <input name=\"subject\" required maxlength=\"100\"></label>\n\
         <label>{name} <input name=\"name\" maxlength=\"40\"></label>\n\
         <label>{email} <input name=\"email\" type=\"email\"></label>\n\
         <label><input name=\"verified\" type=\"checkbox\" value=\"1\"> {proved}</label>\n\
         <p><button>{go}</button></p>\n</form>\n</main>\n</body>\n</html>\n",
        tag = language.tag(),
        title = say("Development provider", "개발용 로그인 제공자"),
        about = say("Nobody here is real. Who are you?", "여기 있는 사람은 모두 가짜입니다. 누구로 로그인할까요?"),
        wrong = say("What goes wrong", "일부러 낼 오류"),
        nothing = say("nothing", "없음"),
        other = say("Somebody else", "다른 사람"),
        subject = say("Identifier", "식별자"),
        name = say("Name", "이름"),
        email = say("E-mail", "이메일"),
        proved = say("the address is proved", "확인된 이메일"),
        go = say("Continue", "계속"),
    );
    ([(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-store")], Html(page)).into_response()
}
