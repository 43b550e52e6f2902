//! The API's own description (OpenAPI 3.1), made from the handlers, and what all of its operations have in common.

use axum::Extension;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use utoipa::ToSchema as _;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Content, HeaderBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, Required,
    ResponseBuilder, ServerBuilder, Type,
    tag::{Tag, TagBuilder},
};

use crate::web::error::Problem;
use crate::web::idempotency;

/// What an operation's tag may be, with what stands under it.
const TAGS: &[(&str, &str)] = &[
    ("auth", "Proving an address, logging in and out, log-ins elsewhere, forgotten passwords, other providers."),
    ("users", "Signing up, one's own account, profiles, consents, copies of one's data."),
    ("uploads", "Pictures that people bring along."),
    ("social", "Who follows whom, who is friends with whom, who blocks whom."),
    ("notices", "What happened that concerns somebody."),
    ("posts", "What people show each other, and who likes and keeps it."),
    ("feeds", "Posts in an order: the latest, the popular, those of whom one follows."),
    ("tags", "Words that things are found by."),
    ("playlists", "Songs in an order that somebody chose, and who likes and keeps it."),
    ("songs", "Songs: found by words, by what they are like, or at random."),
    ("comments", "What people say under posts, and one level of replies."),
    ("moderation", "Reports, and what staff do about them."),
    ("search", "Finding things by a part of their name, in any script."),
    ("rooms", "Rooms to meet in, tickets for the socket, what is said there."),
    ("calls", "Ringing a friend, and who rang whom."),
    ("stills", "Pictures of a call: taking them, the gallery, who is in them and whether they may be published."),
    ("moods", "The palette of moods, and the networks that read them."),
    ("system", "What the server says about itself."),
];

const ABOUT: &str = "Calls whose picture answers your mood, and the people around them.\n\n\
    Times are RFC 3339 in UTC, identifiers are UUIDs. Writes refuse unknown fields. Lists answer `items` and \
    `next_cursor`. Every refusal is a problem document (RFC 9457) whose `code` comes from one closed list; \
    `/problems/{code}` explains each. `Accept-Language` chooses between English and Korean.";

/// The answers that any operation may give, and what they mean.
const COMMON: &[(&str, &str, &str)] = &[
    ("400", "Malformed", "The request is not what the API says."),
    ("401", "LoginNeeded", "Nobody is logged in, or the log-in is over."),
    ("404", "NotFound", "Nothing of that name is here, or not for the one who asks."),
    ("413", "TooLarge", "The body is larger than its limit."),
    ("415", "MediaType", "The body is of another media type."),
    ("422", "Invalid", "The request is well formed and a value is not allowed; `errors` points to it."),
    ("429", "TooMany", "Too much in a short time; `Retry-After` says when to come back."),
    ("500", "Internal", "Our fault. It was logged."),
    ("503", "Unavailable", "Not now; `Retry-After` says when to come back."),
    ("default", "Problem", "Any other refusal."),
];

const PROBLEM: &str = "application/problem+json";

/// The finished description, as it is sent.
#[derive(Clone, Debug)]
pub struct Document(Bytes);

impl Document {
    /// Adds what belongs to the whole document, and to every operation.
    pub fn new(mut document: OpenApi) -> Self {
        about(&mut document);
        components(&mut document);
        for (path, item) in &mut document.paths.paths {
            if let (Some(operation), true) = (&mut item.post, idempotency::ROUTES.contains(&path.as_str())) {
                key(operation);
            }
            for operation in operations(item) {
                words(operation);
                refusals(operation);
            }
        }
        Self(serde_json::to_vec(&document).unwrap_or_default().into())
    }

    /// As JSON.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Show this description
///
/// OpenAPI 3.1, made from the same code that answers.
#[utoipa::path(get, path = "/openapi.json", tag = "system", operation_id = "showDescription", responses(
    (status = 200, description = "The description.", content_type = "application/json", body = Object),
))]
pub async fn show(Extension(document): Extension<Document>) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], document.0).into_response()
}

fn about(document: &mut OpenApi) {
    let license = LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build();
    document.info = InfoBuilder::new()
        .title("Moodcall")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(license))
        .build();
    document.servers = Some(vec![ServerBuilder::new().url("/").description(Some("This server.")).build()]);
    let tag = |(name, about): &(&str, &str)| -> Tag { TagBuilder::new().name(*name).description(Some(*about)).build() };
    document.tags = Some(TAGS.iter().map(tag).collect());
}

