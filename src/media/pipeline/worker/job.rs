//! The thread of a worker: runs its takes one picture at a time. A panic in one take ends that take.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::time::Instant;

use metrics::{Counter, Histogram};

use super::desk::{Batch, Command, Desk, Work};
use super::{EventSink, PictureSink, Sink};
use crate::base::clock;
use crate::media::codec::vp8::Decoder;
use crate::media::frame::Frame;
use crate::media::pipeline::depacketize::Depacketizer;
use crate::media::pipeline::{Event, Options, Pipeline, Stage};
use crate::media::vision::{Catalog, Sessions};
use crate::rtp::packet::Packet;

type Shared = Option<Rc<RefCell<Sessions>>>;

/// One running take.
enum Job {
    Filter { pipeline: Box<Pipeline>, sink: Sink, events: EventSink, figures: Figures },
    Still { depacketizer: Depacketizer, decoder: Decoder, events: EventSink, picture: Option<PictureSink> },
}

/// What a step of a job leads to.
enum Next {
    GoOn,
    /// It has done what it was for.
    Done,
    /// It can't go on.
    Failed(String),
}

/// Runs until the desk stops.
pub(super) fn work(desk: &Desk, catalog: Option<Catalog>) {
    let sessions: Shared = catalog.map(|catalog| Rc::new(RefCell::new(Sessions::new(catalog))));
    let mut jobs: HashMap<u64, Job> = HashMap::new();
    let mut batch = Batch::new();
    let takes = metrics::gauge!("moodcall_media_takes");
    loop {
        let (take, next) = match desk.next(&mut batch) {
            Work::Stop => return,
            Work::Close(take) => {
                // What the owner put in may panic when it is dropped; that is not our end.
                let gone = jobs.remove(&take);
                if gone.is_some() {
                    takes.decrement(1.0);
                }
                let _ = catch_unwind(AssertUnwindSafe(|| drop(gone)));
                continue;
            }
            Work::Command(take, command @ (Command::Filter { .. } | Command::Still { .. })) => {
                if let Some(job) = Job::open(command, &sessions) {
                    takes.increment(1.0);
                    jobs.insert(take, job);
                    (take, guarded(&mut jobs, take, Job::begin))
                } else {
                    (take, Next::Done)
                }
            }
            Work::Command(take, command) => (take, guarded(&mut jobs, take, |job| job.obey(command))),
            Work::Flush(take) => (take, guarded(&mut jobs, take, Job::flush)),
            Work::Packets { take, newer } => (take, guarded(&mut jobs, take, |job| job.packets(&mut batch, newer))),
        };
        batch.clear();
        if let Next::Failed(reason) = &next {
            tracing::error!(%reason, "a take has failed; its original picture is shown");
            metrics::counter!("moodcall_media_failed_takes_total").increment(1);
            if let Some(Job::Filter { events, .. } | Job::Still { events, .. }) = jobs.get_mut(&take) {
                let _ = catch_unwind(AssertUnwindSafe(|| events(Event::Failed(reason.clone()))));
            }
        }
        if !matches!(next, Next::GoOn) {
            desk.close(take);
        }
    }
}

fn guarded(jobs: &mut HashMap<u64, Job>, take: u64, step: impl FnOnce(&mut Job) -> Next) -> Next {
    let Some(job) = jobs.get_mut(&take) else { return Next::Done };
    catch_unwind(AssertUnwindSafe(|| step(job))).unwrap_or_else(|panic| Next::Failed(words(panic.as_ref())))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    format!("panic: {}", text.unwrap_or("unknown"))
}

impl Job {
    fn open(command: Command, sessions: &Shared) -> Option<Self> {
        match command {
            Command::Filter { sink, mut events } => {
                let pipeline = match sessions {
                    Some(sessions) => Pipeline::with_sessions(Options::default(), Rc::clone(sessions)),
                    None => return None,
                };
                match pipeline {
                    Ok(pipeline) => {
                        Some(Self::Filter { pipeline: Box::new(pipeline), sink, events, figures: Figures::default() })
                    }
                    Err(error) => {
                        events(Event::Failed(error.to_string()));
                        None
                    }
                }
            }
            Command::Still { mut events, picture } => match Decoder::new() {
                Ok(decoder) => {
                    let depacketizer = Depacketizer::default();
                    Some(Self::Still { depacketizer, decoder, events, picture: Some(picture) })
                }
                Err(error) => {
                    events(Event::Failed(error.to_string()));
                    None
                }
            },
            _ => None,
        }
    }

