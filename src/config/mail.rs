//! `[mail]`: how letters leave. Without a server they stay in the outbox, which a developer can read.

use serde::{Deserialize, Serialize};

use super::load::ConfigError;

/// The section `[mail]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// Such as `smtps://user:password@mail.example.org` or `smtp://localhost:1025`. Unset: letters stay in the outbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_url: Option<String>,
    /// Who the letters come from.
    pub from: String,
}

impl Default for Mail {
    fn default() -> Self {
        Self { smtp_url: None, from: "Moodcall <moodcall@localhost>".to_owned() }
    }
}

impl Mail {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        match &self.smtp_url {
            Some(url) if !url.starts_with("smtp://") && !url.starts_with("smtps://") => {
                Err(ConfigError::value("mail.smtp_url", "must begin with smtp:// or smtps://"))
            }
            _ => Ok(()),
        }
    }
}
