//! `moodcall bench pipeline`: the whole path of a frame, packets to packets, on one thread, beside its parts alone.
//!
//! The parts run in turn with the whole, a block of pictures each, so that a machine that slows down slows all alike.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;

use super::clip::{Clip, LOOP, RATE};
use super::report::{self, Percentiles, Table, millis, rounded};
use crate::base::clock;
use crate::media::Background;
use crate::media::codec::vp8::{Decoder, Encoder};
use crate::media::pipeline::stats::FrameTimes;
use crate::media::pipeline::{Options, Pipeline, Stage, Stats};
use crate::media::vision::Catalog;
use crate::media::vision::manifest::Role;
use crate::media::vision::runtime::Network;
use crate::rtp::packet::Packet;

/// Pictures in a block.
const BLOCK: usize = 30;
/// Runs of each network alone in a block.
const RUNS: usize = 4;

/// What `bench pipeline` can be told.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// A clip (.ivf with VP8, .y4m, .mjpeg) instead of the built-in portrait
    #[arg(long)]
    clip: Option<PathBuf>,
    /// Size of the portrait, or to scale a .y4m or .mjpeg to
    #[arg(long, value_name = "WxH", value_parser = parse_size)]
    size: Option<(usize, usize)>,
    /// Seconds of video at 30 pictures a second
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Folder with the networks; `models` beside the program or here, if not given
    #[arg(long, env = "MOODCALL_MODELS_DIR")]
    models: Option<PathBuf>,
}

fn parse_size(text: &str) -> Result<(usize, usize), String> {
    let side = |part: &str| part.parse().ok().filter(|side| (16..=1920).contains(side));
    let size = text.split_once('x').and_then(|(width, height)| Some((side(width)?, side(height)?)));
    size.ok_or_else(|| "expected WIDTHxHEIGHT, each 16 to 1920".to_owned())
}

/// The figures; the names are a promise to whoever reads the JSON.
#[derive(Debug, Serialize)]
struct Figures {
    size: String,
    frames: u64,
    cpu_ms_per_frame: f64,
    fps_per_core: f64,
    codec_cpu_ms: f64,
    nets_cpu_ms: f64,
    ratio: f64,
    stages: Stages,
    nets: Vec<NetFigures>,
}

#[derive(Debug, Serialize)]
struct Stages {
    depacketize: StageFigures,
    decode: StageFigures,
    analyze: StageFigures,
    compose: StageFigures,
    encode: StageFigures,
    packetize: StageFigures,
}

#[derive(Debug, Serialize)]
struct StageFigures {
    cpu_p50_ms: f64,
    p50_ms: f64,
    p99_ms: f64,
}

#[derive(Debug, Serialize)]
struct NetFigures {
    role: &'static str,
    cpu_ms_per_run: f64,
    runs_per_frame: f64,
}

/// Measures and prints.
///
/// # Errors
/// If the clip or the networks are missing.
pub fn run(args: &Arguments) -> anyhow::Result<()> {
    let catalog = Catalog::load(&models(args.models.as_deref()), None).context("the networks are needed for this")?;
    let frames = (args.seconds * RATE) as usize;
    let clip = load_clip(args, frames)?;
    let mut codec = CodecAlone::new()?;
    let mut nets = [
        NetAlone::new(&catalog, Role::Matte, [1, 3, 256, 256], ["activation_10"])?,
        NetAlone::new(&catalog, Role::Face, [1, 3, 128, 128], ["regressors"])?,
        NetAlone::new(&catalog, Role::Expression, [1, 3, 128, 128], ["probs"])?,
    ];
    let mut whole = Whole::new(catalog)?;
    let mut packets = clip.packets(96, 1);
    let mut pictures = clip.pictures.iter().cycle();
    let bar = report::progress(frames as u64, "measuring");
    // The first block opens the networks and warms the caches; it does not count.
    for block in 0..=frames.div_ceil(BLOCK) {
        let count = if block == 0 { BLOCK } else { BLOCK.min(frames - (block - 1) * BLOCK) };
        for picture in pictures.by_ref().take(count) {
            codec.picture(&picture.data)?;
        }
        for picture in packets.by_ref().take(count) {
            whole.picture(picture)?;
        }
        for net in &mut nets {
            net.measure()?;
        }
        if block == 0 {
            codec.forget();
            whole.forget();
            nets.iter_mut().for_each(NetAlone::forget);
        } else {
            bar.inc(count as u64);
        }
    }
    bar.finish_and_clear();
    let figures = figures(&clip, &whole, &codec, &nets)?;
    report::print(args.json, &figures, &table(&figures))?;
    Ok(())
}

