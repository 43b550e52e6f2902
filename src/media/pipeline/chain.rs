//! The second half of a frame's way, from the decoded picture on, and the decisions about it: is it too late, which
//! rung is in force, what has to be known about it.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::analyze::{Analyzer, Needs};
use super::budget::{Budget, Cost};
use super::packetize::{PacketSink, Packetizer};
use super::stats::{Stage, Stats, Stopwatch};
use super::{Event, Events, Options, PipelineError};
use crate::media::codec::vp8::{Encoder, Speed};
use crate::media::compose::Compositor;
use crate::media::frame::{Frame, FrameView};
use crate::media::vision::Sessions;
use crate::media::{Background, Mood, Rung};

/// RTP ticks per second.
const CLOCK: u64 = 90_000;
/// The time between frames until it is known, and the limits within which it is believed.
const USUAL_INTERVAL: Duration = Duration::from_micros(33_333);
const INTERVALS: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(200));
/// Longer steps of the stream's clock are taken for a restart and count as one frame.
const LONGEST_STEP: u32 = 10 * CLOCK as u32;
/// Late or not, a picture is sent this often, so that a slow machine shows a slow picture and not none.
const SLOWEST: Duration = Duration::from_millis(250);
/// Keyframes are sent no more often than this.
const KEYFRAME_INTERVAL: Duration = Duration::from_millis(300);

/// A decoded picture and what is known about it.
pub(super) struct Picture<'a> {
    pub view: FrameView<'a>,
    pub timestamp: u32,
    pub received: Instant,
    pub newer_waiting: bool,
}

pub(super) struct Chain {
    options: Options,
    analyzer: Analyzer,
    compositor: Compositor,
    encoder: Encoder,
    packetizer: Packetizer,
    budget: Budget,
    time: StreamTime,
    /// When the stream's time began: loops and fades run by the stream, not by when packets arrive.
    epoch: Option<Instant>,
    half: bool,
    sent: Option<Instant>,
    keyframe_wanted: bool,
    keyframe_sent: Option<Duration>,
    pub events: Events,
    pub stats: Stats,
    pub watch: Stopwatch,
}

impl Chain {
    pub fn new(options: Options, sessions: Rc<RefCell<Sessions>>, bitrate: u32) -> Self {
        Self {
            options,
            analyzer: Analyzer::new(sessions),
            compositor: Compositor::default(),
            encoder: Encoder::new(bitrate),
            packetizer: Packetizer::new(options.payload_type, options.ssrc, options.first),
            budget: Budget::default(),
            time: StreamTime::default(),
            epoch: None,
            half: false,
            sent: None,
            keyframe_wanted: true,
            keyframe_sent: None,
            events: Events::new(),
            stats: Stats::default(),
            watch: Stopwatch::start(),
        }
    }

    pub fn is_off(&self) -> bool {
        *self.compositor.background() == Background::Off
    }

    /// Returns whether the pipeline was off and is on now.
    pub fn set_background(&mut self, background: Background) -> bool {
        if background == *self.compositor.background() {
            return false;
        }
        let starts = self.is_off();
        self.analyzer.forget_mood();
        self.compositor.set_mood(Mood::Unsure);
        self.compositor.set_background(background);
        if starts {
            self.compositor.forget_person();
            self.request_keyframe();
        }
        starts
    }

    pub fn set_bitrate(&mut self, bits_per_second: u32) -> Result<(), PipelineError> {
        Ok(self.encoder.set_bitrate(bits_per_second)?)
    }

    pub fn request_keyframe(&mut self) {
        self.keyframe_wanted = true;
    }

    pub fn last_frame(&self) -> Option<&Frame> {
        (self.stats.composed > 0).then(|| self.compositor.last())
    }

    /// Analyzes, composes, encodes and sends a picture, or leaves it out.
    pub fn picture(&mut self, picture: Picture<'_>, out: &mut impl PacketSink) -> Result<(), PipelineError> {
        self.stats.decoded += 1;
        self.time.advance(picture.timestamp);
        let late = self.options.adaptive && self.is_late(&picture);
        let rung = self.budget.rung();
        self.half = !self.half && rung >= Rung::HalfRate;
        if late {
            self.stats.late += 1;
        } else if rung == Rung::Bypass || self.half {
            self.stats.thinned += 1;
        } else {
            self.send(&picture, rung, out)?;
        }
        let times = self.watch.finish();
        if !late && self.sent == Some(picture.received) {
            self.stats.last = times;
        }
        if self.options.adaptive {
            let cost = Cost { spent: times.total().wall, interval: self.time.interval, late };
            if let Some(rung) = self.budget.frame(cost, self.watch.now()) {
                self.enter(rung)?;
            }
        }
        Ok(())
    }

