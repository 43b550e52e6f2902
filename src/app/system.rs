//! What the server says about itself.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::App;
use crate::media::compose::palette::{PALETTES, Palette};
use crate::protocol::{self, code::Code};
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::language::Language;
use crate::web::problem::meaning;

/// `GET /api/v1/version`.
pub async fn version() -> Json<Value> {
    Json(json!({ "name": "moodcall", "version": env!("CARGO_PKG_VERSION"), "protocol": protocol::VERSION }))
}

/// `GET /api/v1/config`: the settings that a client needs to know.
pub async fn settings(State(app): State<App>) -> Json<Value> {
    let config = &app.state.config;
    Json(json!({
        "guests": config.rooms.guests,
        "default_capacity": config.rooms.default_capacity,
        "max_capacity": config.rooms.max_capacity,
        "seat_seconds": config.rooms.seat_seconds,
        "link_hours": config.rooms.link_hours,
        "filter": app.state.studio.unavailable().is_none(),
        "reads_expressions": app.state.studio.reads_expressions(),
        "stills": config.stills.enabled,
    }))
}

/// `GET /api/v1/ice-servers`: none, because the server itself is reachable on its announced addresses.
pub async fn ice_servers() -> Json<Value> {
    Json(json!({ "ice_servers": [] }))
}

/// `GET /api/v1/moods`: the palette, with names in both languages; the page draws badges from it.
pub async fn moods() -> Json<Value> {
    let color = |[red, green, blue]: [u8; 3]| format!("#{red:02x}{green:02x}{blue:02x}");
    let mood = |palette: &Palette| {
        let scene = (palette.seconds > 0).then(|| json!({ "en": palette.scene_en, "ko": palette.scene_ko }));
        json!({
            "label": palette.label,
            "name": { "en": palette.en, "ko": palette.ko },
            "colors": { "glow": color(palette.glow), "deep": color(palette.deep) },
            "icon": palette.icon,
            "scene": scene,
        })
    };
    Json(json!({ "items": PALETTES.iter().map(mood).collect::<Vec<_>>() }))
}

/// `GET /api/v1/models`: which networks look at a face, whose they are, and how often they err.
pub async fn models(State(app): State<App>) -> Json<Value> {
    Json((*app.models).clone())
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
