//! `moodcall models verify`: every file against the manifest, then each network once, with progress on a terminal.

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::app::studio::models_folder;
use crate::config::Filter;
use crate::media::vision::catalog::Catalog;
use crate::media::vision::manifest::Manifest;

/// Prints a line for each file and fails when one is wrong.
pub(super) fn verify(filter: &Filter) -> anyhow::Result<()> {
    let folder = models_folder(filter);
    let manifest = Manifest::read(&folder)?;
    // Hidden by itself when standard error is no terminal.
    let bar = ProgressBar::new(manifest.models.len() as u64 + 1);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?);
    let mut wrong = 0;
    for entry in &manifest.models {
        bar.set_message(entry.file.clone());
        let line = match entry.load(&folder) {
            Ok(bytes) => format!("ok     {}  {} bytes  {}  {}", entry.file, bytes.len(), entry.licence, entry.sha256),
            Err(error) => {
                wrong += 1;
                format!("WRONG  {}  {error}", entry.file)
            }
        };
        bar.suspend(|| println!("{line}"));
        bar.inc(1);
    }
    if wrong > 0 {
        bar.finish_and_clear();
        bail!("{wrong} of {} files in {} are wrong; effects stay off", manifest.models.len(), folder.display());
    }
    bar.set_message("running each network");
    let catalog = Catalog::load(&folder, filter.library.as_deref()).context("the files are right, but")?;
    for entry in &manifest.models {
        catalog.open(entry.role).with_context(|| format!("{} does not open", entry.file))?;
    }
    bar.finish_and_clear();
    println!("all {} networks of {} are right and open", manifest.models.len(), folder.display());
    Ok(())
}
