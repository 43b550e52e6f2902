//! Two ways to load a server: as much as it takes, and at a steady rate.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::time::{Instant, sleep_until};

use super::ApiArgs;
use super::work::{Kind, People};
use crate::base::clock;
use crate::bench::child::Server;
use crate::bench::report::{Percentiles, millis};

/// How many times as many connections there are at a steady rate, for answers that take longer than most. A proxy before the
/// server has a bound too; without one, a moment's pause of the machine ends in thousands of new connections, and these in
/// the next pause.
const SPARE: usize = 4;
/// Before each measurement, so that connections are open and caches are as they will be.
const WARM_UP: Duration = Duration::from_secs(1);

/// What came of as many requests as possible.
pub struct Most {
    pub per_second: f64,
    pub per_cpu_second: f64,
    pub refused: u64,
}

/// What came of a steady rate.
pub struct Half {
    pub millis: Option<Percentiles>,
    pub cpus: f64,
    pub refused: u64,
}

/// Keeps `connections` requests open, each followed by the next.
///
/// # Errors
/// The server has ended, or a connection broke.
pub async fn most(server: &Server, people: &People, kind: Kind, args: &ApiArgs) -> anyhow::Result<Most> {
    let (answered, refused) = (AtomicU64::new(0), AtomicU64::new(0));
    let until = async |end: std::time::Instant| {
        let one = async || -> reqwest::Result<()> {
            while clock::now() < end {
                let fine = people.ask(kind).await?;
                answered.fetch_add(1, Ordering::Relaxed);
                refused.fetch_add(u64::from(!fine), Ordering::Relaxed);
            }
            Ok(())
        };
        join_all((0..args.connections).map(|_| one())).await.into_iter().collect::<Result<Vec<_>, _>>()
    };
    until(clock::now() + WARM_UP).await?;
    answered.store(0, Ordering::Relaxed);
    let (started, cpu) = (clock::now(), server.cpu()?);
    until(started + Duration::from_secs(args.seconds.into())).await?;
    let (took, cpu) = (clock::now() - started, server.cpu()?.saturating_sub(cpu));
    let answered = answered.into_inner() as f64;
    Ok(Most {
        per_second: answered / took.as_secs_f64(),
        per_cpu_second: answered / cpu.as_secs_f64().max(0.01),
        refused: refused.into_inner(),
    })
}

/// Sends a request whenever one is due, however long the others take, while there is a connection for it. A request's time
/// begins when it was due, so that one slow answer does not hide what waited behind it.
///
/// # Errors
/// The server has ended, or a connection broke.
pub async fn steady(server: &Server, people: &People, kind: Kind, rate: f64, args: &ApiArgs) -> anyhow::Result<Half> {
    let span = Duration::from_secs(args.seconds.into());
    let most_open = SPARE * args.connections as usize;
    let total = (rate * span.as_secs_f64()).ceil().max(1.0) as u64;
    let (cpu, begin) = (server.cpu()?, clock::now() + Duration::from_millis(50));
    let mut open = FuturesUnordered::new();
    let (mut times, mut refused) = (Vec::new(), 0);
    let mut sent = 0_u64;
    let due = |number: u64| begin + Duration::from_secs_f64(number as f64 / rate);
    while sent < total || !open.is_empty() {
        tokio::select! {
            Some(answer) = open.next(), if !open.is_empty() => {
                let (time, fine): (f64, bool) = answer?;
                times.push(time);
                refused += u64::from(!fine);
            }
            () = sleep_until(Instant::from_std(due(sent))), if sent < total && open.len() < most_open => {
                let at = due(sent);
                sent += 1;
                open.push(async move {
                    let fine = people.ask(kind).await?;
                    Ok::<_, reqwest::Error>((millis(clock::now().saturating_duration_since(at)), fine))
                });
            }
        }
    }
    let took = clock::now().saturating_duration_since(begin);
    let cpus = server.cpu()?.saturating_sub(cpu).as_secs_f64() / took.as_secs_f64().max(0.001);
    Ok(Half { millis: Percentiles::of(&mut times), cpus, refused })
}