fn components(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let bearer = |format: Option<&str>, about: &str| {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about));
        SecurityScheme::Http(format.into_iter().fold(scheme, HttpBuilder::bearer_format).build())
    };
    let cookie = "The refresh token of a browser; scripts cannot read it.";
    let cookie = ApiKey::Cookie(ApiKeyValue::with_description("__Host-session", cookie));
    let schemes = [
        ("access", bearer(Some("JWT"), "The access token that `POST /tokens` answers.")),
        ("seat", bearer(None, "The host key of a room, or the resume token of a seat in it.")),
        ("cookie", SecurityScheme::ApiKey(cookie)),
    ];
    components.security_schemes.extend(schemes.map(|(name, scheme)| (name.to_owned(), scheme.into())));
    let mut schemas = Vec::new();
    Problem::schemas(&mut schemas);
    schemas.push((Problem::name().into_owned(), <Problem as utoipa::PartialSchema>::schema()));
    components.schemas.extend(schemas);
    for (status, name, meaning) in COMMON {
        let mut response = ResponseBuilder::new().description(*meaning).content(PROBLEM, problem());
        if matches!(*status, "429" | "503") {
            let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
            let header = HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds."));
            response = response.header("Retry-After", header.build());
        }
        components.responses.insert((*name).into(), response.build().into());
    }
}

fn problem() -> Content {
    Content::new(Some(Ref::from_schema_name(Problem::name())))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let all = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
    all.into_iter().flatten()
}

/// The first line of a handler's documentation names the request for whoever reads the code: "`POST /x`: does this."
/// A reader of the description sees that already, and needs no section on errors beside the list of answers.
fn words(operation: &mut Operation) {
    let summary = operation.summary.take().unwrap_or_default().replace('\n', " ");
    let summary = match summary.split_once(": ") {
        Some((request, rest)) if request.starts_with('`') && request.ends_with('`') => rest,
        _ => &summary,
    };
    let mut letters = summary.trim().trim_end_matches('.').chars();
    operation.summary = letters.next().map(|first| first.to_uppercase().chain(letters).collect());
    let about = operation.description.take().unwrap_or_default();
    let about = about.split("# Errors").next().unwrap_or_default().trim();
    operation.description = (!about.is_empty()).then(|| about.to_owned());
}

/// What the layer around these operations takes and answers.
fn key(operation: &mut Operation) {
    let (least, most) = idempotency::LENGTH;
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[!-~]+$"));
    let text = text.min_length(Some(least)).max_length(Some(most));
    let about = "A random text of the client's. The same request with the same key, within a day, gets the same answer \
                 and makes nothing new; another request with it gets 409 `key-reused`.";
    let header = ParameterBuilder::new().name("Idempotency-Key").parameter_in(ParameterIn::Header);
    let header = header.description(Some(about)).required(Required::False).schema(Some(text));
    operation.parameters.get_or_insert_default().push(header.build().into());
    let reused = ResponseBuilder::new().description("`key-reused`: the key came with another request before.");
    operation.responses.responses.entry("409".into()).or_insert_with(|| reused.build().into());
    let invalid = || RefOr::Ref(Ref::from_response_name("Invalid"));
    operation.responses.responses.entry("422".into()).or_insert_with(invalid);
}

/// Gives each refusal that an operation lists its body, and adds those that the toolkit answers before any handler.
fn refusals(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let refused = status.starts_with('4') || status.starts_with('5');
        if let (true, RefOr::T(response)) = (refused, response)
            && response.content.is_empty()
        {
            response.content.insert(PROBLEM.into(), problem().into());
        }
    }
    let body = operation.request_body.is_some();
    let has = |place: ParameterIn| {
        let parameters = operation.parameters.iter().flatten();
        parameters.into_iter().any(|parameter| matches!(parameter, RefOr::T(one) if one.parameter_in == place))
    };
    let (path, query) = (has(ParameterIn::Path), has(ParameterIn::Query));
    // A requirement without a scheme in it says that the operation may be used without any.
    let open = serde_json::json!({});
    let secured = operation.security.iter().flatten().any(|one| serde_json::json!(one) != open);
    for (status, name, _) in COMMON {
        let applies = match *status {
            "400" => body || query,
            "401" => secured,
            "404" => path,
            "413" | "415" => body,
            "422" => body || query,
            _ => true,
        };
        if applies {
            let common = || RefOr::Ref(Ref::from_response_name(*name));
            operation.responses.responses.entry((*status).to_owned()).or_insert_with(common);
        }
    }
}
