//! Stills of others that one is in: `GET /me/still-requests`.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::still::{SitterRow, Still, StillConsent, StillRow, account, shown, sitter};
use crate::rooms::Rooms;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// Which of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Answered {
    /// Only those that one has answered so; `pending` for what is left to answer.
    #[param(inline)]
    consent: Option<StillConsent>,
}

/// After the identifier of every still: they are of digits and letters up to `f`.
const NEWEST: &str = "g";

/// Stills of others that `$1` is in, newest first: person, identifier, rows, answer (empty for any). Identifiers are in
/// the order of time.
pub const ASKED: &str = concat!(
    "SELECT DISTINCT ",
    shown!(),
    " JOIN still_people mine ON mine.still_id = s.id \
     WHERE mine.user_id = $1 AND mine.still_id < $2 AND s.owner_id <> $1 AND ($4 = '' OR mine.consent = $4) \
     ORDER BY s.id DESC LIMIT $3"
);

/// Who is in the stills that `$1` is in, from one to another: person, newest, oldest.
pub const PEOPLE: &str = concat!(
    "SELECT ",
    sitter!(),
    " FROM still_people mine JOIN still_people p ON p.still_id = mine.still_id",
    account!(),
    " WHERE mine.user_id = $1 AND mine.still_id <= $2 AND mine.still_id >= $3 ORDER BY p.still_id, p.participant_id"
);

/// List stills that one is in
///
/// Those that others have taken, newest first. Each can be looked at, and answered with `PUT /stills/{still}/consent`; an
/// answer can be changed at any time.
#[utoipa::path(get, path = "/me/still-requests", tag = "stills", operation_id = "listStillRequests",
    params(Answered, Paging),
    responses((status = 200, description = "Stills that one is in.", body = Page<Still>)),
    security(("access" = []))
)]
pub async fn list(
    State(rooms): State<Rooms>,
    me: CurrentUser,
    answered: Result<Query<Answered>, QueryRejection>,
    paging: Paging,
) -> Result<Json<Page<Still>>, ApiError> {
    let Query(Answered { consent }) =
        answered.map_err(|_| ApiError::field("consent", "The answer is pending, given, or refused."))?;
    let store = rooms.state.store.read();
    let rows: Vec<StillRow> = sqlx::query_as(ASKED)
        .bind(me.id)
        .bind(paging.after.as_ref().map_or(NEWEST, |cursor| &cursor.id))
        .bind(paging.rows())
        .bind(consent.map_or("", StillConsent::as_str))
        .fetch_all(store)
        .await?;
    let page = paging.page(rows, |row| Cursor::new(row.created_at, row.id));
    let sitters: Vec<SitterRow> = match (page.items.first(), page.items.last()) {
        (Some(newest), Some(oldest)) => {
            sqlx::query_as(PEOPLE).bind(me.id).bind(newest.id).bind(oldest.id).fetch_all(store).await?
        }
        _ => Vec::new(),
    };
    Ok(Json(Page { items: rooms.stills_shown(me.id, page.items, sitters), next_cursor: page.next_cursor }))
}
