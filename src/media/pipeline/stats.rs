//! What a pipeline has done and what each stage of it cost.

use std::time::{Duration, Instant};

use crate::base::clock;

/// A step on a frame's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// RTP packets to a compressed frame.
    Depacketize,
    /// To a picture.
    Decode,
    /// Networks: mask, face, expression.
    Analyze,
    /// Person and background together.
    Compose,
    /// Back to a compressed frame.
    Encode,
    /// And to RTP packets.
    Packetize,
}

impl Stage {
    /// On a frame's way.
    pub const ALL: [Self; 6] =
        [Self::Depacketize, Self::Decode, Self::Analyze, Self::Compose, Self::Encode, Self::Packetize];

    /// The name in figures and metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Depacketize => "depacketize",
            Self::Decode => "decode",
            Self::Analyze => "analyze",
            Self::Compose => "compose",
            Self::Encode => "encode",
            Self::Packetize => "packetize",
        }
    }
}

/// What a stage took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Of this thread.
    pub cpu: Duration,
    /// On the wall.
    pub wall: Duration,
}

/// What one frame took, stage by stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameTimes([Times; 6]);

impl FrameTimes {
    /// One stage's.
    #[must_use]
    pub fn of(&self, stage: Stage) -> Times {
        self.0[stage as usize]
    }

    /// All stages'.
    #[must_use]
    pub fn total(&self) -> Times {
        self.0
            .iter()
            .fold(Times::default(), |sum, times| Times { cpu: sum.cpu + times.cpu, wall: sum.wall + times.wall })
    }

    fn add(&mut self, stage: Stage, times: Times) {
        let slot = &mut self.0[stage as usize];
        (slot.cpu, slot.wall) = (slot.cpu + times.cpu, slot.wall + times.wall);
    }
}

/// Counts since the pipeline began.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stats {
    /// Packets taken.
    pub packets: u64,
    /// Pictures decoded.
    pub decoded: u64,
    /// Pictures that the guard or the decoder refused.
    pub damaged: u64,
    /// Pictures composed and sent.
    pub composed: u64,
    /// Pictures left out because newer ones waited or they were too old.
    pub late: u64,
    /// Pictures left out by the ladder.
    pub thinned: u64,
    /// Keyframes sent.
    pub keyframes: u64,
    /// Runs of the matte network, full and light.
    pub mattes: u64,
    /// Runs of the face network.
    pub faces: u64,
    /// Runs of the expression network.
    pub expressions: u64,
    /// What the latest composed picture took.
    pub last: FrameTimes,
}

/// Measures a frame on its way.
#[derive(Debug)]
pub(super) struct Stopwatch {
    times: FrameTimes,
    cpu: Duration,
    wall: Instant,
}

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self { times: FrameTimes::default(), cpu: clock::thread_cpu(), wall: clock::now() }
    }

    /// Goes on after a pause, which belongs to nobody.
    pub(super) fn resume(&mut self) {
        (self.cpu, self.wall) = (clock::thread_cpu(), clock::now());
    }

    /// What passed since the last call was this stage's.
    pub(super) fn lap(&mut self, stage: Stage) {
        let (cpu, wall) = (clock::thread_cpu(), clock::now());
        self.times.add(stage, Times { cpu: cpu.saturating_sub(self.cpu), wall: wall - self.wall });
        (self.cpu, self.wall) = (cpu, wall);
    }

    /// When the last lap ended.
    pub(super) fn now(&self) -> Instant {
        self.wall
    }

    /// The frame ends here and is nobody's.
    pub(super) fn discard(&mut self) {
        self.times = FrameTimes::default();
    }

    /// The frame's times so far; the next frame begins.
    pub(super) fn finish(&mut self) -> FrameTimes {
        std::mem::take(&mut self.times)
    }
}
