//! Effects on people's cameras and stills of rooms: the one place that knows both the SFU and the pipeline.
//!
//! A processed track is a `take`: tap, worker, injector. The studio remembers what everybody asked for, so
//! that it comes back with their camera after a reload, and falls back to the original whenever something fails.

pub mod effects;
pub mod report;
mod sheet;
pub mod still;
mod take;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

pub use self::effects::{AnalysisConsent, EffectsError};
pub use self::report::{Event, What};
use self::take::Take;
use crate::base::id::{ParticipantId, TrackId};
use crate::media::pipeline::worker::Pool;
use crate::media::{Background, pipeline};
use crate::protocol::Effects;
use crate::protocol::code::Code;
use crate::sfu::{Codec, Sfu};

/// A take that is switched off goes on for so long, until the original's keyframe has reached everybody.
const GRACE: Duration = Duration::from_millis(800);

/// What this server allows.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether effects may be used at all.
    pub enabled: bool,
    /// Whether expressions may be read.
    pub analysis: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { enabled: true, analysis: true }
    }
}

/// Handle on the studio; clones share it.
#[derive(Clone)]
pub struct Studio {
    shared: Arc<Shared>,
}

struct Shared {
    sfu: Sfu,
    pool: Arc<Pool>,
    options: Options,
    events: mpsc::UnboundedSender<Event>,
    runtime: Handle,
    people: Mutex<HashMap<ParticipantId, Arc<Place>>>,
    numbers: AtomicU64,
    /// Rooms of which a still is being taken.
    stills: still::Busy,
}

/// One person's effects. The lock is held while a take starts or stops, so that wishes are fulfilled in their order.
type Place = tokio::sync::Mutex<Person>;

struct Person {
    effects: Effects,
    consent: Option<AnalysisConsent>,
    take: Option<Take>,
    /// They have left: whoever still waits for the lock must not start anything.
    gone: bool,
}

