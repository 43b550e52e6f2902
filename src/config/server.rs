//! `[server]`: where HTTP listens, who is trusted, where data lies, how long a shutdown may take.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::load::ConfigError;
use crate::base::net::Network;

/// The section `[server]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port of HTTP and the socket. Port 0 picks a free one.
    pub listen: SocketAddr,
    /// The origin that people's browsers see, such as `https://call.example.org`; used for links and to check sockets.
    /// Without it the host that a request asks for is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_origin: Option<String>,
    /// Folder for keys and stills; made when missing.
    pub data_dir: PathBuf,
    /// For trying it out on one machine: mails can be read at `/dev/outbox`, and a provider for social log-in is built in.
    /// Both answer to this machine only.
    pub development: bool,
    /// How long a shutdown waits for calls to end, in seconds.
    pub drain_seconds: u64,
    /// Proxies whose `X-Forwarded-For` is believed, as addresses or networks (`10.0.0.0/8`).
    pub trusted_proxies: Vec<Network>,
    /// Bearer token for `/metrics`. Without it only loopback may read them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_token: Option<String>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_origin: None,
            data_dir: PathBuf::from("data"),
            development: false,
            drain_seconds: 30,
            trusted_proxies: Vec::new(),
            metrics_token: None,
        }
    }
}

impl Server {
    /// How long a shutdown waits for calls to end.
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let Some(origin) = &self.public_origin else { return Ok(()) };
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        match host {
            Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ']) => Ok(()),
            _ => Err(ConfigError::value("server.public_origin", "must be http(s)://host[:port] without a path")),
        }
    }
}
