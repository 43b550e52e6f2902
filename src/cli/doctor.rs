//! `moodcall doctor`: what this machine has, what is missing, and what that means.

use std::net::{IpAddr, TcpListener, UdpSocket};
use std::time::Duration;

use anyhow::bail;

use crate::app::studio::models_folder;
use crate::bus;
use crate::config::Config;
use crate::media::vision::catalog::Catalog;

/// Prints one line for each check. Fails when the server could not run; a missing filter is no such failure.
pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    let mut broken = 0;
    let mut say = |name: &str, needed: bool, result: Result<String, String>| {
        let (mark, text) = match result {
            Ok(text) => ("ok     ", text),
            Err(text) if needed => {
                broken += 1;
                ("BROKEN ", text)
            }
            Err(text) => ("missing", text),
        };
        println!("{mark} {name:<12} {text}");
    };
    say("data folder", true, folder(config));
    say("HTTP", true, http(config));
    say("media port", true, media_port(config));
    say("addresses", false, addresses(config));
    say("filter", false, filter(config));
    say("mail", false, mail(config));
    say("web app", true, web_app());
    say("Redis", config.redis.url.is_some(), redis(config));
    let files = open_files();
    say("open files", false, if files >= 4096 { Ok(files.to_string()) } else { Err(format!("only {files} allowed")) });
    if broken > 0 {
        bail!("{broken} things keep the server from running");
    }
    Ok(())
}

fn folder(config: &Config) -> Result<String, String> {
    let folder = &config.server.data_dir;
    let shown = folder.display();
    std::fs::create_dir_all(folder).map_err(|error| format!("{shown}: {error}"))?;
    let probe = folder.join(".doctor");
    std::fs::write(&probe, b"x").map_err(|error| format!("{shown}: {error}"))?;
    std::fs::remove_file(&probe).map_err(|error| format!("{shown}: {error}"))?;
    Ok(format!("{shown} can be written"))
}

fn http(config: &Config) -> Result<String, String> {
    let listen = config.server.listen;
    TcpListener::bind(listen).map_err(|error| format!("{listen}: {error}"))?;
    Ok(match &config.server.public_origin {
        Some(origin) => format!("{listen} is free; people see {origin}"),
        None if listen.ip().is_loopback() => format!("{listen} is free; only this machine reaches it"),
        None => format!("{listen} is free; browsers give a camera only to https pages: put a proxy before it"),
    })
}

fn media_port(config: &Config) -> Result<String, String> {
    let port = config.media.udp_port;
    let any = IpAddr::from([0, 0, 0, 0]);
    UdpSocket::bind((any, port)).map_err(|error| format!("UDP {port}: {error}"))?;
    TcpListener::bind((any, port)).map_err(|error| format!("TCP {port}: {error}"))?;
    Ok(if port == 0 { "any free one (set media.udp_port behind a firewall)".into() } else { format!("{port} is free") })
}

fn addresses(config: &Config) -> Result<String, String> {
    if config.media.public_address.is_empty() {
        return Err("media.public_address is not set: clients are told this machine's own addresses".into());
    }
    Ok(config.media.public_address.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

fn filter(config: &Config) -> Result<String, String> {
    if !config.filter.enabled {
        return Err("switched off by filter.enabled".into());
    }
    let folder = models_folder(&config.filter);
    Catalog::load(&folder, config.filter.library.as_deref()).map_err(|error| format!("{error}; calls work without"))?;
    Ok(format!("networks in {} and ONNX Runtime", folder.display()))
}

fn mail(config: &Config) -> Result<String, String> {
    match config.mail.smtp_url {
        Some(_) => Ok(format!("sent over SMTP, from {}", config.mail.from)),
        None => {
            Err("mail.smtp_url is not set: letters stay in the outbox, so nobody but a developer can sign up".into())
        }
    }
}

fn web_app() -> Result<String, String> {
    match crate::app::assets::missing() {
        0 => Ok("all files".into()),
        missing => Err(format!("{missing} files are missing: run `npm ci` and build again")),
    }
}

fn redis(config: &Config) -> Result<String, String> {
    let Some(url) = &config.redis.url else { return Err("not used: this is a single node".into()) };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let ledger = bus::ledger(Some(url), Duration::from_secs(2)).map_err(|error| error.to_string())?;
        ledger.ready().await.map_err(|error| error.to_string())
    })?;
    Ok("answers".into())
}

fn open_files() -> u64 {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is a valid rlimit that the call fills; on failure it stays zero.
    unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) };
    limit.rlim_cur
}
