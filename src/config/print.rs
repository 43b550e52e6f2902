//! `config print`: every setting as TOML, with the source that it comes from.

use std::fmt::Write as _;

use figment::Figment;
use figment::value::Value;

use super::{Config, ConfigError};

/// Keys whose values are not shown, also within a value.
const SECRET: &[&str] = &["metrics_token", "url", "smtp_url", "client_secret", "key"];

/// One `[section]` after the other, `key = value  # origin` a line. Secrets show only that they are set.
pub(super) fn render(figment: &Figment, config: &Config) -> Result<String, ConfigError> {
    let figment = figment.clone();
    let wrap = |error: figment::Error| ConfigError::Source(Box::new(error));
    let sections = Value::serialize(config).map_err(wrap)?;
    let mut text = String::new();
    for (section, keys) in sections.as_dict().into_iter().flatten() {
        let _ = writeln!(text, "{}[{section}]", if text.is_empty() { "" } else { "\n" });
        for (key, value) in keys.as_dict().into_iter().flatten() {
            let shown = toml_text(&hidden(key, value.clone()));
            let line = format!("{key} = {shown}");
            let origin = origin(&figment, &format!("{section}.{key}"));
            let _ = writeln!(text, "{line:<44} # {origin}");
        }
    }
    Ok(text)
}

/// The value, or that there is one; the same for all that it holds.
fn hidden(key: &str, value: Value) -> Value {
    match value {
        _ if SECRET.contains(&key) => Value::from("(set)"),
        Value::Dict(tag, within) => {
            Value::Dict(tag, within.into_iter().map(|(key, value)| (key.clone(), hidden(&key, value))).collect())
        }
        other => other,
    }
}

fn toml_text(value: &Value) -> String {
    toml::Value::try_from(value).map_or_else(|_| "?".into(), |value| value.to_string())
}

fn origin(figment: &Figment, key: &str) -> String {
    let Some(metadata) = figment.find_metadata(key) else { return "default".into() };
    match &metadata.source {
        Some(figment::Source::File(path)) => path.display().to_string(),
        _ if metadata.name.contains("environment") => "environment".into(),
        _ if metadata.name == "flag" => "flag".into(),
        _ => "default".into(),
    }
}
