//! `POST /playlist-generations`.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use std::time::Duration;
use utoipa::ToSchema;

use super::Generations;
use super::shown::{self, GenerationKind};
use super::wish::{self, Wish};
use crate::base::id::{GenerationId, UserId};
use crate::base::language::Language;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::protocol::mood::ClearMood;
use crate::users::ActiveUser;
use crate::users::genre::{self, Genre};
use crate::web::error::ApiError;
use crate::web::extract::Body;
use crate::web::idempotency::Once;

/// When somebody who has as many open as they may is told to come back.
const COME_BACK: Duration = Duration::from_secs(5);

/// What a playlist is to be made of.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum NewGeneration {
    /// In three steps: a text, a genre, a decade.
    #[schema(examples(json!({ "kind": "wizard", "mood_text": "비 오는 밤에 혼자 걷는 기분", "genre": "indie", "decade": 2010 })))]
    Wizard {
        /// How one feels: 1 to 100 characters as readers count them.
        #[schema(min_length = 1, max_length = 500)]
        mood_text: String,
        /// Of this genre; none for any.
        #[serde(default)]
        genre: Option<Genre>,
        /// First year of the decade that the songs are from; none for any. From 1980 on, in tens.
        #[serde(default)]
        #[schema(minimum = 1980, maximum = 2020, multiple_of = 10)]
        decade: Option<u16>,
        /// Whether everybody may see the playlist at once. Otherwise its owner alone, until they change that.
        #[serde(default)]
        is_public: bool,
    },
    /// One sentence; the genre is one of the person's own, if they have any.
    #[schema(examples(json!({ "kind": "event", "mood_text": "Three hours of talking and I am still wide awake" })))]
    Event {
        /// How one feels: 1 to 100 characters as readers count them.
        #[schema(min_length = 1, max_length = 500)]
        mood_text: String,
        /// Whether everybody may see the playlist at once.
        #[serde(default)]
        is_public: bool,
    },
    /// One mood that the person chose to bring from a call. Nothing else of the call is sent or kept.
    #[schema(examples(json!({ "kind": "call", "mood": "happiness" })))]
    Call {
        /// The mood.
        mood: ClearMood,
        /// Whether everybody may see the playlist at once.
        #[serde(default)]
        is_public: bool,
    },
}

/// Ask for a playlist
///
/// It is made in the background: `Location` tells how far it is, `…/events` says so as it goes on, and a DELETE ends it.
/// What was said about the mood is forgotten as soon as that ends. The playlist is its owner's alone until they make it
/// public. Its title, description and keywords are in Korean for a text with Hangul, in English for one with Latin letters
/// and no Hangul, and otherwise in the language of the account.
///
/// # Errors
/// 422 `/mood_text`, `/decade`; 429 when too many are open or were asked for.
#[utoipa::path(
    post, path = "/playlist-generations", tag = "playlists", operation_id = "generatePlaylist",
    request_body = NewGeneration,
    responses(
        (status = 202, description = "It is being made; `Location` tells how far it is.", body = shown::Generation,
            headers(("Location" = String, description = "Address of what is being made."))),
        (status = 403, description = "`suspended`."),
        (status = 409, description = "`key-reused`: the key came with another request before."),
        (status = 429, description = "`too-many`: so many are being made for this person already, or were within an hour."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(generations): State<Generations>,
    ActiveUser(user): ActiveUser,
    once: Option<Extension<Once>>,
    Body(body): Body<NewGeneration>,
) -> Result<Response, ApiError> {
    let (kind, mut wish) = read(body)?;
    generations.admit(user.id)?;
    let key = once.map(|Extension(Once(key))| key);
    let store = &generations.users.state.store;
    let mut transaction = store.begin().await?;
    // Locks the person, so that of several at once none is missed in the count.
    let (genres, language): (String, String) =
        sqlx::query_as("UPDATE users SET updated_at = updated_at WHERE id = $1 RETURNING genres, language")
            .bind(user.id)
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or(ApiError::Unauthorized(Code::LoginNeeded))?;
    let seed = rand::random::<u32>();
    // Whoever writes in a language reads it.
    let written = wish.text.as_deref().and_then(Language::written);
    wish.language = written.unwrap_or_else(|| Language::from_tag(&language));
    if kind == GenerationKind::Event {
        let own = genre::from_row(&genres);
        wish.genre = own.get(seed as usize % own.len().max(1)).copied();
    }
    let made = insert(&mut transaction, user.id, kind, &wish, seed, key.as_deref()).await?;
    let id = match made {
        Some(id) => {
            let open: i64 = sqlx::query_scalar(OPEN).bind(user.id).fetch_one(&mut *transaction).await?;
            if open > generations.most_open() {
                return Err(ApiError::TooMany(COME_BACK));
            }
            transaction.commit().await?;
            generations.asked();
            id
        }
        // The server died after this one and before its answer.
        None => {
            sqlx::query_scalar("SELECT id FROM playlist_generations WHERE user_id = $1 AND request_key = $2")
                .bind(user.id)
                .bind(key)
                .fetch_one(&mut *transaction)
                .await?
        }
    };
    let shown = shown::fetch(store, id, user.id).await?.shown;
    let mut response = (StatusCode::ACCEPTED, Json(shown)).into_response();
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/playlist-generations/{id}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// How many of the person `$1` are not over.
pub const OPEN: &str = "SELECT COUNT(*) FROM playlist_generations WHERE user_id = $1 AND ended_at IS NULL";

/// Writes the row; none when the same request has written it before.
async fn insert(
    transaction: &mut AnyConnection,
    user: UserId,
    kind: GenerationKind,
    wish: &Wish,
    seed: u32,
    key: Option<&str>,
) -> Result<Option<GenerationId>, ApiError> {
    let input = serde_json::to_string(wish).map_err(|_| ApiError::Internal)?;
    let made = sqlx::query_scalar(
        "INSERT INTO playlist_generations \
         (id, user_id, kind, input, seed, status, held_until, request_key, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, $7, $7) \
         ON CONFLICT (user_id, request_key) WHERE request_key IS NOT NULL DO NOTHING RETURNING id",
    )
    .bind(GenerationId::new())
    .bind(user)
    .bind(kind.as_str())
    .bind(input)
    .bind(i64::from(seed))
    .bind(key)
    .bind(Timestamp::now())
    .fetch_optional(transaction)
    .await?;
    Ok(made)
}

/// What is asked for, looked at.
fn read(body: NewGeneration) -> Result<(GenerationKind, Wish), ApiError> {
    let none = Wish { text: None, genre: None, decade: None, mood: None, language: Language::En, is_public: false };
    Ok(match body {
        NewGeneration::Wizard { mood_text, genre, decade, is_public } => {
            let text = Some(wish::mood_text(&mood_text)?);
            let decade = decade.map(wish::decade).transpose()?;
            (GenerationKind::Wizard, Wish { text, genre, decade, is_public, ..none })
        }
        NewGeneration::Event { mood_text, is_public } => {
            (GenerationKind::Event, Wish { text: Some(wish::mood_text(&mood_text)?), is_public, ..none })
        }
        NewGeneration::Call { mood, is_public } => (GenerationKind::Call, Wish { mood: Some(mood), is_public, ..none }),
    })
}
