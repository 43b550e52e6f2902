//! Lists by keyset: `?limit=1..100&cursor=…` in, `{items, next_cursor}` out. A cursor names the last row that was shown,
//! so rows that come in later move nothing.

use std::fmt::Display;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sqlx::any::{Any, AnyArguments, AnyRow};
use sqlx::query::QueryAs;
use sqlx::{Executor, FromRow};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::store::StoreError;

/// Rows of a page when the client does not say.
pub const USUAL: u32 = 20;
/// Rows of a page at most.
pub const MOST: u32 = 100;
/// Longest cursor in bytes.
const LONGEST: usize = 256;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// For the next page; none on the last one.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The same page of what `show` makes of each row.
    pub fn map<U>(self, show: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(show).collect(), next_cursor: self.next_cursor }
    }
}

/// What a request says about the page it wants.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Rows of the page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 256)]
    cursor: Option<String>,
}

/// The page that was asked for, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// Rows, 1 to 100.
    pub limit: u32,
    /// After which row; none for the first page.
    pub after: Option<Cursor>,
}

/// A place in a list that is sorted by time and identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The row's time.
    pub at: Timestamp,
    /// The row's identifier, among rows of one time.
    pub id: String,
}

impl Cursor {
    /// The place of a row with this time and this identifier.
    pub fn new(at: Timestamp, id: impl Display) -> Self {
        Self { at, id: id.to_string() }
    }

    /// As it stands in `next_cursor`.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}~{}", self.at.millis(), self.id))
    }

    /// What [`Self::to_text`] made; none for anything else.
    pub fn from_text(text: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (at, id) = text.split_once('~')?;
        if id.contains(char::is_control) {
            // PostgreSQL takes no NUL in a text.
            return None;
        }
        Some(Self { at: Timestamp::from_millis(at.parse().ok()?), id: id.to_owned() })
    }
}

/// A statement of which the last three parameters, the time and the identifier of a place and the rows, are not bound yet.
pub type List<'q, T> = QueryAs<'q, Any, T, AnyArguments>;

impl Paging {
    /// A page of a list that goes from new to old, as `… (at, id) < ($2, $3) … ORDER BY at DESC, id DESC LIMIT $4`. `place`
    /// tells the position of a row.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn newest_first<'q, T>(
        &'q self,
        list: List<'q, T>,
        from: impl Executor<'q, Database = Any> + 'q,
        place: impl Fn(&T) -> Cursor,
    ) -> Result<Page<T>, StoreError>
    where
        T: for<'r> FromRow<'r, AnyRow> + Send + Unpin + 'q,
    {
        Ok(self.page(self.rows_before(list, from).await?, place))
    }

    /// A page of a list that goes from old to new, as `… (at, id) > ($2, $3) … ORDER BY at, id LIMIT $4`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn oldest_first<'q, T>(
        &'q self,
        list: List<'q, T>,
        from: impl Executor<'q, Database = Any> + 'q,
        place: impl Fn(&T) -> Cursor,
    ) -> Result<Page<T>, StoreError>
    where
        T: for<'r> FromRow<'r, AnyRow> + Send + Unpin + 'q,
    {
        let (at, id) = self.position(i64::MIN);
        let rows = list.bind(at).bind(id).bind(self.rows()).fetch_all(from).await?;
        Ok(self.page(rows, place))
    }

    /// The rows of [`Self::newest_first`], one more than the page shows: for a list that is merged of several statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn rows_before<'q, T>(
        &'q self,
        list: List<'q, T>,
        from: impl Executor<'q, Database = Any> + 'q,
    ) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> FromRow<'r, AnyRow> + Send + Unpin + 'q,
    {
        let (at, id) = self.before();
        Ok(list.bind(at).bind(id).bind(self.rows()).fetch_all(from).await?)
    }

    /// How many rows to read: one more than are shown, to know whether there is a next page.
    pub fn rows(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The position for a query that goes from new to old: rows strictly before it come next. Without a cursor, a
    /// position after every row.
    pub fn before(&self) -> (i64, &str) {
        self.position(i64::MAX)
    }

    fn position(&self, end: i64) -> (i64, &str) {
        self.after.as_ref().map_or((end, ""), |cursor| (cursor.at.millis(), &cursor.id))
    }

    /// Makes the page of [`Self::rows`] rows, of which `place` tells the position.
    pub fn page<T>(&self, mut rows: Vec<T>, place: impl Fn(&T) -> Cursor) -> Page<T> {
        let more = rows.len() > self.limit as usize;
        rows.truncate(self.limit as usize);
        let next_cursor = if more { rows.last().map(|last| place(last).to_text()) } else { None };
        Page { items: rows, next_cursor }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let wrong = || ApiError::field("limit", format!("The limit must be 1 to {MOST}."));
        let Query(asked) = Query::<Asked>::from_request_parts(parts, state).await.map_err(|_| wrong())?;
        let limit = asked.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(wrong());
        }
        let after = match asked.cursor.filter(|text| !text.is_empty()) {
            None => None,
            Some(text) => {
                let cursor = (text.len() <= LONGEST).then(|| Cursor::from_text(&text)).flatten();
                Some(cursor.ok_or(ApiError::BadRequest(Code::Cursor, String::new()))?)
            }
        };
        Ok(Self { limit, after })
    }
}

impl IntoParams for Paging {
    fn into_params(
        parameter_in_provider: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
    ) -> Vec<utoipa::openapi::path::Parameter> {
        Asked::into_params(parameter_in_provider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let cursor = Cursor { at: Timestamp::from_millis(12), id: "a~b".into() };
        assert_eq!(Cursor::from_text(&cursor.to_text()), Some(cursor));
        for bad in [
            "",
            "!",
            "AAAA",
            &URL_SAFE_NO_PAD.encode("1~\0"),
            &URL_SAFE_NO_PAD.encode("x~y"),
            &URL_SAFE_NO_PAD.encode([255, 254]),
        ] {
            assert_eq!(Cursor::from_text(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_page_knows_whether_there_is_a_next_one() {
        let paging = Paging { limit: 2, after: None };
        let place = |n: &i64| Cursor { at: Timestamp::from_millis(*n), id: n.to_string() };
        assert_eq!(paging.page(vec![3, 2], place), Page { items: vec![3, 2], next_cursor: None });
        let page = paging.page(vec![3, 2, 1], place);
        assert_eq!(page.items, [3, 2]);
        assert_eq!(Cursor::from_text(&page.next_cursor.unwrap()).unwrap().id, "2");
    }
}