    /// Nothing can be decoded before a keyframe, so it is asked for at once.
    fn begin(&mut self) -> Next {
        self.flush()
    }

    fn flush(&mut self) -> Next {
        match self {
            Self::Filter { pipeline, events, .. } => {
                pipeline.flush(clock::now());
                pipeline.drain_events().for_each(events);
            }
            Self::Still { depacketizer, events, .. } => {
                depacketizer.restart();
                if depacketizer.wants_keyframe(clock::now()) {
                    events(Event::NeedKeyframe);
                }
            }
        }
        Next::GoOn
    }

    fn obey(&mut self, command: Command) -> Next {
        let Self::Filter { pipeline, .. } = self else { return Next::GoOn };
        match command {
            Command::Background(background) => pipeline.set_background(background),
            Command::Keyframe => pipeline.request_keyframe(),
            Command::Bitrate(bits_per_second) => {
                if let Err(error) = pipeline.limit_bitrate(bits_per_second) {
                    return Next::Failed(error.to_string());
                }
            }
            Command::Snapshot(sink) => sink(pipeline.last_frame().cloned()),
            Command::Filter { .. } | Command::Still { .. } => {}
        }
        Next::GoOn
    }

    fn packets(&mut self, batch: &mut Batch, newer: bool) -> Next {
        match self {
            Self::Filter { pipeline, sink, events, figures } => {
                pipeline.set_newer_waiting(newer);
                let mut out = Vec::new();
                for (packet, received) in batch.drain(..) {
                    if let Err(error) = pipeline.push(packet, received, &mut out) {
                        return Next::Failed(error.to_string());
                    }
                }
                if !out.is_empty() {
                    sink(out);
                }
                pipeline.drain_events().for_each(events);
                figures.record(pipeline);
                Next::GoOn
            }
            Self::Still { depacketizer, decoder, events, picture } => {
                for (packet, received) in batch.drain(..) {
                    if let Some(frame) = first_picture(depacketizer, decoder, packet, received) {
                        if let Some(picture) = picture.take() {
                            picture(frame);
                        }
                        return Next::Done;
                    }
                    if depacketizer.wants_keyframe(received) {
                        events(Event::NeedKeyframe);
                    }
                }
                Next::GoOn
            }
        }
    }
}

fn first_picture(
    depacketizer: &mut Depacketizer,
    decoder: &mut Decoder,
    packet: Packet,
    received: Instant,
) -> Option<Frame> {
    depacketizer.push(packet, received);
    while let Some(encoded) = depacketizer.next_frame(received) {
        match decoder.decode(encoded.data) {
            Ok(Some(view)) => return Some(Frame::from_view(view)),
            Ok(None) => {}
            Err(_) => depacketizer.lose(),
        }
    }
    None
}

/// A pipeline's counts as metrics, as far as they were told. The handles are kept: a look-up costs more than a count.
struct Figures {
    told: [u64; 4],
    outcomes: [Counter; 4],
    frame: Histogram,
    stages: [Histogram; 6],
}

impl Default for Figures {
    fn default() -> Self {
        let outcomes = ["composed", "late", "thinned", "damaged"];
        Self {
            told: [0; 4],
            outcomes: outcomes.map(|outcome| metrics::counter!("moodcall_media_frames_total", "outcome" => outcome)),
            frame: metrics::histogram!("moodcall_media_frame_seconds"),
            stages: Stage::ALL
                .map(|stage| metrics::histogram!("moodcall_media_stage_cpu_seconds", "stage" => stage.name())),
        }
    }
}

impl Figures {
    fn record(&mut self, pipeline: &Pipeline) {
        let stats = pipeline.stats();
        if stats.composed > self.told[0] {
            self.frame.record(stats.last.total().wall.as_secs_f64());
            for (histogram, stage) in self.stages.iter().zip(Stage::ALL) {
                histogram.record(stats.last.of(stage).cpu.as_secs_f64());
            }
        }
        let counts = [stats.composed, stats.late, stats.thinned, stats.damaged];
        for ((told, count), counter) in self.told.iter_mut().zip(counts).zip(&self.outcomes) {
            if count > *told {
                counter.increment(count - *told);
                *told = count;
            }
        }
    }
}
