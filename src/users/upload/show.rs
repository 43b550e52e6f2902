//! `GET /pictures/{name}`: the picture itself, for whoever knows its random name. Its content never changes, and it is
//! served as a picture and nothing else: no script in it runs, whatever a browser takes it for.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::blobs::{BlobError, BlobName};
use crate::protocol::code::Code;
use crate::users::Users;
use crate::users::upload::agreed;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Longest public name in bytes.
const NAME: usize = 64;
/// A year, the longest that caches believe.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Whoever is in a picture of a call may want it gone, so nobody keeps it unasked.
const ASK_AGAIN: &str = "private, no-cache";
/// A cover goes with its playlist: a browser keeps it for a page and the next ones, nothing in between keeps it at all.
const A_WHILE: &str = "private, max-age=300";

/// The picture of that public name. The cover of a playlist that is deleted or taken down is not there; of one that is made
/// private it has another name.
pub const NAMED: &str = concat!(
    "SELECT x.blob, x.media_type, CASE WHEN x.still_id IS NOT NULL THEN 'call' \
     WHEN EXISTS (SELECT 1 FROM playlists p WHERE p.cover = x.public_name) THEN 'cover' ELSE 'own' END AS kind \
     FROM uploads x JOIN users u ON u.id = x.owner_id WHERE x.public_name = $1 AND u.deletes_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM playlists p WHERE p.cover = x.public_name AND p.deleted_at IS NOT NULL) AND ",
    agreed!()
);

/// Fetch a picture
///
/// # Errors
/// 404 for a name that nobody gave out, or whose owner has left; for a picture of a call while somebody in it does not
/// agree that it is shown; for the cover of a playlist that is deleted or hidden.
#[utoipa::path(
    get, path = "/pictures/{name}", tag = "uploads", operation_id = "fetchPicture",
    params(("name" = String, Path, description = "Public name", min_length = 1,
            example = "9b1c0f6f7d3a4e58a1b2c3d4e5f60718.jpg")),
    responses(
        (status = 200, description = "The picture", content(
            (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"))),
        (status = 304, description = "The one that the client has, by `If-None-Match`"),
        (status = 404, description = "No such picture"),
    )
)]
pub async fn handler(
    State(users): State<Users>,
    Segment(name): Segment<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let nothing = || ApiError::NotFound(Code::NotFound);
    if name.len() > NAME || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.') {
        return Err(nothing());
    }
    let (blob, media_type, kind): (String, String, String) =
        sqlx::query_as(NAMED).bind(&name).fetch_optional(users.state.store.read()).await?.ok_or_else(nothing)?;
    let blob: BlobName = blob.parse().map_err(|_| nothing())?;
    let tag = format!("\"{blob}\"");
    let keeping = match kind.as_str() {
        "call" => ASK_AGAIN,
        "cover" => A_WHILE,
        _ => FOREVER,
    };
    let common: [(HeaderName, String); 4] = [
        (header::CACHE_CONTROL, keeping.into()),
        (header::ETAG, tag.clone()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".into()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
    ];
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    if known.flat_map(|value| value.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let bytes = match users.state.uploads.fetch(&blob).await {
        // Removed between the two questions.
        Err(BlobError::Missing) => return Err(nothing()),
        fetched => fetched?,
    };
    let ending = blob.as_str().rsplit('.').next().unwrap_or_default();
    let disposition = format!("inline; filename=\"picture.{ending}\"");
    let own = [(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, disposition)];
    Ok((common, own, bytes).into_response())
}
