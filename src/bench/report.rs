//! What a bench prints: a table for people, JSON for programs, and a bar of progress on a terminal.

use std::fmt::Write as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// Median and 99th percentile of a series, by nearest rank.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Percentiles {
    /// Half of the values are at most this.
    pub p50: f64,
    /// All but one in a hundred values are at most this.
    pub p99: f64,
}

impl Percentiles {
    /// Of `values`, in any order; `None` if there are none.
    pub fn of(values: &mut [f64]) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        Some(Self { p50: nearest_rank(values, 0.50)?, p99: nearest_rank(values, 0.99)? })
    }
}

/// The value that `share` of the sorted `values` does not exceed.
pub fn nearest_rank(values: &[f64], share: f64) -> Option<f64> {
    let rank = (share * values.len() as f64).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied().map(rounded)
}

/// Three decimals: enough for any figure here, and JSON stays readable.
pub fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// A duration as the milliseconds that figures are given in.
pub fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// Rows of names and figures with their units.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<(String, String)>,
}

impl Table {
    /// A row with any text.
    pub fn text(&mut self, name: &str, value: impl Into<String>) {
        self.rows.push((name.to_owned(), value.into()));
    }

    /// A row with a figure, or a dash where nothing was measured.
    pub fn figure(&mut self, name: &str, value: Option<f64>, unit: &str) {
        self.text(name, value.map_or("-".to_owned(), |value| format!("{} {unit}", trimmed(value))));
    }

    /// A row with a median and a 99th percentile.
    pub fn percentiles(&mut self, name: &str, value: Option<Percentiles>, unit: &str) {
        let text = value.map(|of| format!("p50 {} {unit}, p99 {} {unit}", trimmed(of.p50), trimmed(of.p99)));
        self.text(name, text.unwrap_or("-".to_owned()));
    }

    /// The rows with the figures under each other.
    pub fn render(&self) -> String {
        let width = self.rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let mut out = String::new();
        for (name, value) in &self.rows {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{name:width$}  {value}");
        }
        out
    }
}

/// Prints `figures` as JSON, or else `table`.
///
/// # Errors
/// Only if `figures` cannot be written as JSON.
pub fn print(json: bool, figures: &impl Serialize, table: &Table) -> serde_json::Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(figures)?);
    } else {
        print!("{}", table.render());
    }
    Ok(())
}

/// A bar on the terminal's standard error; nothing where there is no terminal.
pub fn progress(length: u64, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(length).with_message(what.to_owned());
    match ProgressStyle::with_template("{msg:24} {bar:32} {pos}/{len}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn trimmed(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else if value.abs() >= 100.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_of_the_series() {
        let mut values: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        assert_eq!(Percentiles::of(&mut values), Some(Percentiles { p50: 100.0, p99: 198.0 }));
        assert_eq!(Percentiles::of(&mut [7.0]), Some(Percentiles { p50: 7.0, p99: 7.0 }));
        assert_eq!(Percentiles::of(&mut []), None);
    }

    #[test]
    fn a_table_lines_its_figures_up() {
        let mut table = Table::default();
        table.figure("join", Some(12.345), "ms");
        table.percentiles("a longer name", None, "ms");
        assert_eq!(table.render(), "join           12.35 ms\na longer name  -\n");
    }
}
