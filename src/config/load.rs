//! Reads the sources in their order and checks the result.

use std::path::PathBuf;

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use thiserror::Error;

use super::flags::{Flags, SHORT};
use super::{Config, print};

/// Why the settings cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file that was named is not there.
    #[error("the settings file {} cannot be read: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A source has an unknown key, a wrong type, or is not TOML.
    #[error("{0}")]
    Source(Box<figment::Error>),
    /// A variable that begins with `MOODCALL_` names no setting.
    #[error("the variable MOODCALL_{0} names no setting (try MOODCALL_SECTION__KEY)")]
    Variable(String),
    /// A value has the right type and is not allowed.
    #[error("{key} {problem}")]
    Value {
        /// The setting.
        key: &'static str,
        /// What it must be.
        problem: &'static str,
    },
}

impl ConfigError {
    pub(super) fn value(key: &'static str, problem: &'static str) -> Self {
        Self::Value { key, problem }
    }
}

/// Checked settings and where each came from.
#[derive(Debug)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    figment: Figment,
}

impl Loaded {
    /// The settings as TOML, each line with its origin.
    ///
    /// # Errors
    /// When a source changed under us; practically never.
    pub fn print(&self) -> Result<String, ConfigError> {
        print::render(&self.figment, &self.config)
    }
}

/// Reads defaults, the file (by flag or `MOODCALL_CONFIG`), variables and flags.
///
/// # Errors
/// [`ConfigError`] says which source and key is wrong.
pub fn load(flags: &Flags) -> Result<Loaded, ConfigError> {
    let variables = std::env::vars().filter_map(|(name, _)| name.strip_prefix("MOODCALL_").map(str::to_owned));
    for name in variables {
        if name != "CONFIG" && !name.contains("__") && !SHORT.iter().any(|(short, _)| *short == name) {
            return Err(ConfigError::Variable(name));
        }
    }
    let file = flags.config.clone().or_else(|| std::env::var_os("MOODCALL_CONFIG").map(PathBuf::from));
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if let Some(path) = file {
        let text = std::fs::read_to_string(&path).map_err(|source| ConfigError::File { path: path.clone(), source })?;
        // Parsed once more from the path by figment, so that messages and origins name the file.
        drop(text);
        figment = figment.merge(Toml::file_exact(path));
    }
    figment = figment.merge(environment()).merge(flags);
    let config: Config = figment.extract().map_err(|error| ConfigError::Source(Box::new(error)))?;
    check(&config)?;
    Ok(Loaded { config, figment })
}

fn environment() -> Env {
    Env::prefixed("MOODCALL_").ignore(&["config"]).map(|name| {
        let short = SHORT.iter().find(|(short, _)| name == *short);
        match short {
            Some((_, key)) => (*key).into(),
            None => name.as_str().replace("__", ".").into(),
        }
    })
}

fn check(config: &Config) -> Result<(), ConfigError> {
    config.server.check()?;
    config.database.check()?;
    config.accounts.check()?;
    config.mail.check()?;
    super::oidc::check(&config.oidc)?;
    config.media.check()?;
    config.rooms.check()?;
    config.filter.check()?;
    config.stills.check()?;
    config.cover_model.check()?;
    config.videos.check()?;
    config.generation.check()?;
    config.chat_model.check()?;
    config.redis.check()
}
