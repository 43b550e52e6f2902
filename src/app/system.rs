//! What the server says about itself.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use crate::protocol::{self, code::Code};
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::language::Language;
use crate::web::problem::meaning;

/// Which program answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Version {
    /// The program.
    #[schema(examples("moodcall"))]
    pub name: String,
    /// Its version.
    #[schema(examples("0.1.0"))]
    pub version: String,
    /// The version of the socket's protocol.
    #[schema(examples(1))]
    pub protocol: u32,
}

/// Show the version
#[utoipa::path(get, path = "/version", tag = "system", operation_id = "showVersion", responses(
    (status = 200, description = "The program and its version.", body = Version),
))]
pub async fn version() -> Json<Version> {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Json(Version { name: "moodcall".into(), version, protocol: protocol::VERSION })
}

/// The settings that a client needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Settings {
    /// Whether people without an account may make rooms and join.
    pub guests: bool,
    /// Seats of a room whose maker did not say.
    #[schema(examples(2))]
    pub default_capacity: u32,
    /// Most seats that a room may have.
    #[schema(examples(8))]
    pub max_capacity: u32,
    /// How long the seat of somebody whose socket was lost is kept, in seconds.
    #[schema(examples(60))]
    pub seat_seconds: u64,
    /// How long a room's link works, in hours.
    #[schema(examples(24))]
    pub link_hours: u64,
    /// Whether effects can be used now.
    pub filter: bool,
    /// Whether expressions can be read now.
    pub reads_expressions: bool,
    /// Whether pictures of a call may be taken.
    pub stills: bool,
    /// Whether new people may sign up.
    pub sign_up: bool,
    /// Whether videos of songs are looked for.
    pub videos: bool,
    /// Whether letters can be read at `/dev/outbox`, on the machine itself.
    pub development: bool,
}

/// Show the public settings
#[utoipa::path(get, path = "/config", tag = "system", operation_id = "showSettings", responses(
    (status = 200, description = "The settings that a client needs to know.", body = Settings),
))]
pub async fn settings(State(app): State<App>) -> Json<Settings> {
    let config = &app.state.config;
    Json(Settings {
        guests: config.rooms.guests,
        default_capacity: config.rooms.default_capacity,
        max_capacity: config.rooms.max_capacity,
        seat_seconds: config.rooms.seat_seconds,
        link_hours: config.rooms.link_hours,
        filter: app.state.studio.unavailable().is_none(),
        reads_expressions: app.state.studio.reads_expressions(),
        stills: config.stills.enabled,
        sign_up: config.accounts.sign_up,
        videos: app.state.videos.per_day() > 0,
        development: config.server.development,
    })
}

/// Where a client may find its way through a firewall.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IceServers {
    /// For `RTCPeerConnection`. Empty: the server itself is reachable on its announced addresses.
    pub ice_servers: Vec<IceServer>,
}

/// One entry as `RTCPeerConnection` takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IceServer {
    /// Its addresses.
    #[schema(examples("turn:turn.example.org"))]
    pub urls: Vec<String>,
    /// Who asks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// And the proof.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// List ICE servers
///
/// None: the server itself is reachable on its announced addresses.
#[utoipa::path(get, path = "/ice-servers", tag = "rooms", operation_id = "listIceServers", responses(
    (status = 200, description = "For `RTCPeerConnection`.", body = IceServers),
))]
pub async fn ice_servers() -> Json<IceServers> {
    Json(IceServers::default())
}

/// `GET /problems/{code}`: what an error code means, in plain words.
pub async fn problem(Segment(name): Segment<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let code = Code::ALL.iter().find(|code| code.as_str() == name).ok_or(ApiError::NotFound(Code::NotFound))?;
    let language = Language::of(&headers);
    let meaning = meaning(*code, language);
    let text = format!("{}\n\n{}\n\n{}\n", code.as_str(), meaning.title, meaning.explanation);
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CONTENT_LANGUAGE, language.tag())];
    Ok((headers, text).into_response())
}
