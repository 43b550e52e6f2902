//! Takes what waits and takes it through its steps, some at a time.

use std::time::Duration;

use thiserror::Error;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Generations;
use super::compose::{ComposeError, Composer as _, Composers};
use super::held::{self, Held};
use super::save::{self, SaveError};
use super::shown::GenerationStep;
use super::wish::Wish;
use crate::base::id::GenerationId;
use crate::base::shutdown::Phase;
use crate::base::timestamp::Timestamp;
use crate::covers::Motif;
use crate::outside::pictures::Subject;
use crate::playlists::artwork::Artwork;
use crate::protocol::MoodLabel;
use crate::store::StoreError;

/// How often what waits is looked for when nobody says anything: what other nodes were asked for, and what they left.
const LOOK: Duration = Duration::from_secs(2);
/// How often a holder says that it still lives.
const ALIVE: Duration = Duration::from_secs(5);
/// Longest time for one try. Each service that is asked has a limit of its own, well below this.
const LONGEST: Duration = Duration::from_secs(600);
/// Wait before the next try, for each try before it.
const PAUSE: Duration = Duration::from_secs(1);

/// Why a try came to nothing.
#[derive(Debug, Error)]
pub enum WorkError {
    /// Somebody canceled it, or somebody else holds it.
    #[error("it is not ours any more")]
    Lost,
    /// The wish in the row is none.
    #[error("the wish cannot be read")]
    Wish,
    /// It took too long.
    #[error("it took too long")]
    Time,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nobody could put it together.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// The playlist could not be kept.
    #[error(transparent)]
    Save(#[from] SaveError),
}

/// Works until the server stops. What is not ready then is given back, for the next one to begin with.
pub async fn run(generations: Generations) {
    let state = &generations.users.state;
    let at_once = state.config.generation.at_once.max(1) as usize;
    let mut jobs = JoinSet::new();
    let stopping = state.shutdown.reached(Phase::Stopping);
    tokio::pin!(stopping);
    loop {
        if let Err(error) = round(&generations, &mut jobs, at_once).await {
            tracing::warn!(%error, "playlists have to wait");
        }
        tokio::select! {
            () = generations.shared.asked.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            Some(ended) = jobs.join_next() => if let Err(error) = ended {
                // Its row comes free by itself, and is tried again so often and no more.
                tracing::error!(%error, "a playlist's work ended badly");
            },
            () = &mut stopping => break,
        }
    }
    while jobs.join_next().await.is_some() {}
}

/// Ends what failed too often, and begins with what waits, as far as there is room. Writes nothing where there is neither. A
/// server that is to stop begins with nothing.
async fn round(generations: &Generations, jobs: &mut JoinSet<()>, at_once: usize) -> Result<(), StoreError> {
    let state = &generations.users.state;
    loop {
        let free = held::free(&state.store, Timestamp::now()).await?;
        if free.failed {
            give_up(generations).await?;
        }
        if !free.waits || jobs.len() >= at_once || state.shutdown.draining() {
            return Ok(());
        }
        let Some(held) = Held::take(&state.store, Timestamp::now()).await? else { return Ok(()) };
        generations.changed(held.id);
        jobs.spawn(job(generations.clone(), held));
    }
}

async fn give_up(generations: &Generations) -> Result<(), StoreError> {
    for id in held::give_up(&generations.users.state.store, Timestamp::now()).await? {
        tracing::error!(generation = %id, "a playlist could not be made");
        metrics::counter!("moodcall_generations_total", "outcome" => "failed").increment(1);
        generations.changed(id);
    }
    Ok(())
}

/// Says that something is being worked at, for as long as it lives.
struct Running<'a>(&'a Generations, GenerationId);

impl<'a> Running<'a> {
    fn begin(generations: &'a Generations, id: GenerationId) -> (Self, CancellationToken) {
        let token = CancellationToken::new();
        generations.shared.running.lock().insert(id, token.clone());
        (Self(generations, id), token)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.shared.running.lock().remove(&self.1);
    }
}

async fn job(generations: Generations, held: Held) {
    let state = &generations.users.state;
    let (_running, canceled) = Running::begin(&generations, held.id);
    // Whatever comes first ends the others where they are: a request that waits for its answer is dropped.
    let result = tokio::select! {
        made = tokio::time::timeout(LONGEST, make(&generations, &held)) => Some(made.unwrap_or(Err(WorkError::Time))),
        () = canceled.cancelled() => Some(Err(WorkError::Lost)),
        () = lost(&generations, &held) => Some(Err(WorkError::Lost)),
        () = state.shutdown.reached(Phase::Stopping) => None,
    };
    let outcome = match &result {
        Some(Ok(())) => "done",
        Some(Err(WorkError::Lost)) => "lost",
        Some(Err(_)) => "again",
        None => "stopped",
    };
    metrics::counter!("moodcall_generations_total", "outcome" => outcome).increment(1);
    let given_back = match result {
        Some(Ok(()) | Err(WorkError::Lost)) => Ok(()),
        Some(Err(error)) => {
            tracing::warn!(%error, generation = %held.id, tries = held.tries, "a playlist could not be made this time");
            held.give_back(&state.store, PAUSE * u32::try_from(held.tries).unwrap_or(1), true).await
        }
        None => held.give_back(&state.store, Duration::ZERO, false).await,
    };
    if let Err(error) = given_back {
        tracing::warn!(%error, generation = %held.id, "it comes free by itself");
    }
    generations.changed(held.id);
}

/// Ends when the row is not ours any more. While the database does not answer, nobody else can have taken it either.
async fn lost(generations: &Generations, held: &Held) {
    loop {
        tokio::time::sleep(ALIVE).await;
        if matches!(held.renew(&generations.users.state.store).await, Ok(false)) {
            return;
        }
    }
}

/// All steps, one after another.
async fn make(generations: &Generations, held: &Held) -> Result<(), WorkError> {
    let state = &generations.users.state;
    let wish: Wish = serde_json::from_str(&held.input).map_err(|_| WorkError::Wish)?;
    let begin = async |step| match held.step(&state.store, step).await {
        Ok(true) => {
            generations.changed(held.id);
            Ok(())
        }
        Ok(false) => Err(WorkError::Lost),
        Err(error) => Err(WorkError::Store(error)),
    };
    begin(GenerationStep::Songs).await?;
    let seed = held.seed.unsigned_abs();
    let composed = Composers::new(state).compose(&wish, seed).await?;
    begin(GenerationStep::Words).await?;
    composed.check()?;
    begin(GenerationStep::Cover).await?;
    let keywords: Vec<String> = composed.keywords.iter().map(ToString::to_string).collect();
    // Nothing of it is what the person wrote.
    let motif = Motif { mood: composed.mood.map(MoodLabel::from), genre: wish.genre, seed };
    let subject = Subject { motif, keywords: &keywords };
    let artwork = Artwork::painted(&*state.pictures, &subject).await.map_err(SaveError::from)?;
    begin(GenerationStep::Save).await?;
    match save::save(&generations.users, held, &wish, composed, artwork).await {
        Ok(playlist) => {
            tracing::info!(generation = %held.id, %playlist, "a playlist was made");
            Ok(())
        }
        Err(SaveError::Lost) => Err(WorkError::Lost),
        Err(error) => Err(error.into()),
    }
}
