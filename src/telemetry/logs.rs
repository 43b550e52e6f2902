//! Sets `tracing` up: pretty on a terminal, one JSON object a line otherwise, always to standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::logs::{Format, Logs};

/// Installs the subscriber for the whole process. A second call changes nothing.
///
/// # Errors
/// The directives of `logs.level` cannot be read.
pub fn install(logs: &Logs) -> Result<(), tracing_subscriber::filter::ParseError> {
    // Libraries that tell every datagram are kept quiet unless somebody names them; `rtc`'s warnings speak of an ICE and
    // a server name that are not in use here.
    let quiet = ["rtc=error", "hyper=info", "h2=info", "ort=warn", "webrtc=warn"];
    let mut filter = EnvFilter::try_new(&logs.level)?;
    for directive in quiet {
        let name = directive.split('=').next().unwrap_or(directive);
        if !logs.level.contains(name) {
            filter = filter.add_directive(directive.parse()?);
        }
    }
    let pretty = match logs.format {
        Format::Auto => std::io::stderr().is_terminal(),
        Format::Pretty => true,
        Format::Json => false,
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // An already installed subscriber (a test's) stays.
    let _ = if pretty { builder.with_target(true).try_init() } else { builder.json().flatten_event(true).try_init() };
    Ok(())
}
