//! `moodcall bench call`: real clients over real signaling and UDP, and what they cost the server.

use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde::Serialize;
use tokio::time::{sleep, timeout};

use super::child::Server;
use super::client::api::Api;
use super::client::publish::Recording;
use super::clip::{self, Clip};
use super::load::{Load, Refusals};
use super::received::{Counts, Pair, pair};
use super::report::{self, Percentiles, Table, millis, progress, rounded};
use crate::base::clock;
use crate::protocol::Effects;
use crate::protocol::server::ServerMessage;

/// Size of the publishers' pictures.
const SIZE: (usize, usize) = (640, 480);
/// Time between the last join and the steady interval.
const SETTLE: Duration = Duration::from_secs(1);
/// How long the filter may take until its first label.
const FILTER_START: Duration = Duration::from_secs(10);

/// Printed below the options.
const HELP: &str = "\
The clients are of the crate webrtc, over real signaling, ICE, DTLS and SRTP. They repeat connectivity checks every 5 ms \
instead of the crate's 200 ms, which would be most of the join time, and offer only the SRTP profile that browsers settle \
on. Each publisher sends a portrait in VP8, 640x480, 30 pictures a second. docs/bench.md explains the figures.";

/// What `bench call` takes.
#[derive(Clone, Debug, Args)]
#[command(after_help = HELP)]
pub struct CallArgs {
    /// Rooms at a time, each with one publisher
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rooms: u32,
    /// People beside the publisher in each room
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=199))]
    pub subscribers: u32,
    /// Length of the steady interval that is measured
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub seconds: u32,
    /// Whether the publishers switch the mood filter on
    #[arg(long, value_enum, default_value_t = Filter::None)]
    pub filter: Filter,
    /// Measure a running server (plain http) instead of a child; its processor time and memory are then unknown
    #[arg(long)]
    pub url: Option<String>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// What the publishers ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Filter {
    /// Plain forwarding.
    None,
    /// The scene follows the expression.
    Mood,
}

/// The figures, as `--json` prints them. What was not measured is null.
#[derive(Debug, Serialize)]
struct Figures {
    rooms: u32,
    subscribers: u32,
    seconds: u32,
    join_ms: Option<Percentiles>,
    added_delay_ms: Option<Percentiles>,
    lost_packets: u64,
    forwarded_packets: u64,
    server_cpu_us_per_packet: Option<f64>,
    filtered_frames: u64,
    server_cpu_ms_per_filtered_frame: Option<f64>,
    filter_delay_ms: Option<Percentiles>,
    rss_kb_per_participant: Option<f64>,
    /// Pictures that were sent in the interval and did not arrive whole, over all subscribers.
    skipped_frames: u64,
    /// Who did not get in, by reason.
    refused: Refusals,
    /// How late the load client itself sent pictures: above a few ms the machine is too small for this load.
    client_late_ms: Option<Percentiles>,
}

/// What the server used in the steady interval.
#[derive(Default)]
struct Usage {
    cpu: Option<Duration>,
    rss_kb_per_participant: Option<f64>,
}

