//! `GET /admin/adapters`: which services outside are switched on, what does their work otherwise, and how they are doing.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use crate::base::timestamp::Timestamp;
use crate::moderation::staff::Staff;
use crate::outside::health::{LastProblem, Standing};
use crate::store::Engine;
use crate::web::error::ApiError;

/// Longest wait for a service's word.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the server works with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Adapters {
    /// One for each need.
    pub adapters: Vec<NamedAdapter>,
}

/// What answers a need: a service outside where the settings name one, and otherwise the default inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NamedAdapter {
    /// The need: `database`, `bus`, `blobs`, `mail`, `log-in`, `chat`, `songs`, `covers` or `turn`.
    #[schema(examples("mail"))]
    pub name: String,
    /// What does it where nothing is configured.
    #[schema(examples("outbox"))]
    pub default: String,
    /// How it is doing.
    #[serde(flatten)]
    pub adapter: Standing,
}

/// What the outbox tells of mail since `$1`: when a letter was last sent, when one was last given up.
pub const MAIL: &str = "SELECT \
     (SELECT MAX(sent_at) FROM (SELECT sent_at FROM mail_outbox WHERE created_at > $1 AND sent_at IS NOT NULL \
     ORDER BY created_at DESC, id DESC LIMIT 100) AS few), \
     (SELECT MAX(created_at) FROM (SELECT created_at FROM mail_outbox WHERE created_at > $1 AND due_at IS NULL \
     AND error IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT 100) AS few)";

/// For so long mail is told of.
const WEEK: Duration = Duration::from_secs(7 * 86_400);

/// Show the services outside
///
/// For staff: what is configured, what does the work otherwise, and how it went last. Without addresses, names and secrets.
#[utoipa::path(get, path = "/admin/adapters", tag = "moderation", operation_id = "listAdapters",
    responses(
        (status = 200, description = "The services.", body = Adapters),
        (status = 404, description = "Whoever asks is not staff."),
    ),
    security(("access" = []))
)]
pub async fn handler(State(app): State<App>, _me: Staff) -> Result<Json<Adapters>, ApiError> {
    let (state, config) = (&app.state, &app.state.config);
    let now = Timestamp::now();
    let named = |name: &str, default: &str, adapter: Standing| NamedAdapter {
        name: name.into(),
        default: default.into(),
        adapter,
    };
    // These are asked now.
    let asked = |configured: bool, works: bool| Standing {
        configured,
        last_success_at: works.then_some(now),
        last_problem: (!works).then(|| LastProblem { what: "unreachable".into(), at: now }),
    };
    let database = tokio::time::timeout(PATIENCE, state.store.ready()).await.is_ok_and(|ready| ready.is_ok());
    let bus = tokio::time::timeout(PATIENCE, state.ledger.ready()).await.is_ok_and(|ready| ready.is_ok());
    let (sent, failed): (Option<Timestamp>, Option<Timestamp>) =
        sqlx::query_as(MAIL).bind(now.before(WEEK)).fetch_one(state.store.read()).await?;
    let mail = Standing {
        configured: config.mail.smtp_url.is_some(),
        last_success_at: sent,
        last_problem: failed.map(|at| LastProblem { what: "given-up".into(), at }),
    };
    let switched = |configured: bool| Standing { configured, ..Standing::OFF };
    let adapters = vec![
        named("database", "sqlite", asked(state.store.engine() == Engine::Postgres, database)),
        named("bus", "process", asked(config.redis.url.is_some(), bus)),
        named("blobs", "folder", asked(false, config.server.data_dir.is_dir())),
        named("mail", "outbox", mail),
        named("log-in", "development", switched(!config.oidc.is_empty())),
        named("chat", "catalog", state.chat.as_ref().map_or(Standing::OFF, |chat| chat.health.adapter())),
        named("songs", "previews", state.videos.health().adapter()),
        named("covers", "drawn", state.pictures.health().adapter()),
        named("turn", "none", Standing::OFF),
    ];
    Ok(Json(Adapters { adapters }))
}
