//! Videos of songs, from a search elsewhere where one is configured ([`youtube`]).

pub mod quota;
#[cfg(test)]
mod tests;
pub mod youtube;

use async_trait::async_trait;

use super::answer::OutsideError;
use super::health::Health;

/// Looks for videos.
#[async_trait]
pub trait Videos: Send + Sync {
    /// Searches that there are for a day; 0 where nothing is looked for.
    fn per_day(&self) -> u32;

    /// The identifier of the first video for some words that may be embedded; none when nothing fits. Whoever asks counts
    /// the searches and keeps what is found.
    ///
    /// # Errors
    /// [`OutsideError`].
    async fn search(&self, words: &str) -> Result<Option<String>, OutsideError>;

    /// How it is doing.
    fn health(&self) -> &Health;
}

/// The default inside: no video is known, and none is looked for.
#[derive(Clone, Debug, Default)]
pub struct NoVideos(Health);

#[async_trait]
impl Videos for NoVideos {
    fn per_day(&self) -> u32 {
        0
    }

    async fn search(&self, _: &str) -> Result<Option<String>, OutsideError> {
        Ok(None)
    }

    fn health(&self) -> &Health {
        &self.0
    }
}
