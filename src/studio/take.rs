//! One processed track: a tap copies the camera's packets to a worker, an injector brings the composed ones back.
//!
//! Everything that the tap, the worker and the SFU hold of each other is weak; the take alone holds all three, so that
//! dropping it ends all of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::effects::EffectsError;
use crate::base::id::TrackId;
use crate::media::pipeline::Event;
use crate::media::pipeline::worker::{Pool, TakeHandle};
use crate::media::{Background, Frame, Mood, Rung};
use crate::rtp::packet::Packet;
use crate::rtp::payload::vp8;
use crate::sfu::{Injector, Sfu, Tap, TapHandle};

/// How long a picture of a take may be waited for.
const SNAPSHOT: Duration = Duration::from_millis(500);

/// Copies packets from the SFU's thread to a worker. Never blocks.
pub(super) struct Feed(pub Weak<TakeHandle>);

impl Tap for Feed {
    fn packet(&mut self, packet: &Packet, received: Instant) {
        if let Some(worker) = self.0.upgrade()
            && !worker.try_push(packet, received)
        {
            metrics::counter!("moodcall_studio_dropped_packets_total").increment(1);
        }
    }
}

/// A running take.
pub(super) struct Take {
    /// Tells takes apart that follow each other on one track.
    pub number: u64,
    track: TrackId,
    worker: Arc<TakeHandle>,
    _tap: Arc<TapHandle>,
    injector: Arc<Injector>,
    outlet: Arc<Outlet>,
}

/// Where composed pictures go, and what is known of them.
struct Outlet {
    injector: Weak<Injector>,
    worker: OnceLock<Weak<TakeHandle>>,
    tap: OnceLock<Weak<TapHandle>>,
    /// Subscribers see the processed track; set with the first keyframe, cleared on bypass.
    shown: AtomicBool,
    /// Subscribers should see it.
    wanted: AtomicBool,
    /// The expression may be read now. What a worker still says after that is not passed on.
    follows: AtomicBool,
    mood: Mutex<Mood>,
}

impl Take {
    /// Starts processing `track`. `report` is called on the worker's thread.
    pub async fn start(
        sfu: &Sfu,
        pool: &Pool,
        (track, number): (TrackId, u64),
        background: Background,
        mut report: impl FnMut(Event) + Send + 'static,
    ) -> Result<Self, EffectsError> {
        let worker: Arc<OnceLock<Weak<TakeHandle>>> = Arc::default();
        let asked = Arc::clone(&worker);
        let on_keyframe = move || {
            if let Some(worker) = asked.get().and_then(Weak::upgrade) {
                worker.request_keyframe();
            }
        };
        let injector = Arc::new(sfu.inject(track, Box::new(on_keyframe)).await?);
        let outlet = Arc::new(Outlet {
            injector: Arc::downgrade(&injector),
            worker: OnceLock::new(),
            tap: OnceLock::new(),
            shown: AtomicBool::new(false),
            wanted: AtomicBool::new(true),
            follows: AtomicBool::new(background == Background::FollowMood),
            mood: Mutex::new(Mood::Neutral),
        });
        let (sending, hearing) = (Arc::clone(&outlet), Arc::clone(&outlet));
        let handle = Arc::new(pool.take(
            Box::new(move |picture| sending.send(picture)),
            Box::new(move |event| {
                if hearing.hear(&event) {
                    report(event);
                }
            }),
        )?);
        handle.set_background(background);
        let _ = worker.set(Arc::downgrade(&handle));
        let _ = outlet.worker.set(Arc::downgrade(&handle));
        let tap = Arc::new(sfu.tap(track, Box::new(Feed(Arc::downgrade(&handle)))).await?);
        let _ = outlet.tap.set(Arc::downgrade(&tap));
        // The worker asked for one before the tap was there.
        tap.request_keyframe();
        Ok(Self { number, track, worker: handle, _tap: tap, injector, outlet })
    }

    /// The track that it processes.
    pub fn track(&self) -> TrackId {
        self.track
    }

    /// Changes what is behind the person, and shows the processed track again if it was to be hidden.
    pub fn set_background(&self, background: Background) {
        self.outlet.follows.store(background == Background::FollowMood, Ordering::Release);
        self.worker.set_background(background);
        if !self.outlet.wanted.swap(true, Ordering::AcqRel) {
            self.worker.request_keyframe();
        }
    }

