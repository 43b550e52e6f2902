//! `moodcall bench api`: what the API costs with many people in the database, and how long it takes at half of what it can.

mod load;
mod playlists;
mod posts;
mod seed;
mod work;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use super::child::Server;
use super::report::{self, Percentiles, Table, progress};
use load::{Half, Most};
use work::{Kind, People};

/// What `bench api` takes.
#[derive(Clone, Debug, Args)]
#[command(after_help = "docs/bench.md explains the figures.")]
pub struct ApiArgs {
    /// An empty PostgreSQL database, such as postgres://user@localhost/bench; SQLite in a temporary folder without it
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// People in the database
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(100..=10_000_000))]
    pub users: u32,
    /// Who follows whom, at least
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(100..=100_000_000))]
    pub edges: u32,
    /// Posts in the database, every second with a comment; their feeds and the search for them are measured too
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    pub posts: u32,
    /// Playlists of eight songs in the database; their lists, the search for them and digging are measured too
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    pub playlists: u32,
    /// Length of each measurement
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub seconds: u32,
    /// Requests that are open at a time at the most that the server can
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub connections: u32,
    /// What the people and the requests are drawn from
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
    /// Measure another program than this one
    #[arg(long, value_name = "FILE")]
    pub program: Option<PathBuf>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// What was measured of one kind of request.
#[derive(Clone, Debug, Serialize)]
struct Figures {
    /// Which.
    name: &'static str,
    /// Answered per second, as many as possible at once.
    per_second: f64,
    /// Answered per second of the server's processor time.
    per_cpu_second: f64,
    /// Rate of the second measurement: half of the first one's.
    half_rate: f64,
    /// At that rate, from the moment a request was due to its whole answer.
    half_ms: Option<Percentiles>,
    /// Processors' worth of time that the server used at that rate.
    half_cpus: f64,
    /// Answers other than success.
    refused: u64,
}

/// Everything.
#[derive(Clone, Debug, Serialize)]
struct Report {
    database: &'static str,
    users: i64,
    edges: i64,
    notifications: i64,
    posts: i64,
    playlists: i64,
    seed_seconds: f64,
    rss_kb: u64,
    requests: Vec<Figures>,
}

/// Seeds, starts the server, measures, prints.
///
/// # Errors
/// What kept it from measuring.
pub async fn run(args: ApiArgs) -> anyhow::Result<()> {
    let program = args.program.clone().map_or_else(std::env::current_exe, Ok)?;
    let folder = Server::folder()?;
    let seeded = seed::fill(&args, &folder).await.context("the people cannot be made")?;
    let mut settings = work::SETTINGS.to_vec();
    if let Some(url) = &args.database_url {
        settings.push(("MOODCALL_DATABASE_URL", url));
    }
    let server = Server::start_in(folder, &program, &settings).await?;
    let people = People::log_in(&server.url, &args).await.context("nobody can log in")?;
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| kind.has_rows(&args)).collect();
    let bar = progress(kinds.len() as u64 * 2, "measuring");
    let mut requests = Vec::new();
    for kind in kinds {
        let most: Most = load::most(&server, &people, kind, &args).await?;
        bar.inc(1);
        let half: Half = load::steady(&server, &people, kind, most.per_second / 2.0, &args).await?;
        bar.inc(1);
        requests.push(Figures {
            name: kind.name(),
            per_second: report::rounded(most.per_second),
            per_cpu_second: report::rounded(most.per_cpu_second),
            half_rate: report::rounded(most.per_second / 2.0),
            half_ms: half.millis,
            half_cpus: report::rounded(half.cpus),
            refused: most.refused + half.refused,
        });
    }
    bar.finish_and_clear();
    let report = Report {
        database: if args.database_url.is_some() { "PostgreSQL" } else { "SQLite" },
        users: seeded.users,
        edges: seeded.edges,
        notifications: seeded.notifications,
        posts: i64::from(args.posts),
        playlists: i64::from(args.playlists),
        seed_seconds: report::rounded(seeded.took.as_secs_f64()),
        rss_kb: server.rss_kb()?,
        requests,
    };
    report::print(args.json, &report, &table(&report))?;
    server.stop().await;
    Ok(())
}

fn table(report: &Report) -> Table {
    let mut table = Table::default();
    table.text("database", report.database);
    let (users, edges, notices) = (report.users, report.edges, report.notifications);
    table.text("rows", format!("{users} people, {edges} follows, {notices} notifications"));
    table.text("", format!("{} posts, {} playlists", report.posts, report.playlists));
    table.figure("seeded in", Some(report.seed_seconds), "s");
    table.figure("memory of the server", Some(report.rss_kb as f64 / 1024.0), "MiB");
    for one in &report.requests {
        let (most, cpu) = (one.per_second.round(), one.per_cpu_second.round());
        table.text(one.name, format!("{cpu} a CPU second; at most {most} a second; {} refused", one.refused));
        table.percentiles(&format!("  at {:.0} a second", one.half_rate), one.half_ms, "ms");
    }
    table
}
