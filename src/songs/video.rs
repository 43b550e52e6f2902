//! `PUT /songs/{id}/video`: the video of a song, looked for when it is first played.
//!
//! What was found is kept, and that nothing was found too. Searches are few (100 a day is what the service gives), so they
//! are counted in the database, one person may have some of them, one song is searched by one request at a time, and songs
//! of the catalogue, which nobody recorded, never are.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::SongId;
use crate::base::timestamp::Timestamp;
use crate::outside::answer::OutsideError;
use crate::outside::videos::quota::Day;
use crate::protocol::code::Code;
use crate::store::{Store, StoreError};
use crate::users::{ActiveUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// How long a video is believed to be there.
const FOUND: Duration = Duration::from_secs(30 * 86_400);
/// How long nothing is looked for again.
const NOTHING: Duration = Duration::from_secs(7 * 86_400);
/// What a day is set to when the service says that it is over: more than any limit.
const OVER: i64 = 1_000_000_000;
/// The wait when the service has had enough and does not say until when.
const A_WHILE: Duration = Duration::from_secs(60);

/// The video of a song.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundVideo {
    /// Its identifier at YouTube; none when there is none.
    #[schema(examples("M7lc1UVf-VE"), min_length = 11, max_length = 11)]
    pub video_id: Option<String>,
}

/// A song as its video is looked for.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Wanted {
    source: String,
    title_ko: String,
    artist_ko: String,
    video_id: Option<String>,
    video_looked_at: Option<Timestamp>,
}

impl Wanted {
    /// Whether it is time to look.
    fn is_due(&self, now: Timestamp) -> bool {
        let kept = if self.video_id.is_some() { FOUND } else { NOTHING };
        self.source != "catalog" && self.video_looked_at.is_none_or(|at| at.after(kept) <= now)
    }
}

/// Look for a song's video
///
/// When it is first played; answers what was found before, for weeks. A song of the catalogue has none, and neither has any
/// where the server does not look for videos (`videos` of the public settings).
///
/// # Errors
/// 404; 429 when one's own searches of the day, or everybody's, are used up, with the time until there are new ones; 503.
#[utoipa::path(put, path = "/songs/{id}/video", tag = "songs", operation_id = "findVideo",
    params(("id" = SongId, Path, description = "The song.")),
    responses(
        (status = 200, description = "The video, or that there is none.", body = FoundVideo),
        (status = 403, description = "`suspended`."),
        (status = 404, description = "No such song."),
        (status = 429, description = "`too-many`: the searches of the day are used up, this person's or everybody's."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    ActiveUser(me): ActiveUser,
    Segment(id): Segment<SongId>,
) -> Result<Json<FoundVideo>, ApiError> {
    let store = &users.state.store;
    let mut song = wanted(store, id).await?;
    if song.is_due(Timestamp::now()) && users.state.videos.per_day() > 0 {
        let _turn = users.video_turns.lock(id).await;
        // Whoever had the turn before may have found it.
        song = wanted(store, id).await?;
        if song.is_due(Timestamp::now()) {
            users.pace.video(me.id)?;
            song.video_id = look(&users, id, &song).await?;
        }
    }
    Ok(Json(FoundVideo { video_id: song.video_id }))
}

/// The song whose video is wanted.
pub const WANTED: &str = "SELECT source, title_ko, artist_ko, video_id, video_looked_at FROM songs WHERE id = $1";

async fn wanted(store: &Store, id: SongId) -> Result<Wanted, ApiError> {
    let found = sqlx::query_as(WANTED).bind(id).fetch_optional(store.read()).await?;
    found.ok_or(ApiError::NotFound(Code::NotFound))
}

async fn look(users: &Users, id: SongId, wanted: &Wanted) -> Result<Option<String>, ApiError> {
    let (store, videos) = (&users.state.store, &users.state.videos);
    let day = Day::of(Timestamp::now());
    if !count(store, &day, videos.per_day()).await? {
        videos.health().failed(OutsideError::Spent.word());
        return Err(ApiError::TooMany(day.left));
    }
    let found = match videos.search(&format!("{} {}", wanted.artist_ko, wanted.title_ko)).await {
        Ok(found) => found,
        Err(OutsideError::Spent) => {
            over(store, &day).await?;
            return Err(ApiError::TooMany(day.left));
        }
        Err(OutsideError::Limited(wait)) => return Err(ApiError::TooMany(wait.unwrap_or(A_WHILE))),
        Err(_) => return Err(ApiError::Unavailable(Code::Unavailable)),
    };
    sqlx::query("UPDATE songs SET video_id = $2, video_looked_at = $3 WHERE id = $1")
        .bind(id)
        .bind(&found)
        .bind(Timestamp::now())
        .execute(store.write())
        .await?;
    Ok(found)
}

/// Counts a search of the day `$1`, if there were fewer than `$2`.
pub const COUNT: &str = "INSERT INTO video_searches (day, searches) VALUES ($1, 1) ON CONFLICT (day) \
     DO UPDATE SET searches = video_searches.searches + 1 WHERE video_searches.searches < $2";

async fn count(store: &Store, day: &Day, most: u32) -> Result<bool, StoreError> {
    let counted = sqlx::query(COUNT).bind(&day.date).bind(i64::from(most)).execute(store.write()).await?;
    Ok(counted.rows_affected() > 0)
}

/// Ends the day: the service says that there are no more searches.
async fn over(store: &Store, day: &Day) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO video_searches (day, searches) VALUES ($1, $2) ON CONFLICT (day) DO UPDATE SET searches = $2",
    )
    .bind(&day.date)
    .bind(OVER)
    .execute(store.write())
    .await?;
    Ok(())
}