    /// Brings the original back on everybody's screen, and reads the expression no longer: until the original's
    /// keyframe is there, what was shown last goes on.
    pub fn hide(&self) {
        if let Some(background) = self.outlet.hide() {
            self.worker.set_background(background);
        }
    }

    /// Whether subscribers see what this take makes.
    pub fn is_shown(&self) -> bool {
        self.outlet.shown.load(Ordering::Acquire)
    }

    /// The picture that was composed last, as soon as the worker gets to it.
    pub fn snapshot(&self) -> impl Future<Output = Option<Frame>> + Send + use<> {
        let (send, picture) = oneshot::channel();
        self.worker.snapshot(Box::new(move |frame| {
            let _ = send.send(frame);
        }));
        async { tokio::time::timeout(SNAPSHOT, picture).await.ok()?.ok()? }
    }
}

impl Drop for Take {
    fn drop(&mut self) {
        self.injector.show(false);
    }
}

impl Outlet {
    /// Sends what one push composed: a picture, or several when a gap was closed. The first keyframe of a stretch is what subscribers can switch on.
    fn send(&self, picture: Vec<Packet>) {
        let Some(injector) = self.injector.upgrade() else { return };
        let begins = picture.iter().any(|packet| vp8::is_keyframe_start(&packet.payload));
        if begins && self.wanted.load(Ordering::Acquire) && !self.shown.swap(true, Ordering::AcqRel) {
            injector.show(true);
        }
        if !injector.send(picture) {
            metrics::counter!("moodcall_studio_dropped_pictures_total").increment(1);
            if let Some(worker) = self.worker.get().and_then(Weak::upgrade) {
                worker.request_keyframe();
            }
        }
    }

    /// Acts on what the worker says. Returns whether others should know.
    fn hear(&self, event: &Event) -> bool {
        match event {
            Event::Mood { mood, .. } => {
                if *mood != Mood::Unsure {
                    *self.mood.lock() = *mood;
                }
                return self.follows.load(Ordering::Acquire);
            }
            Event::Rung(rung) => {
                if *rung == Rung::Bypass {
                    self.bypass();
                }
                return self.wanted.load(Ordering::Acquire);
            }
            Event::NeedKeyframe => {
                if let Some(tap) = self.tap.get().and_then(Weak::upgrade) {
                    tap.request_keyframe();
                }
            }
            Event::Failed(_) => {
                self.bypass();
                return true;
            }
        }
        false
    }

    /// Brings the original back. Returns what takes the place of a background that follows the expression.
    fn hide(&self) -> Option<Background> {
        let followed = self.follows.swap(false, Ordering::AcqRel);
        self.wanted.store(false, Ordering::Release);
        self.bypass();
        followed.then(|| Background::Scene(*self.mood.lock()))
    }

    fn bypass(&self) {
        if self.shown.swap(false, Ordering::AcqRel)
            && let Some(injector) = self.injector.upgrade()
        {
            injector.show(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outlet(follows: bool) -> Outlet {
        Outlet {
            injector: Weak::new(),
            worker: OnceLock::new(),
            tap: OnceLock::new(),
            shown: AtomicBool::new(true),
            wanted: AtomicBool::new(true),
            follows: AtomicBool::new(follows),
            mood: Mutex::new(Mood::Neutral),
        }
    }

    #[test]
    fn switching_off_freezes_the_scene_that_followed_the_mood_and_is_silent_from_then_on() {
        let outlet = outlet(true);
        let mood = Event::Mood { mood: Mood::Happiness, confidence: 0.9 };
        assert!(outlet.hear(&mood));
        assert_eq!(outlet.hide(), Some(Background::Scene(Mood::Happiness)));
        assert!(!outlet.hear(&mood) && !outlet.hear(&Event::Rung(Rung::Full)));
        assert!(!outlet.shown.load(Ordering::Acquire));
    }

    #[test]
    fn switching_blur_or_a_picked_scene_off_shows_no_other_scene_in_between() {
        assert_eq!(outlet(false).hide(), None);
    }
}
