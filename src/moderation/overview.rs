//! `GET /admin/overview`: how much there is to do, and how the services outside are.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::staff::Staff;
use crate::base::timestamp::Timestamp;
use crate::store::Engine;
use crate::users::Users;
use crate::web::error::ApiError;

/// Up to how many of something are counted.
const COUNTED: i64 = 10_000;
/// Mail that was given up is told for so long.
const DAY: Duration = Duration::from_secs(86_400);
/// Longest wait for an adapter's word.
const PATIENCE: Duration = Duration::from_secs(2);

/// What staff see first. Counts end at 10,000.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Overview {
    /// What waits.
    pub queues: Queues,
    /// What the server works with.
    pub adapters: Vec<Adapter>,
}

/// What waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::FromRow)]
pub struct Queues {
    /// Reports that nobody has decided on.
    #[schema(minimum = 0)]
    pub open_reports: i64,
    /// When the oldest of them was made.
    pub oldest_report_at: Option<Timestamp>,
    /// People who may look only, now.
    #[schema(minimum = 0)]
    pub suspended_people: i64,
    /// Accounts in their time of grace.
    #[schema(minimum = 0)]
    pub leaving_people: i64,
    /// Letters on their way.
    #[schema(minimum = 0)]
    pub due_mails: i64,
    /// Letters that were given up within a day.
    #[schema(minimum = 0)]
    pub failed_mails: i64,
    /// Copies of people's data that are being made.
    #[schema(minimum = 0)]
    pub pending_exports: i64,
}

/// Something that the server works with: inside by default, a service elsewhere where the settings say so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Adapter {
    /// What it is for.
    #[schema(examples("database"))]
    pub name: String,
    /// What does it: `sqlite`, `postgres`, `process`, `redis`, `folder`, `outbox`, `smtp`, …
    #[schema(examples("sqlite"))]
    pub kind: String,
    /// How it is.
    pub state: AdapterState,
    /// More about it, in English, without addresses and secrets.
    pub detail: String,
}

/// How an adapter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AdapterState {
    /// It works.
    Fine,
    /// It is switched off, or not there.
    Off,
    /// It does not work.
    Down,
}

/// Counts: now, a day ago, counted up to.
pub const QUEUES: &str = "SELECT \
     (SELECT COUNT(*) FROM (SELECT 1 AS one FROM reports WHERE status = 'open' LIMIT $3) AS few) AS open_reports, \
     (SELECT MIN(created_at) FROM reports WHERE status = 'open') AS oldest_report_at, \
     (SELECT COUNT(*) FROM (SELECT 1 AS one FROM users WHERE suspended_until > $1 LIMIT $3) AS few) AS suspended_people, \
     (SELECT COUNT(*) FROM (SELECT 1 AS one FROM users WHERE deletes_at > 0 LIMIT $3) AS few) AS leaving_people, \
     (SELECT COUNT(*) FROM (SELECT 1 AS one FROM mail_outbox WHERE due_at > 0 LIMIT $3) AS few) AS due_mails, \
     (SELECT COUNT(*) FROM (SELECT 1 AS one FROM mail_outbox WHERE created_at > $2 AND due_at IS NULL \
     AND error IS NOT NULL LIMIT $3) AS few) AS failed_mails, \
     (SELECT COUNT(*) FROM (SELECT 1 AS one FROM exports WHERE state = 'pending' AND created_at > 0 LIMIT $3) AS few) AS pending_exports";

/// Show what there is to do
///
/// For staff: the queues, and the state of everything that the server works with.
#[utoipa::path(get, path = "/admin/overview", tag = "moderation", operation_id = "showOverview",
    responses(
        (status = 200, description = "Queues and adapters.", body = Overview),
        (status = 404, description = "Whoever asks is not staff."),
    ),
    security(("access" = []))
)]
pub async fn handler(State(users): State<Users>, _me: Staff) -> Result<Json<Overview>, ApiError> {
    let now = Timestamp::now();
    let queues: Queues = sqlx::query_as(QUEUES)
        .bind(now)
        .bind(now.before(DAY))
        .bind(COUNTED)
        .fetch_one(users.state.store.read())
        .await?;
    let adapters = adapters(&users, &queues).await;
    Ok(Json(Overview { queues, adapters }))
}

async fn adapters(users: &Users, queues: &Queues) -> Vec<Adapter> {
    let (state, config) = (&users.state, &users.state.config);
    let adapter = |name: &str, kind: &str, state: AdapterState, detail: String| Adapter {
        name: name.into(),
        kind: kind.into(),
        state,
        detail,
    };
    let works = |works: bool| if works { AdapterState::Fine } else { AdapterState::Down };
    let answers = |result: Result<bool, tokio::time::error::Elapsed>| works(matches!(result, Ok(true)));
    let database = tokio::time::timeout(PATIENCE, async { state.store.ready().await.is_ok() }).await;
    let bus = tokio::time::timeout(PATIENCE, async { state.ledger.ready().await.is_ok() }).await;
    let engine = match state.store.engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let mail = if config.mail.smtp_url.is_some() { "smtp" } else { "outbox" };
    let letters = format!("{} on their way, {} given up within a day", queues.due_mails, queues.failed_mails);
    let mut all = vec![
        adapter("database", engine, answers(database), String::new()),
        adapter("bus", if config.redis.url.is_some() { "redis" } else { "process" }, answers(bus), String::new()),
        adapter("blobs", "folder", works(config.server.data_dir.is_dir()), String::new()),
        adapter("mail", mail, works(queues.failed_mails == 0), letters),
    ];
    for (name, provider) in config.oidc.iter() {
        let label = provider.label.clone().unwrap_or_else(|| name.clone());
        all.push(adapter("log-in elsewhere", name, AdapterState::Fine, label));
    }
    if config.server.development {
        all.push(adapter("log-in elsewhere", "development", AdapterState::Fine, "for this machine only".into()));
    }
    let (filter, reason) = match state.studio.unavailable() {
        None => (AdapterState::Fine, String::new()),
        Some(reason) => (if config.filter.enabled { AdapterState::Down } else { AdapterState::Off }, reason),
    };
    all.push(adapter("mood filter", "onnx", filter, reason));
    let expressions = if state.studio.reads_expressions() { AdapterState::Fine } else { AdapterState::Off };
    all.push(adapter("expressions", "onnx", expressions, String::new()));
    all.push(adapter("turn", "none", AdapterState::Off, "clients reach the server itself".into()));
    all
}
