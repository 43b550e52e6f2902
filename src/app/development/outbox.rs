//! `/dev/outbox`: the letters that would have been sent, newest first, for whoever tries the server out.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::OnThisMachine;
use crate::app::App;
use crate::base::id::MailId;
use crate::base::timestamp::Timestamp;
use crate::mail::page::escaped;
use crate::protocol::code::Code;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::language::Language;

/// Letters that are shown.
const SHOWN: i64 = 50;

/// A letter may look as it likes and do nothing: no script, nothing from elsewhere, an origin of its own.
const LETTER: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// Which letters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Only those to this address.
    to: Option<String>,
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Nothing is sent by this server.
    Kept,
    /// On its way.
    Due,
    /// Accepted by the mail server.
    Sent,
    /// It will not be sent.
    Refused,
}

/// A letter of the outbox.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// Its row.
    pub id: MailId,
    /// Whom it is for.
    pub to: String,
    /// In which language it is written.
    pub language: String,
    /// The subject line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
    /// Why it was not sent.
    pub error: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: MailId,
    recipient: String,
    language: String,
    subject: String,
    body_text: String,
    body_html: String,
    created_at: Timestamp,
    due_at: Option<Timestamp>,
    sent_at: Option<Timestamp>,
    error: Option<String>,
}

impl From<Row> for Shown {
    fn from(row: Row) -> Self {
        let outcome = match (row.sent_at, row.due_at, &row.error) {
            (Some(_), _, _) => Outcome::Sent,
            (None, Some(_), _) => Outcome::Due,
            (None, None, Some(_)) => Outcome::Refused,
            (None, None, None) => Outcome::Kept,
        };
        Self {
            id: row.id,
            to: row.recipient,
            language: row.language,
            subject: row.subject,
            text: row.body_text,
            html: row.body_html,
            created_at: row.created_at,
            outcome,
            error: row.error,
        }
    }
}

async fn letters(app: &App, to: Option<&str>) -> Result<Vec<Shown>, ApiError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, recipient, language, subject, body_text, body_html, created_at, due_at, sent_at, error \
         FROM mail_outbox WHERE recipient = COALESCE($1, recipient) ORDER BY created_at DESC, id DESC LIMIT $2",
    )
    .bind(to.map(str::to_owned))
    .bind(SHOWN)
    .fetch_all(app.state.store.read())
    .await?;
    Ok(rows.into_iter().map(Shown::from).collect())
}

/// `GET /dev/outbox.json?to=`: the newest letters, all or those to one address.
///
/// # Errors
/// 404 outside of development mode and from elsewhere.
pub async fn list(
    _: OnThisMachine,
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, ApiError> {
    let items = letters(&app, wanted.to.as_deref()).await?;
    let answer = Json(serde_json::json!({ "items": items }));
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], answer).into_response())
}

/// `GET /dev/outbox`: the same as a page.
///
/// # Errors
/// As [`list`].
pub async fn page(
    _: OnThisMachine,
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let korean = Language::of(&headers) == Language::Ko;
    let say = |english: &'static str, hangul: &'static str| if korean { hangul } else { english };
    let mut items = String::new();
    for letter in letters(&app, wanted.to.as_deref()).await? {
        let outcome = match letter.outcome {
            Outcome::Kept => say("kept here; no mail server is set", "메일 서버가 없어 여기에 보관 중"),
            Outcome::Due => say("on its way", "보내는 중"),
            Outcome::Sent => say("sent; its words are no longer kept", "보냄(내용은 지웠습니다)"),
            Outcome::Refused => say("given up", "보내지 못함"),
        };
        items.push_str(&format!(
            "<article id=\"{id}\" lang=\"{language}\">\n<h2>{subject}</h2>\n<dl><dt>{to_word}</dt><dd>{to}</dd>\
             <dt>{at_word}</dt><dd><time datetime=\"{at}\">{at}</time></dd>\
             <dt>{state_word}</dt><dd>{outcome} {error}</dd></dl>\n<pre>{text}</pre>\n\
             <details><summary>HTML</summary><iframe sandbox title=\"{subject}\" loading=\"lazy\" \
             src=\"/dev/outbox/{id}\"></iframe></details>\n</article>\n",
            id = letter.id,
            language = escaped(&letter.language),
            subject = escaped(&letter.subject),
            to_word = say("To", "받는 사람"),
            at_word = say("Written", "작성"),
            state_word = say("State", "상태"),
            to = escaped(&letter.to),
            at = letter.created_at,
            error = escaped(letter.error.as_deref().unwrap_or_default()),
            text = escaped(&letter.text),
        ));
    }
    if items.is_empty() {
        items = format!("<p>{}</p>", say("Nothing was written yet.", "아직 쓴 메일이 없습니다."));
    }
    let page = format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/dev/outbox.css\">\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
         <form><label for=\"to\">{to}</label> <input id=\"to\" name=\"to\" type=\"email\" value=\"{value}\"> \
         <button>{show}</button></form>\n{items}</main>\n</body>\n</html>\n",
        tag = if korean { "ko" } else { "en" },
        title = say("Outbox", "보낼 편지함"),
        to = say("Only to", "받는 사람"),
        value = escaped(wanted.to.as_deref().unwrap_or_default()),
        show = say("Show", "보기"),
    );
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Html(page)).into_response())
}

/// `GET /dev/outbox/{id}`: the HTML of one letter, for a frame.
///
/// # Errors
/// As [`list`], and 404 for a letter that is not there.
pub async fn letter(
    _: OnThisMachine,
    State(app): State<App>,
    Segment(id): Segment<MailId>,
) -> Result<Response, ApiError> {
    let html: Option<String> = sqlx::query_scalar("SELECT body_html FROM mail_outbox WHERE id = $1")
        .bind(id)
        .fetch_optional(app.state.store.read())
        .await?;
    let html = html.ok_or(ApiError::NotFound(Code::NotFound))?;
    let mut response = Html(html).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(LETTER));
    Ok(response)
}

/// `GET /dev/outbox.css`: the style of the pages here.
pub async fn style(_: OnThisMachine) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("outbox.css"))
}