fn models(given: Option<&Path>) -> PathBuf {
    let beside = || Some(std::env::current_exe().ok()?.parent()?.join("models"));
    let found = || beside().filter(|folder| folder.join("manifest.toml").is_file());
    given.map(Path::to_path_buf).or_else(found).unwrap_or_else(|| PathBuf::from("models"))
}

fn load_clip(args: &Arguments, frames: usize) -> anyhow::Result<Clip> {
    if let Some(path) = &args.clip {
        return Clip::open(path, args.size, frames);
    }
    let count = frames.min(LOOP);
    let bar = report::progress(count as u64, "preparing the clip");
    let clip = Clip::portrait(args.size.unwrap_or((640, 480)), count, || bar.inc(1));
    bar.finish_and_clear();
    clip
}

/// Decoder and encoder with nothing in between.
struct CodecAlone {
    decoder: Decoder,
    encoder: Encoder,
    timestamp: u32,
    cpu: Vec<Duration>,
}

impl CodecAlone {
    fn new() -> anyhow::Result<Self> {
        Ok(Self { decoder: Decoder::new()?, encoder: Encoder::new(800_000), timestamp: 0, cpu: Vec::new() })
    }

    fn picture(&mut self, data: &[u8]) -> anyhow::Result<()> {
        let before = clock::thread_cpu();
        if let Some(view) = self.decoder.decode(data)? {
            self.encoder.encode(view, self.timestamp)?;
        }
        self.cpu.push(clock::thread_cpu() - before);
        self.timestamp = self.timestamp.wrapping_add(super::clip::STEP);
        Ok(())
    }

    fn forget(&mut self) {
        self.cpu.clear();
    }
}

/// One network with nothing around it. What it looks at does not matter for what it costs.
struct NetAlone {
    role: Role,
    network: Network,
    shape: [usize; 4],
    input: Vec<f32>,
    outputs: [&'static str; 1],
    cpu: Vec<Duration>,
}

impl NetAlone {
    fn new(catalog: &Catalog, role: Role, shape: [usize; 4], outputs: [&'static str; 1]) -> anyhow::Result<Self> {
        let (network, _) = catalog.open(role)?;
        let count = shape.iter().product();
        let input = (0..count).map(|index| (index % 251) as f32 / 251.0).collect();
        Ok(Self { role, network, shape, input, outputs, cpu: Vec::new() })
    }

    fn measure(&mut self) -> anyhow::Result<()> {
        // The first run after the others finds their data in the caches, as in the pipeline; all of them count.
        for _ in 0..RUNS {
            let before = clock::thread_cpu();
            self.network.run(self.shape, &self.input, self.outputs, |_| {})?;
            self.cpu.push(clock::thread_cpu() - before);
        }
        Ok(())
    }

    fn forget(&mut self) {
        self.cpu.clear();
    }

    fn runs(&self, stats: &Stats, before: &Stats) -> u64 {
        match self.role {
            Role::Face => stats.faces - before.faces,
            Role::Expression => stats.expressions - before.expressions,
            Role::Matte | Role::MatteLight => stats.mattes - before.mattes,
        }
    }
}

/// The whole path.
struct Whole {
    pipeline: Pipeline,
    out: Vec<Packet>,
    before: Stats,
    cpu: Duration,
    times: Vec<FrameTimes>,
}

impl Whole {
    fn new(catalog: Catalog) -> anyhow::Result<Self> {
        // The ladder would hide what full quality costs.
        let mut pipeline = Pipeline::new(Options { adaptive: false, ..Options::default() }, catalog)?;
        pipeline.set_background(Background::FollowMood);
        let before = *pipeline.stats();
        Ok(Self { pipeline, out: Vec::new(), before, cpu: Duration::ZERO, times: Vec::new() })
    }

    fn picture(&mut self, packets: Vec<Packet>) -> anyhow::Result<()> {
        let composed = self.pipeline.stats().composed;
        let (before, received) = (clock::thread_cpu(), clock::now());
        for packet in packets {
            self.pipeline.push(packet, received, &mut self.out)?;
        }
        self.cpu += clock::thread_cpu() - before;
        self.out.clear();
        self.pipeline.drain_events().for_each(drop);
        if self.pipeline.stats().composed > composed {
            self.times.push(self.pipeline.stats().last);
        }
        Ok(())
    }

