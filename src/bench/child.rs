//! A server of our own as a child process, so that its processor time and memory are counted alone.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long a server may take until it listens.
const START: Duration = Duration::from_secs(60);

/// A running server. It is killed when dropped.
pub struct Server {
    child: Child,
    folder: PathBuf,
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub url: String,
    pid: u32,
}

impl Server {
    /// Starts `program serve` on free ports of loopback with `settings` in its environment, and waits until it listens.
    /// Limits per address and the largest room are raised: all load comes from one address.
    ///
    /// # Errors
    /// When it does not start; the end of its log is in the message.
    pub async fn start(program: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::start_in(Self::folder()?, program, settings).await
    }

    /// A new folder for the data of a server.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn folder() -> anyhow::Result<PathBuf> {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("moodcall-bench-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// Starts it with the data of `folder`, which goes with it.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_in(folder: PathBuf, program: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let log = folder.join("server.log");
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--udp-port", "0", "--public-address", "127.0.0.1"])
            .arg("--data-dir")
            .arg(&folder)
            .env("MOODCALL_LOG", "warn")
            .env("MOODCALL_SERVER__DRAIN_SECONDS", "0")
            .env("MOODCALL_ROOMS__MAX_CAPACITY", "200")
            .env("MOODCALL_ROOMS__PER_ADDRESS_SOCKETS", "100000")
            .env("MOODCALL_ROOMS__CREATES_PER_MINUTE", "100000")
            .env("MOODCALL_ROOMS__TICKETS_PER_MINUTE", "100000")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let stdout = child.stdout.take().context("the server has no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(START, lines.next_line()).await;
        let url = match line {
            Ok(Ok(Some(line))) if line.starts_with("listening on ") => line["listening on ".len()..].trim().to_owned(),
            other => {
                let said = fs::read_to_string(&log).unwrap_or_default();
                let end: Vec<&str> = said.lines().rev().take(5).collect();
                bail!(
                    "the server did not start ({other:?}): {}",
                    end.into_iter().rev().collect::<Vec<_>>().join(" | ")
                );
            }
        };
        // A server that can't write to its standard output must not be stopped by that.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let pid = child.id().context("the server has ended")?;
        Ok(Self { child, folder, url, pid })
    }

    /// Processor time that the server has used so far: user and system, all threads, in steps of 10 ms.
    ///
    /// # Errors
    /// When the server has ended.
    pub fn cpu(&self) -> io::Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        // proc(5): the name in parentheses may hold anything; fields 14 and 15 are utime and stime in clock ticks.
        let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks: u64 =
            after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        Ok(Duration::from_secs_f64(ticks as f64 / system_value(libc::_SC_CLK_TCK) as f64))
    }

    /// Memory that the server holds, in KB (resident set).
    ///
    /// # Errors
    /// When the server has ended.
    pub fn rss_kb(&self) -> io::Result<u64> {
        let statm = fs::read_to_string(format!("/proc/{}/statm", self.pid))?;
        let pages: u64 = statm.split_whitespace().nth(1).and_then(|field| field.parse().ok()).unwrap_or(0);
        Ok(pages * system_value(libc::_SC_PAGESIZE) / 1024)
    }

    /// Ends the server.
    pub async fn stop(mut self) {
        // Failing to kill means that it has ended already.
        let _ = self.child.kill().await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What is left in a temporary folder harms nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn system_value(name: libc::c_int) -> u64 {
    // SAFETY: sysconf only reads its argument, and answers -1 for what it does not know.
    let value = unsafe { libc::sysconf(name) };
    u64::try_from(value).unwrap_or(1).max(1)
}
