//! Every route of the server, in one list, and the layers around them.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::limits::{self, Limits};
use super::{App, adapters, assets, development, headers, health, moods, openapi, system};
use crate::protocol::code::Code;
use crate::web::error::{self, ApiError};
use crate::web::{idempotency, request_id};
use crate::{
    comments, feeds, generation, moderation, playlists, posts, rooms, search, signal, social, songs, tags, users,
};

/// Largest body of a request, in bytes.
const BODY: usize = 64 * 1024;

/// The routes with the layers around them.
pub fn router(app: App) -> Router {
    let (api, document) = described();
    let routes = pages().merge(api.layer(Extension(document))).fallback(async || ApiError::NotFound(Code::NotFound));
    let routes = routes
        .layer(from_fn_with_state(app.state.store.clone(), idempotency::once))
        .layer(from_fn_with_state(Limits::new(&app), limits::general));
    let videos = app.state.videos.per_day() > 0;
    around(routes, videos).with_state(app)
}

/// Everything under `/api/v1`, and its description.
pub fn described() -> (Router<App>, openapi::Document) {
    let (api, document) = OpenApiRouter::new().nest("/api/v1", api()).split_for_parts();
    (api, openapi::Document::new(document))
}

/// Addresses that the one page reads itself.
const PAGES: &[&str] = &[
    "/",
    "/room/{id}",
    "/signup",
    "/login",
    "/reset",
    "/reset/{token}",
    "/me",
    "/people/{handle}",
    "/people/{handle}/followers",
    "/people/{handle}/following",
    "/people/{handle}/friends",
    "/people/{handle}/playlists",
    "/people/{handle}/liked-playlists",
    "/friends",
    "/notifications",
    "/search",
    "/playlists",
    "/playlists/new",
    "/playlists/new/empty",
    "/playlists/making/{id}",
    "/playlists/{id}",
    "/playlists/{id}/edit",
    "/playlists/{id}/summary",
    "/event",
    "/posts/new",
    "/posts/{id}",
    "/posts/{id}/edit",
    "/tags/{name}",
    "/bookmarks",
    "/dig",
    "/calls",
    "/gallery",
    "/admin",
    "/admin/reports",
    "/admin/log",
    "/rooms",
    "/rooms/new",
    "/rooms/{id}/edit",
    "/settings",
    "/settings/{section}",
];

/// The web app, and what stands beside the API.
fn pages() -> Router<App> {
    PAGES
        .iter()
        .fold(Router::new(), |routes, path| routes.route(path, get(assets::page)))
        .route("/api/docs", get(assets::docs))
        .route("/favicon.ico", get(assets::favicon))
        .route("/static/{*path}", get(assets::static_file))
        .route("/vendor/{*path}", get(assets::vendor_file))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::figures))
        .route("/csp-reports", post(health::csp_reports))
        .route("/problems/{code}", get(system::problem))
        .merge(development())
}

/// For whoever tries the server out: 404 outside of development mode and from elsewhere.
fn development() -> Router<App> {
    Router::new()
        .route("/dev/outbox", get(development::outbox::page))
        .route("/dev/outbox.json", get(development::outbox::list))
        .route("/dev/outbox.css", get(development::outbox::style))
        .route("/dev/outbox/{id}", get(development::outbox::letter))
        .route("/dev/oidc/.well-known/openid-configuration", get(development::provider::discovery))
        .route("/dev/oidc/jwks", get(development::provider::jwks))
        .route("/dev/oidc/authorize", get(development::provider::authorize::page))
        .route("/dev/oidc/token", post(development::provider::token::exchange))
}

/// What is said in a room, and pictures of it.
fn said_and_pictured() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(rooms::chat::history::handler))
        .routes(routes!(rooms::chat::edit::handler, rooms::chat::delete::handler))
        .routes(routes!(rooms::stills::create::handler))
        .routes(routes!(rooms::stills::show::handler, rooms::stills::delete::handler))
        .routes(routes!(rooms::stills::consent::handler))
        .routes(routes!(rooms::stills::gallery::list))
        .routes(routes!(rooms::stills::requests::list))
}

/// By feature. Only [`routes!`] may add to it, so that nothing is left out of the description.
fn api() -> OpenApiRouter<App> {
    let api = OpenApiRouter::new()
        .merge(making())
        .merge(calls())
        .merge(log_ins())
        .merge(people())
        .merge(between_people())
        .merge(posts());
    api.merge(said_and_pictured()).merge(talk()).merge(staff()).merge(music()).merge(playlists())
}

