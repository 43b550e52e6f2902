//! `GET /playlist-generations/{id}/events`: how far it is, as it goes on (server-sent events).
//!
//! A stream reads the row when somebody on this node says that it changed, and now and then for what other nodes do. So it
//! never tells what is not committed, and a client that comes back misses nothing: the first event is the state now.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::shown::{self, Generation, GenerationRow};
use super::{Generations, Listening};
use crate::base::clock;
use crate::base::id::GenerationId;
use crate::base::shutdown::Phase;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// How often the row is looked at when nobody says anything.
const LOOK: Duration = Duration::from_secs(2);
/// Time between two comments that keep the connection alive.
const ALIVE: Duration = Duration::from_secs(15);
/// Longest stream. A client that wants to know more asks again.
const LONGEST: Duration = Duration::from_secs(600);

/// Follow a playlist in the making
///
/// `text/event-stream`: each event is named `generation`, its `data` is the JSON of `GET …/{id}`, and one comes for each
/// change, beginning with the state now. After the last one the stream ends. It may end before; then ask again. There is
/// nothing to catch up with, so `Last-Event-ID` is not needed and does no harm.
///
/// # Errors
/// 404 for another's, as for one that is not there any more; 429 with too many streams.
#[utoipa::path(
    get, path = "/playlist-generations/{id}/events", tag = "playlists", operation_id = "followGeneration",
    params(("id" = GenerationId, Path, description = "What is being made.")),
    responses(
        (status = 200, description = "The events.", content_type = "text/event-stream", body = String),
        (status = 404, description = "No such one of one's own."),
        (status = 429, description = "`too-many`: this person follows several already."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(generations): State<Generations>,
    user: CurrentUser,
    Segment(id): Segment<GenerationId>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    // Listens first, so that no change falls between the first look and the first word.
    let heard = generations.listen();
    shown::fetch(&generations.users.state.store, id, user.id).await?;
    let seat = generations.follow(user.id)?;
    let until = clock::now() + LONGEST;
    let watch = Watch { generations, user, id, heard, told: None, until, _seat: seat };
    let events = unfold(Some(watch), async |watch| {
        let mut watch = watch?;
        let row = watch.next().await?;
        let event = event(&row);
        let more = !row.shown.status.is_over();
        Some((Ok(event), more.then_some(watch)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)))
}

fn event(row: &GenerationRow) -> Event {
    let data = serde_json::to_string::<Generation>(&row.shown).unwrap_or_default();
    Event::default().event("generation").id(row.updated_at.millis().to_string()).data(data)
}

/// One stream.
struct Watch {
    generations: Generations,
    user: CurrentUser,
    id: GenerationId,
    heard: Receiver<GenerationId>,
    told: Option<GenerationRow>,
    until: Instant,
    _seat: Listening,
}

impl Watch {
    /// The next state that differs from the one before; none when the stream ends.
    async fn next(&mut self) -> Option<GenerationRow> {
        loop {
            let state = &self.generations.users.state;
            if state.shutdown.phase() >= Phase::Stopping || clock::now() >= self.until {
                return None;
            }
            // The log-in may have ended since the stream began.
            let standing = self.generations.users.live.standing(self.user.session).await.ok().flatten()?;
            if standing.user != self.user.id {
                return None;
            }
            let row = shown::fetch(&state.store, self.id, self.user.id).await.ok()?;
            if self.told.as_ref() != Some(&row) {
                self.told = Some(row.clone());
                return Some(row);
            }
            tokio::select! {
                () = heard(&mut self.heard, self.id) => {}
                () = tokio::time::sleep(LOOK) => {}
                () = state.shutdown.reached(Phase::Stopping) => return None,
            }
        }
    }
}

/// Waits until somebody says that `id` changed, or until that may have been missed.
async fn heard(words: &mut Receiver<GenerationId>, id: GenerationId) {
    loop {
        match words.recv().await {
            Ok(changed) if changed != id => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