/// Sets the load up, measures the steady interval, prints.
///
/// # Errors
/// When no server can be started or reached, when nobody gets in, or when the filter cannot be used.
pub async fn run(args: CallArgs) -> anyhow::Result<()> {
    let server = match &args.url {
        Some(_) => None,
        None => Some(Server::start(&std::env::current_exe()?, &[]).await?),
    };
    let url = args.url.clone().or_else(|| server.as_ref().map(|server| server.url.clone())).context("no server")?;
    let api = Api::new(&url);
    let recording = recording()?;
    let rss_before = server.as_ref().map(Server::rss_kb).transpose()?;

    let bar = progress(u64::from(args.rooms * args.subscribers), "joining");
    let load = Load::start(&api, args.rooms as usize, args.subscribers as usize, &recording, &bar).await;
    bar.finish_and_clear();
    if load.subscribers().next().is_none() {
        bail!("nobody got in: {:?}", load.refused);
    }
    if args.filter == Filter::Mood {
        switch_on(&load).await?;
    }
    sleep(SETTLE).await;

    let mut usage = Usage::default();
    if let (Some(server), Some(before)) = (&server, rss_before) {
        let grown = server.rss_kb()?.saturating_sub(before);
        usage.rss_kb_per_participant = Some(rounded(grown as f64 / load.participants() as f64));
    }
    let begin = clock::now();
    let cpu_before = server.as_ref().map(Server::cpu).transpose()?;
    let counts_before: Vec<Counts> = load.subscribers().map(|each| each.received.counts()).collect();
    let bar = progress(u64::from(args.seconds), "measuring");
    for _ in 0..args.seconds {
        sleep(Duration::from_secs(1)).await;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let cpu_after = server.as_ref().map(Server::cpu).transpose()?;
    let counts: Vec<Counts> =
        load.subscribers().zip(counts_before).map(|(each, before)| each.received.counts().since(before)).collect();
    let interval = begin..clock::now();
    usage.cpu = cpu_after.zip(cpu_before).map(|(after, before)| after.saturating_sub(before));

    // What was sent at the end of the interval is still on its way.
    sleep(SETTLE).await;
    let figures = summarize(&args, &load, &interval, &counts, usage);
    load.leave().await;
    if let Some(server) = server {
        server.stop().await;
    }
    report::print(args.json, &figures, &table(&args, &figures))?;
    Ok(())
}

/// The portrait, panned and zoomed: ten seconds of VP8, encoded now.
fn recording() -> anyhow::Result<Recording> {
    let bar = progress(clip::LOOP as u64, "encoding the clip");
    let clip = Clip::portrait(SIZE, clip::LOOP, || bar.inc(1))?;
    bar.finish_and_clear();
    Ok(Recording::vp8(clip.pictures.into_iter().map(|picture| (picture.data, picture.keyframe))))
}

/// Switches the filter on in every room and waits until each has shown a label.
async fn switch_on(load: &Load) -> anyhow::Result<()> {
    for room in &load.rooms {
        room.publisher.effects(Effects::Mood, true).await.context("the filter cannot be used")?;
    }
    for room in &load.rooms {
        let label = room.publisher.socket.wait_for("a mood", 0, |message| match message {
            ServerMessage::Mood { mood, .. } => *mood,
            _ => None,
        });
        // A server that is too busy to label may still filter; the figures will tell.
        let _ = timeout(FILTER_START, label).await;
    }
    Ok(())
}

fn summarize(
    args: &CallArgs,
    load: &Load,
    interval: &std::ops::Range<std::time::Instant>,
    counts: &[Counts],
    usage: Usage,
) -> Figures {
    let forwarded: u64 = counts.iter().map(|counts| counts.received).sum();
    let (mut plain, mut filtered, mut late) = (Vec::new(), Vec::new(), Vec::new());
    let (mut filtered_frames, mut skipped_frames) = (0, 0);
    for room in &load.rooms {
        let sent = room.camera.sent();
        let within: Vec<_> = sent.iter().filter(|sent| interval.contains(&sent.at)).collect();
        late.extend(within.iter().map(|sent| millis(sent.late)));
        let mut most = 0;
        for subscriber in &room.subscribers {
            let whole =
                |pair: &Pair| pair.received.marked && (pair.processed() || pair.received.packets == pair.sent.packets);
            let pairs = pair(&sent, &subscriber.received.frames());
            let (processed, original): (Vec<Pair>, Vec<Pair>) = pairs
                .into_iter()
                .filter(|pair| interval.contains(&pair.sent.at) && whole(pair))
                .partition(Pair::processed);
            skipped_frames += within.len().saturating_sub(processed.len() + original.len()) as u64;
            most = most.max(processed.len() as u64);
            plain.extend(original.iter().map(|pair| millis(pair.delay())));
            filtered.extend(processed.iter().map(|pair| millis(pair.delay())));
        }
        filtered_frames += most;
    }
    let cpu = usage.cpu.map(|cpu| cpu.as_secs_f64());
    let per = |count: u64, scale: f64| cpu.filter(|_| count > 0).map(|cpu| rounded(cpu * scale / count as f64));
    let mut joins: Vec<f64> = load.subscribers().map(|each| millis(each.joined_in)).collect();
    Figures {
        rooms: args.rooms,
        subscribers: args.subscribers,
        seconds: args.seconds,
        join_ms: Percentiles::of(&mut joins),
        added_delay_ms: Percentiles::of(&mut plain),
        lost_packets: counts.iter().map(|counts| counts.lost()).sum(),
        forwarded_packets: forwarded,
        // With the filter on, its work would hide what forwarding costs.
        server_cpu_us_per_packet: if args.filter == Filter::None { per(forwarded, 1e6) } else { None },
        filtered_frames,
        server_cpu_ms_per_filtered_frame: per(filtered_frames, 1e3),
        filter_delay_ms: Percentiles::of(&mut filtered),
        rss_kb_per_participant: usage.rss_kb_per_participant,
        skipped_frames,
        refused: load.refused.clone(),
        client_late_ms: Percentiles::of(&mut late),
    }
}

fn table(args: &CallArgs, figures: &Figures) -> Table {
    let mut table = Table::default();
    table.text("rooms x subscribers", format!("{} x {} for {} s", figures.rooms, figures.subscribers, figures.seconds));
    table.percentiles("join (socket open to first media)", figures.join_ms, "ms");
    table.percentiles("added delay", figures.added_delay_ms, "ms");
    table.text("packets forwarded, lost", format!("{}, {}", figures.forwarded_packets, figures.lost_packets));
    table.text("frames skipped", figures.skipped_frames.to_string());
    table.figure("server CPU per forwarded packet", figures.server_cpu_us_per_packet, "us");
    if args.filter == Filter::Mood {
        table.text("frames filtered", figures.filtered_frames.to_string());
        table.figure("server CPU per filtered frame", figures.server_cpu_ms_per_filtered_frame, "ms");
        table.percentiles("filter delay", figures.filter_delay_ms, "ms");
    }
    table.figure("memory per participant", figures.rss_kb_per_participant, "KB");
    table.percentiles("load client late by", figures.client_late_ms, "ms");
    for (reason, count) in &figures.refused {
        table.text("refused", format!("{count} x {reason}"));
    }
    table
}