impl Studio {
    /// A studio that reports to `events`. Belongs in a tokio runtime.
    #[must_use]
    pub fn new(sfu: Sfu, pool: Arc<Pool>, options: Options, events: mpsc::UnboundedSender<Event>) -> Self {
        let shared = Shared {
            sfu,
            pool,
            options,
            events,
            runtime: Handle::current(),
            people: Mutex::default(),
            numbers: AtomicU64::new(1),
            stills: still::Busy::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Why effects cannot be used now, if so.
    #[must_use]
    pub fn unavailable(&self) -> Option<String> {
        if !self.shared.options.enabled {
            return Some("the filter is switched off on this server".into());
        }
        self.shared.pool.unavailable().map(str::to_owned)
    }

    /// Whether this server may read expressions at all.
    #[must_use]
    pub fn reads_expressions(&self) -> bool {
        self.shared.options.analysis && self.unavailable().is_none()
    }

    /// Takes that run now, those that only decode for a still included.
    #[must_use]
    pub fn takes(&self) -> usize {
        self.shared.pool.takes()
    }

    /// Changes what is behind a person. `track` is their camera, if they publish one now; if not, the effect begins when
    /// they do. `consent` is needed for [`Effects::Mood`], and any other effect withdraws it.
    ///
    /// # Errors
    /// The effect in force stays, but where the camera was published anew and its new track cannot be filtered: then
    /// the original is shown.
    pub async fn effects(
        &self,
        participant: ParticipantId,
        track: Option<TrackId>,
        effects: Effects,
        consent: Option<AnalysisConsent>,
    ) -> Result<(), EffectsError> {
        let wanted = effects::background(participant, effects, consent.as_ref())?;
        if effects != Effects::Off {
            if let Some(reason) = self.unavailable() {
                return Err(EffectsError::Unavailable(reason));
            }
            if effects == Effects::Mood && !self.shared.options.analysis {
                return Err(EffectsError::Unavailable("this server reads no expressions".into()));
            }
        }
        let place = self.place(participant);
        let mut person = place.lock().await;
        if person.gone {
            return Err(EffectsError::Track);
        }
        let followed = person.effects == Effects::Mood;
        if effects == Effects::Off {
            self.stop(participant, &place, &mut person);
        } else {
            match &person.take {
                Some(take) if Some(take.track()) == track => take.set_background(wanted),
                _ => {
                    person.take = None;
                    if let Some(track) = track {
                        person.take = Some(self.start(participant, track, wanted).await?);
                    }
                }
            }
        }
        person.effects = effects;
        person.consent = consent.filter(|_| effects == Effects::Mood);
        if let Some(track) = track.filter(|_| followed && effects != Effects::Mood) {
            self.shared.tell(participant, track, What::Mood(None));
        }
        Ok(())
    }

    /// A person's camera is published, perhaps again after a reload: what they asked for applies to it. Failure is
    /// reported as an event.
    pub async fn published(&self, participant: ParticipantId, track: TrackId) {
        let Some(place) = self.known(participant) else { return };
        let mut person = place.lock().await;
        if person.effects == Effects::Off || person.gone {
            return;
        }
        if person.take.as_ref().is_some_and(|take| take.track() == track) {
            return;
        }
        person.take = None;
        let started = match effects::background(participant, person.effects, person.consent.as_ref()) {
            Ok(wanted) => self.start(participant, track, wanted).await,
            Err(error) => Err(error),
        };
        match started {
            Ok(take) => person.take = Some(take),
            Err(error) => self.fail(participant, track, &mut person, error.code(), error.to_string()),
        }
    }

    /// A person's track is published no longer. What they asked for is remembered.
    pub async fn unpublished(&self, participant: ParticipantId, track: TrackId) {
        let Some(place) = self.known(participant) else { return };
        let mut person = place.lock().await;
        if person.take.as_ref().is_some_and(|take| take.track() == track) {
            person.take = None;
            self.shared.tell(participant, track, What::Rung(None));
        }
        if person.effects == Effects::Mood {
            // Nobody can be seen any more, so nothing is known of their face.
            self.shared.tell(participant, track, What::Mood(None));
        }
    }

    /// The codec of a person's camera is known, or another one than before.
    pub async fn codec_changed(&self, participant: ParticipantId, track: TrackId, codec: Codec) {
        let Some(place) = self.known(participant) else { return };
        if codec == Codec::Vp8 {
            return self.published(participant, track).await;
        }
        let mut person = place.lock().await;
        if person.take.as_ref().is_some_and(|take| take.track() == track) {
            let error = EffectsError::Codec;
            self.fail(participant, track, &mut person, error.code(), error.to_string());
        }
    }

    /// A person has left their room: all of it ends.
    pub async fn left(&self, participant: ParticipantId) {
        let place = self.shared.people.lock().remove(&participant);
        if let Some(place) = place {
            let mut person = place.lock().await;
            person.gone = true;
            person.take = None;
            person.consent = None;
        }
    }

    fn place(&self, participant: ParticipantId) -> Arc<Place> {
        let mut people = self.shared.people.lock();
        let new = || Person { effects: Effects::Off, consent: None, take: None, gone: false };
        Arc::clone(people.entry(participant).or_insert_with(|| Arc::new(Place::new(new()))))
    }

    fn known(&self, participant: ParticipantId) -> Option<Arc<Place>> {
        self.shared.people.lock().get(&participant).cloned()
    }

    async fn start(
        &self,
        participant: ParticipantId,
        track: TrackId,
        wanted: Background,
    ) -> Result<Take, EffectsError> {
        let number = self.shared.numbers.fetch_add(1, Ordering::Relaxed);
        // The worker's thread must never hold the studio, and with it the pool: the pool's end waits for its threads.
        let (shared, runtime) = (Arc::downgrade(&self.shared), self.shared.runtime.clone());
        let events = self.shared.events.clone();
        let report = move |event: pipeline::Event| {
            let what = match event {
                pipeline::Event::Mood { mood, confidence } => What::Mood(Some((report::mood_label(mood), confidence))),
                pipeline::Event::Rung(rung) => What::Rung(Some(report::wire_rung(rung))),
                pipeline::Event::NeedKeyframe => return,
                pipeline::Event::Failed(reason) => {
                    let shared = Weak::clone(&shared);
                    runtime.spawn(async move {
                        if let Some(shared) = shared.upgrade() {
                            Studio { shared }.failed(participant, number, reason).await;
                        }
                    });
                    return;
                }
            };
            let _ = events.send(Event { participant, track, what });
        };
        let take = Take::start(&self.shared.sfu, &self.shared.pool, (track, number), wanted, report).await?;
        metrics::counter!("moodcall_studio_takes_total").increment(1);
        Ok(take)
    }

    /// Hides the processed track at once, and ends the take a little later.
    fn stop(&self, participant: ParticipantId, place: &Arc<Place>, person: &mut Person) {
        let Some(take) = &person.take else { return };
        take.hide();
        self.shared.tell(participant, take.track(), What::Rung(None));
        let (number, place) = (take.number, Arc::downgrade(place));
        self.shared.runtime.spawn(async move {
            tokio::time::sleep(GRACE).await;
            let Some(place) = place.upgrade() else { return };
            let mut person = place.lock().await;
            if person.effects == Effects::Off && person.take.as_ref().is_some_and(|take| take.number == number) {
                person.take = None;
            }
        });
    }

    /// A take has ended by itself.
    async fn failed(&self, participant: ParticipantId, number: u64, reason: String) {
        let Some(place) = self.known(participant) else { return };
        let mut person = place.lock().await;
        if let Some(track) = person.take.as_ref().filter(|take| take.number == number).map(Take::track) {
            self.fail(participant, track, &mut person, Code::Internal, reason);
        }
    }

    fn fail(&self, participant: ParticipantId, track: TrackId, person: &mut Person, code: Code, reason: String) {
        tracing::warn!(%participant, %track, %reason, "effects have ended; the original is shown");
        metrics::counter!("moodcall_studio_failures_total", "code" => code.as_str()).increment(1);
        person.take = None;
        person.effects = Effects::Off;
        person.consent = None;
        self.shared.tell(participant, track, What::Failed { code, reason });
    }
}

impl Shared {
    fn tell(&self, participant: ParticipantId, track: TrackId, what: What) {
        // Nobody listens any more only while everything stops.
        let _ = self.events.send(Event { participant, track, what });
    }
}

#[cfg(test)]
mod tests;
