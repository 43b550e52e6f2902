//! The API's own description (OpenAPI 3.1), made from the handlers.

use std::sync::Arc;

use axum::Json;
use utoipa::openapi::{InfoBuilder, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use super::App;

/// Adds what belongs to the whole document.
pub fn document(mut router: OpenApiRouter<App>) -> OpenApiRouter<App> {
    router.get_openapi_mut().info = InfoBuilder::new().title("Moodcall").version(env!("CARGO_PKG_VERSION")).build();
    router
}

/// `GET /api/v1/openapi.json`.
pub async fn show(document: Arc<OpenApi>) -> Json<OpenApi> {
    Json((*document).clone())
}
