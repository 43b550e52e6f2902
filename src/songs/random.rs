//! `GET /songs/random`: digging.
//!
//! Every song has a place on a circle that means nothing, its `draw`. A request begins anywhere on the circle and reads along
//! it, so gaps in identifiers do not matter; where the circle's end is reached it goes on at its start. Its cursor goes on
//! from there until the circle is closed: endless scrolling shows each song once and sends no list of what was seen. A request
//! costs two walks along the index and one read of songs, however many there are.

use std::collections::HashSet;

use axum::Json;
use axum::extract::{Query, State};
use rand::Rng as _;
use serde::Deserialize;
use utoipa::IntoParams;

use super::row;
use super::song::Song;
use crate::base::id::SongId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page};

/// Songs when the request does not say.
const USUAL: usize = 5;
/// Songs at most.
const MOST: usize = 20;
/// Songs that a request can leave out.
const EXCLUDED: usize = 500;
/// The circle is so long.
const CIRCLE: i64 = 1 << 62;

/// What a request asks for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WantedRandom {
    /// How many songs.
    #[serde(default)]
    #[param(required = false, value_type = u32, minimum = 1, maximum = 20, default = 5)]
    count: String,
    /// Songs that shall not be among them: up to 500 identifiers with commas between.
    #[serde(default)]
    #[param(
        required = false,
        max_length = 18499,
        pattern = "^[0-9a-f,-]*$",
        example = "01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e"
    )]
    exclude: String,
    /// `next_cursor` of the answer before: goes on with songs that were not shown since the first.
    #[serde(default)]
    #[param(required = false, max_length = 256)]
    cursor: String,
}

/// A place on the circle, and where the walk began.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    start: i64,
    draw: i64,
    id: String,
}

impl Place {
    fn begin(start: i64) -> Self {
        Self { start, draw: start, id: String::new() }
    }

    fn to_text(&self) -> String {
        Cursor { at: Timestamp::from_millis(self.draw), id: format!("{}.{}", self.start, self.id) }.to_text()
    }

    fn from_text(text: &str) -> Option<Self> {
        let Cursor { at, id } = Cursor::from_text(text)?;
        let (start, id) = id.split_once('.')?;
        let start = start.parse().ok().filter(|start| (0..CIRCLE).contains(start))?;
        // Whatever else a cursor says is a place on the circle too.
        (text.len() <= 256 && id.len() <= 36).then(|| Self { start, draw: at.millis(), id: id.to_owned() })
    }
}

/// Songs along the circle: place, its song, up to where, rows.
pub const ALONG: &str = "SELECT s.draw, s.id FROM songs s WHERE (s.draw, s.id) > ($1, $2) AND s.draw < $3 \
    ORDER BY s.draw, s.id LIMIT $4";

/// Dig for songs
///
/// Songs in no order, each once. Where fewer are left than were asked for, those; none at the end.
#[utoipa::path(get, path = "/songs/random", tag = "songs", operation_id = "digSongs", params(WantedRandom),
    responses((status = 200, description = "Songs.", body = Page<Song>))
)]
pub async fn handler(
    State(state): State<AppState>,
    Query(wanted): Query<WantedRandom>,
) -> Result<Json<Page<Song>>, ApiError> {
    let count = match wanted.count.as_str() {
        "" => USUAL,
        text => text
            .parse()
            .ok()
            .filter(|count| (1..=MOST).contains(count))
            .ok_or_else(|| ApiError::field("count", format!("The count must be 1 to {MOST}.")))?,
    };
    let excluded = excluded(&wanted.exclude)?;
    let place = match wanted.cursor.as_str() {
        "" => Place::begin(rand::rng().random_range(0..CIRCLE)),
        text => Place::from_text(text).ok_or(ApiError::BadRequest(Code::Cursor, String::new()))?,
    };
    Ok(Json(dig(&state.store, place, count, &excluded).await?))
}

fn excluded(text: &str) -> Result<HashSet<SongId>, ApiError> {
    if text.is_empty() {
        return Ok(HashSet::new());
    }
    if text.split(',').count() > EXCLUDED {
        return Err(ApiError::field("exclude", format!("At most {EXCLUDED} songs can be left out.")));
    }
    let read = |id: &str| id.parse().map_err(|_| ApiError::field("exclude", "These must be identifiers of songs."));
    text.split(',').map(read).collect()
}

async fn dig(store: &Store, place: Place, count: usize, excluded: &HashSet<SongId>) -> Result<Page<Song>, StoreError> {
    // So many rows have `count` that are not excluded among them, and one more says that there is more.
    let rows = count + excluded.len() + 1;
    let along = async |draw: i64, id: &str, to: i64, rows: usize| -> Result<Vec<(i64, SongId)>, StoreError> {
        let query = sqlx::query_as(ALONG).bind(draw).bind(id.to_owned()).bind(to).bind(rows as i64);
        Ok(query.fetch_all(store.read()).await?)
    };
    let before_end = place.draw >= place.start;
    let to = if before_end { i64::MAX } else { place.start };
    let mut found = along(place.draw, &place.id, to, rows).await?;
    if before_end && found.len() < rows {
        found.extend(along(-1, "", place.start, rows - found.len()).await?);
    }
    let mut left = found.into_iter().filter(|(_, id)| !excluded.contains(id));
    let shown: Vec<(i64, SongId)> = left.by_ref().take(count).collect();
    let more = left.next().is_some();
    let next_cursor = shown
        .last()
        .filter(|_| more)
        .map(|(draw, id)| Place { start: place.start, draw: *draw, id: id.to_string() }.to_text());
    let ids: Vec<SongId> = shown.into_iter().map(|(_, id)| id).collect();
    Ok(Page { items: row::these(store, &ids).await?, next_cursor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_as_it_went() {
        let place = Place { start: CIRCLE - 1, draw: 7, id: SongId::new().to_string() };
        assert_eq!(Place::from_text(&place.to_text()), Some(place));
        assert_eq!(Place::from_text(&Place::begin(3).to_text()), Some(Place::begin(3)));
        let other = |id: &str| Cursor { at: Timestamp::from_millis(0), id: id.into() }.to_text();
        for bad in ["", "x", &other("x"), &other("-1.x"), &other("9223372036854775807."), &other(&"1.x".repeat(40))] {
            assert_eq!(Place::from_text(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_left_out_is_named_by_identifiers() {
        let (one, two) = (SongId::new(), SongId::new());
        assert_eq!(excluded("").unwrap().len(), 0);
        assert_eq!(excluded(&format!("{one},{two},{one}")).unwrap(), HashSet::from([one, two]));
        for bad in ["x", ",", "1,2", &format!("{one},"), &vec![one.to_string(); EXCLUDED + 1].join(",")] {
            assert!(excluded(bad).is_err(), "{bad:.40}");
        }
    }
}
