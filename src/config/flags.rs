//! The settings that `moodcall serve` takes as flags, each also as a short `MOODCALL_…` variable.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

/// Flags that stand above every other source.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Flags {
    /// Settings file in TOML [env: MOODCALL_CONFIG]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port of HTTP; port 0 picks one [env: MOODCALL_LISTEN] [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// Port of all media, UDP and TCP; 0 picks one [env: MOODCALL_UDP_PORT] [default: 0]
    #[arg(long, value_name = "N")]
    pub udp_port: Option<u16>,
    /// Address that clients send media to, may be repeated [env: MOODCALL_PUBLIC_ADDRESS] [default: all of this machine's]
    #[arg(long, value_name = "IP")]
    pub public_address: Vec<IpAddr>,
    /// Folder for keys and stills [env: MOODCALL_DATA_DIR] [default: data]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// PostgreSQL, such as postgres://user@localhost/moodcall; SQLite without it [env: MOODCALL_DATABASE_URL]
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// For trying it out on one machine: the outbox and a log-in provider can be reached in the browser [env: MOODCALL_DEVELOPMENT]
    #[arg(long)]
    pub development: bool,
}

/// Short variables and the keys that they set. Every other key is `MOODCALL_SECTION__KEY`.
pub const SHORT: &[(&str, &str)] = &[
    ("LISTEN", "server.listen"),
    ("UDP_PORT", "media.udp_port"),
    ("PUBLIC_ADDRESS", "media.public_address"),
    ("PUBLIC_ORIGIN", "server.public_origin"),
    ("DATA_DIR", "server.data_dir"),
    ("MODELS_DIR", "filter.models_dir"),
    ("LIBRARY", "filter.library"),
    ("LOG", "logs.level"),
    ("DATABASE_URL", "database.url"),
    ("DEVELOPMENT", "server.development"),
    ("REDIS_URL", "redis.url"),
];

impl Provider for Flags {
    fn metadata(&self) -> Metadata {
        Metadata::named("flag")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut dict = Dict::new();
        let mut set = |section: &str, key: &str, value: Value| {
            let entry = dict.entry(section.to_owned()).or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, section) = entry {
                section.insert(key.to_owned(), value);
            }
        };
        if let Some(listen) = self.listen {
            set("server", "listen", Value::from(listen.to_string()));
        }
        if let Some(folder) = &self.data_dir {
            set("server", "data_dir", Value::serialize(folder)?);
        }
        if let Some(port) = self.udp_port {
            set("media", "udp_port", Value::from(port));
        }
        if !self.public_address.is_empty() {
            set("media", "public_address", Value::serialize(&self.public_address)?);
        }
        if let Some(url) = &self.database_url {
            set("database", "url", Value::from(url.as_str()));
        }
        if self.development {
            set("server", "development", Value::from(true));
        }
        Ok(Map::from([(Profile::Default, dict)]))
    }
}
