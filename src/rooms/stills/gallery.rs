//! Stills that one has taken: `GET /me/stills`.

use axum::Json;
use axum::extract::State;

use super::still::{SitterRow, Still, StillRow, account, shown, sitter};
use crate::rooms::Rooms;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// Stills of `$1`, newest first: owner, time, identifier, rows.
pub const GALLERY: &str = concat!(
    "SELECT ",
    shown!(),
    " WHERE s.owner_id = $1 AND (s.created_at, s.id) < ($2, $3) ORDER BY s.created_at DESC, s.id DESC LIMIT $4"
);

/// Who is in the stills of `$1` from one to another: owner, time and identifier of the newest, the same of the oldest.
pub const PEOPLE: &str = concat!(
    "SELECT ",
    sitter!(),
    " FROM stills s JOIN still_people p ON p.still_id = s.id",
    account!(),
    " WHERE s.owner_id = $1 AND (s.created_at, s.id) <= ($2, $3) AND (s.created_at, s.id) >= ($4, $5) \
     ORDER BY p.still_id, p.participant_id"
);

/// List one's stills
///
/// The gallery: what one has taken, newest first, with everybody who is in it and whether they agree that it is published.
#[utoipa::path(get, path = "/me/stills", tag = "stills", operation_id = "listStills", params(Paging),
    responses((status = 200, description = "One's stills.", body = Page<Still>)),
    security(("access" = []))
)]
pub async fn list(State(rooms): State<Rooms>, me: CurrentUser, paging: Paging) -> Result<Json<Page<Still>>, ApiError> {
    let store = rooms.state.store.read();
    let place = |row: &StillRow| Cursor::new(row.created_at, row.id);
    let page = paging.newest_first(sqlx::query_as(GALLERY).bind(me.id), store, place).await?;
    let sitters: Vec<SitterRow> = match (page.items.first(), page.items.last()) {
        (Some(newest), Some(oldest)) => {
            sqlx::query_as(PEOPLE)
                .bind(me.id)
                .bind(newest.created_at)
                .bind(newest.id)
                .bind(oldest.created_at)
                .bind(oldest.id)
                .fetch_all(store)
                .await?
        }
        _ => Vec::new(),
    };
    Ok(Json(Page { items: rooms.stills_shown(me.id, page.items, sitters), next_cursor: page.next_cursor }))
}