/// Rooms, stills, the socket, and what the server says about itself.
fn calls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(rooms())
        .routes(routes!(rooms::issue::handler))
        .routes(routes!(rooms::calls::ring::handler))
        .routes(routes!(rooms::calls::call::handler, rooms::calls::answer::handler))
        .routes(routes!(rooms::calls::history::list))
        .routes(routes!(signal::socket::open))
        .routes(routes!(moods::list))
        .routes(routes!(moods::models))
        .routes(routes!(system::settings))
        .routes(routes!(system::version))
        .routes(routes!(system::ice_servers))
        .routes(routes!(openapi::show))
}

/// What rooms are, and who may come in.
fn rooms() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(rooms::create::handler, rooms::list::handler))
        .routes(routes!(rooms::show::handler, rooms::edit::handler, rooms::delete::handler))
        .routes(routes!(rooms::soundtrack::attach::handler))
        .routes(routes!(rooms::members::join::handler, rooms::members::leave::handler))
        .routes(routes!(rooms::members::kick::handler))
        .routes(routes!(rooms::members::ban::list))
        .routes(routes!(rooms::members::ban::delete))
        .routes(routes!(rooms::invites::create::handler, rooms::invites::list::handler))
        .routes(routes!(rooms::invites::revoke::handler))
        .routes(routes!(rooms::invites::fetch::handler))
        .routes(routes!(rooms::knocks::ask::handler, rooms::knocks::list::handler))
        .routes(routes!(rooms::knocks::answer::handler))
}

/// Proving an address, logging in and out, log-ins elsewhere, forgotten passwords, providers.
fn log_ins() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(providers())
        .routes(routes!(users::verification::create))
        .routes(routes!(users::verification::show_code))
        .routes(routes!(users::tokens::handler))
        .routes(routes!(users::log_out::handler))
        .routes(routes!(users::sessions::list))
        .routes(routes!(users::sessions::end))
        .routes(routes!(users::reset::create))
        .routes(routes!(users::reset::finish))
}

/// Logging in with an account elsewhere.
fn providers() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(users::oidc::providers::list))
        .routes(routes!(users::oidc::authorize::handler))
        .routes(routes!(users::oidc::callback::handler))
        .routes(routes!(users::oidc::pending::show))
        .routes(routes!(users::oidc::linked::handler))
        .routes(routes!(users::oidc::link::handler, users::oidc::unlink::handler))
}

/// Signing up, profiles, one's own account, pictures.
fn people() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(users::sign_up::handler))
        .routes(routes!(users::nickname::handler))
        .routes(routes!(users::change_password::handler))
        .routes(routes!(users::me::handler, users::me::edit::handler, users::me::leave::handler))
        .routes(routes!(users::me::playlist::handler))
        .routes(routes!(users::me::consents::show, users::me::consents::decide))
        .routes(routes!(users::export::ask::handler, users::export::fetch::list))
        .routes(routes!(users::export::fetch::show))
        .routes(routes!(users::export::fetch::file))
        .routes(routes!(users::profile::handler))
        .routes(routes!(users::upload::one::show, users::upload::one::delete))
        .routes(routes!(users::upload::show::handler))
        .merge(pictures())
}

/// What takes a picture, and therefore a larger body than everything else.
fn pictures() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(users::me::avatar::replace, users::me::avatar::delete))
        .routes(routes!(users::upload::create::handler))
        .routes(routes!(playlists::cover::replace, playlists::cover::delete))
        .layer(DefaultBodyLimit::max(users::upload::form::BODY))
}

/// Follows, friends, blocks, notifications, search.
fn between_people() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(social::follow::put, social::follow::delete))
        .routes(routes!(social::lists::followers))
        .routes(routes!(social::lists::following))
        .routes(routes!(social::lists::friends))
        .routes(routes!(social::block::put, social::block::delete))
        .routes(routes!(social::blocks::list))
        .routes(routes!(social::requests::ask::handler, social::requests::list::handler))
        .routes(routes!(social::requests::answer::handler, social::requests::withdraw::handler))
        .routes(routes!(social::friends::list))
        .routes(routes!(social::friends::delete))
        .routes(routes!(social::notifications::list::handler))
        .routes(routes!(social::notifications::read::handler))
        .routes(routes!(social::notifications::marker::handler))
        .routes(routes!(search::handler::handler))
}