    fn forget(&mut self) {
        self.before = *self.pipeline.stats();
        self.cpu = Duration::ZERO;
        self.times.clear();
    }
}

fn figures(clip: &Clip, whole: &Whole, codec: &CodecAlone, nets: &[NetAlone]) -> anyhow::Result<Figures> {
    let frames = whole.times.len() as u64;
    anyhow::ensure!(frames > 0, "no picture of the clip came through");
    let mean = |times: &[Duration]| millis(times.iter().sum::<Duration>()) / times.len().max(1) as f64;
    let cpu = millis(whole.cpu) / frames as f64;
    let codec_cpu = mean(&codec.cpu);
    let stats = whole.pipeline.stats();
    let nets: Vec<(Role, f64, f64)> = nets
        .iter()
        .map(|net| (net.role, mean(&net.cpu), net.runs(stats, &whole.before) as f64 / frames as f64))
        .collect();
    let nets_cpu: f64 = nets.iter().map(|(_, cost, runs)| cost * runs).sum();
    let stage = |stage: Stage| {
        let mut cpu: Vec<f64> = whole.times.iter().map(|times| millis(times.of(stage).cpu)).collect();
        let mut wall: Vec<f64> = whole.times.iter().map(|times| millis(times.of(stage).wall)).collect();
        let zero = Percentiles { p50: 0.0, p99: 0.0 };
        let wall = Percentiles::of(&mut wall).unwrap_or(zero);
        StageFigures { cpu_p50_ms: Percentiles::of(&mut cpu).unwrap_or(zero).p50, p50_ms: wall.p50, p99_ms: wall.p99 }
    };
    Ok(Figures {
        size: format!("{}x{}", clip.size.0, clip.size.1),
        frames,
        cpu_ms_per_frame: rounded(cpu),
        fps_per_core: rounded(1000.0 / cpu),
        codec_cpu_ms: rounded(codec_cpu),
        nets_cpu_ms: rounded(nets_cpu),
        ratio: rounded(cpu / (codec_cpu + nets_cpu)),
        stages: Stages {
            depacketize: stage(Stage::Depacketize),
            decode: stage(Stage::Decode),
            analyze: stage(Stage::Analyze),
            compose: stage(Stage::Compose),
            encode: stage(Stage::Encode),
            packetize: stage(Stage::Packetize),
        },
        nets: nets
            .into_iter()
            .map(|(role, cost, runs)| NetFigures {
                role: match role {
                    Role::Face => "face",
                    Role::Expression => "expression",
                    Role::Matte => "matte",
                    Role::MatteLight => "matte-light",
                },
                cpu_ms_per_run: rounded(cost),
                runs_per_frame: rounded(runs),
            })
            .collect(),
    })
}

fn table(figures: &Figures) -> Table {
    let mut table = Table::default();
    table.text("size", &figures.size);
    table.figure("frames", Some(figures.frames as f64), "");
    table.figure("whole, CPU a frame", Some(figures.cpu_ms_per_frame), "ms");
    table.figure("frames a second and core", Some(figures.fps_per_core), "");
    table.figure("decode + encode alone", Some(figures.codec_cpu_ms), "ms");
    table.figure("nets alone", Some(figures.nets_cpu_ms), "ms");
    table.figure("whole / (codec + nets)", Some(figures.ratio), "");
    for net in &figures.nets {
        table.text(&format!("  {}", net.role), format!("{} ms x {} a frame", net.cpu_ms_per_run, net.runs_per_frame));
    }
    let stages = &figures.stages;
    for (name, stage) in [
        ("depacketize", &stages.depacketize),
        ("decode", &stages.decode),
        ("analyze", &stages.analyze),
        ("compose", &stages.compose),
        ("encode", &stages.encode),
        ("packetize", &stages.packetize),
    ] {
        let StageFigures { cpu_p50_ms, p50_ms, p99_ms } = stage;
        table.text(&format!("  {name}"), format!("CPU p50 {cpu_p50_ms} ms, wall p50 {p50_ms} ms, p99 {p99_ms} ms"));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_bounds() {
        assert_eq!(parse_size("640x480"), Ok((640, 480)));
        for wrong in ["", "640", "640x", "x480", "8x8", "4000x3000", "-1x5"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
    }
}