    fn is_late(&self, picture: &Picture<'_>) -> bool {
        let age = self.watch.now().saturating_duration_since(picture.received);
        let starving = self.sent.is_none_or(|sent| picture.received.saturating_duration_since(sent) >= SLOWEST);
        !starving && (picture.newer_waiting || age > self.time.interval)
    }

    fn send(&mut self, picture: &Picture<'_>, rung: Rung, out: &mut impl PacketSink) -> Result<(), PipelineError> {
        let now = self.time.now;
        let needs = Needs { matte: true, mood: *self.compositor.background() == Background::FollowMood };
        let change = self.analyzer.analyze(picture.view, needs, rung, now, &mut self.stats)?;
        if let Some((mood, confidence)) = change {
            self.events.push_back(Event::Mood { mood, confidence });
            self.compositor.set_mood(mood);
        }
        self.watch.lap(Stage::Analyze);

        self.compositor.set_blur_only(rung >= Rung::BlurOnly);
        let time = *self.epoch.get_or_insert(picture.received) + now;
        let composed = self.compositor.compose(picture.view, self.analyzer.mask(), time);
        self.watch.lap(Stage::Compose);

        if self.keyframe_wanted && self.keyframe_sent.is_none_or(|sent| now - sent >= KEYFRAME_INTERVAL) {
            self.keyframe_wanted = false;
            self.encoder.request_keyframe();
        }
        let encoded = self.encoder.encode(composed.view(), picture.timestamp)?;
        self.watch.lap(Stage::Encode);

        if let Some(encoded) = encoded {
            self.packetizer.packetize(encoded, out);
            if encoded.keyframe {
                self.stats.keyframes += 1;
                self.keyframe_sent = Some(now);
            }
        }
        self.watch.lap(Stage::Packetize);
        self.stats.composed += 1;
        self.sent = Some(picture.received);
        Ok(())
    }

    fn enter(&mut self, rung: Rung) -> Result<(), PipelineError> {
        let speed = if rung >= Rung::LessAnalysis { Speed::Overload } else { Speed::Usual };
        self.encoder.set_speed(speed)?;
        // Whoever comes back from the original needs a beginning.
        self.keyframe_wanted |= rung == Rung::BlurOnly;
        self.events.push_back(Event::Rung(rung));
        Ok(())
    }
}

/// The stream's own clock, unwrapped.
struct StreamTime {
    last: Option<u32>,
    now: Duration,
    interval: Duration,
}

impl Default for StreamTime {
    fn default() -> Self {
        Self { last: None, now: Duration::ZERO, interval: USUAL_INTERVAL }
    }
}

impl StreamTime {
    fn advance(&mut self, timestamp: u32) {
        let step = self.last.map_or(0, |last| timestamp.wrapping_sub(last));
        self.last = Some(timestamp);
        if step == 0 {
            return;
        }
        if step > LONGEST_STEP {
            self.now += self.interval;
            return;
        }
        let step = Duration::from_micros(u64::from(step) * 1_000_000 / CLOCK);
        self.now += step;
        self.interval = (self.interval * 7 + step.clamp(INTERVALS.0, INTERVALS.1)) / 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stream_time_wraps_and_survives_jumps() {
        let mut time = StreamTime::default();
        for index in 0..60u32 {
            time.advance((u32::MAX - 90_000).wrapping_add(index * 3_000));
        }
        assert!((time.now.as_secs_f64() - 59.0 / 30.0).abs() < 0.001, "{:?}", time.now);
        let before = time.now;
        time.advance(12_345_678);
        assert!(time.now - before < Duration::from_millis(40), "a jump is one frame");
        time.advance(12_345_678 + 6_000);
        assert!(time.interval > USUAL_INTERVAL && time.interval < USUAL_INTERVAL * 2);
    }
}
