//! `GET /me/identities`: which providers somebody can log in with.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::timestamp::Timestamp;
use crate::users::{CurrentUser, Users};
use crate::web::error::ApiError;

/// A provider that one can log in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Linked {
    /// Its `id`.
    #[schema(examples("google"))]
    pub provider: String,
    /// Since when.
    pub linked_at: Timestamp,
}

/// The ways to log in beside the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Identities {
    /// In the order of their names; at most one of each provider.
    pub items: Vec<Linked>,
}

/// List the providers that one can log in with
#[utoipa::path(
    get, path = "/me/identities", tag = "auth", operation_id = "listIdentities",
    responses((status = 200, description = "Those that are linked", body = Identities)),
    security(("access" = []))
)]
pub async fn handler(State(users): State<Users>, user: CurrentUser) -> Result<Json<Identities>, ApiError> {
    let rows: Vec<(String, Timestamp)> =
        sqlx::query_as("SELECT provider, created_at FROM identities WHERE user_id = $1 ORDER BY provider")
            .bind(user.id)
            .fetch_all(users.state.store.read())
            .await?;
    let items = rows.into_iter().map(|(provider, linked_at)| Linked { provider, linked_at }).collect();
    Ok(Json(Identities { items }))
}