/// Posts, feeds, tags.
fn posts() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(posts::list::handler, posts::create::handler))
        .routes(routes!(posts::show::handler, posts::edit::handler, posts::delete::handler))
        .routes(routes!(posts::restore::handler))
        .routes(routes!(posts::like::put, posts::like::delete))
        .routes(routes!(posts::bookmark::put, posts::bookmark::delete))
        .routes(routes!(posts::tag::put, posts::tag::delete))
        .routes(routes!(posts::of_user::handler))
        .routes(routes!(posts::bookmarks::handler))
        .routes(routes!(feeds::home::handler))
        .routes(routes!(feeds::latest::handler))
        .routes(routes!(feeds::popular::handler))
        .routes(routes!(feeds::following::handler))
        .routes(routes!(feeds::tagged::handler))
        .routes(routes!(tags::list::handler))
}

/// Comments and replies.
fn talk() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(comments::list::of_post, comments::write::on_post))
        .routes(routes!(comments::list::of_playlist, comments::write::on_playlist))
        .routes(routes!(comments::list::replies))
        .routes(routes!(comments::show::handler, comments::edit::handler, comments::delete::handler))
}

/// Reports, and what staff do.
fn staff() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(moderation::report::handler))
        .routes(routes!(moderation::queue::handler))
        .routes(routes!(moderation::verdict::handler))
        .routes(routes!(moderation::reported::handler))
        .routes(routes!(moderation::act::handler))
        .routes(routes!(moderation::audit::list))
        .routes(routes!(moderation::tag::delete))
        .routes(routes!(moderation::overview::handler))
        .routes(routes!(adapters::handler))
}

/// Playlists.
fn playlists() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(playlists::list::handler, playlists::create::handler))
        .routes(routes!(playlists::show::handler, playlists::edit::handler, playlists::delete::handler))
        .routes(routes!(playlists::restore::handler))
        .routes(routes!(playlists::songs::list::handler, playlists::songs::add::handler))
        .routes(routes!(playlists::songs::remove::handler))
        .routes(routes!(playlists::songs::order::handler))
        .routes(routes!(playlists::like::put, playlists::like::delete))
        .routes(routes!(playlists::bookmark::put, playlists::bookmark::delete))
        .routes(routes!(playlists::of_user::mine))
        .routes(routes!(playlists::of_user::handler))
        .routes(routes!(playlists::marked::liked))
        .routes(routes!(playlists::marked::bookmarked))
}

/// Songs.
fn music() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(songs::list::handler))
        .routes(routes!(songs::random::handler))
        .routes(routes!(songs::show::handler))
        .routes(routes!(songs::video::handler))
}

/// Playlists in the making.
fn making() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(generation::create::handler))
        .routes(routes!(generation::show::handler, generation::cancel::handler))
        .routes(routes!(generation::events::handler))
}

/// What every request passes; the outermost layer stands last. `videos` may be shown in frames.
fn around<S: Clone + Send + Sync + 'static>(routes: Router<S>, videos: bool) -> Router<S> {
    routes
        .layer(DefaultBodyLimit::max(BODY))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("application/zip"))),
        )
        .layer(from_fn(error::render))
        .layer(from_fn_with_state(headers::Frames { videos }, headers::secure))
        .layer(from_fn(request_id::trace))
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = text.unwrap_or("(no text)"), "a handler panicked");
    metrics::counter!("moodcall_panics_total").increment(1);
    ApiError::Internal.into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn a_handler_that_panics_costs_its_own_request_and_tells_nothing() {
        async fn breaks() -> &'static str {
            panic!("a secret in a message")
        }
        let routes = Router::new().route("/breaks", get(breaks)).route("/works", get(async || "fine"));
        let routes = around(routes, false);
        let ask = |path: &str| Request::get(path).body(Body::empty()).unwrap();
        let answer = routes.clone().oneshot(ask("/breaks")).await.unwrap();
        assert_eq!(answer.status(), 500);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let body = to_bytes(answer.into_body(), BODY).await.unwrap();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["code"], "internal");
        assert!(!problem.to_string().contains("secret"));
        assert_eq!(routes.oneshot(ask("/works")).await.unwrap().status(), 200);
    }
}
