//! Pictures for covers, drawn by this server, or made by a model where one is configured ([`super::images`]).

use async_trait::async_trait;
use thiserror::Error;
use tokio::task::JoinError;

use super::health::Health;
use crate::base::processors::Processors;
use crate::covers::mark::Origin;
use crate::covers::{self, DrawError, Motif};

/// What a picture is to show.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What it is drawn from.
    pub motif: Motif,
    /// What the playlist is found by.
    pub keywords: &'a [String],
}

/// A picture of [`covers::PIXELS`] by [`covers::PIXELS`] that says in its metadata what made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Painting {
    /// The file: a PNG when it is drawn, a JPEG from a model.
    pub bytes: Vec<u8>,
    /// What made it.
    pub origin: Origin,
}

/// There is no picture: a mistake of ours.
#[derive(Debug, Error)]
pub enum PaintError {
    /// It cannot be drawn.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// What draws it broke.
    #[error("what draws covers broke: {0}")]
    Broken(#[from] JoinError),
}

/// Makes pictures for covers.
#[async_trait]
pub trait Pictures: Send + Sync {
    /// A picture of `subject`. Takes as long as a model may take, so never within a transaction.
    ///
    /// # Errors
    /// [`PaintError`]; a service that does not answer is none.
    async fn paint(&self, subject: &Subject<'_>) -> Result<Painting, PaintError>;

    /// How it is doing.
    fn health(&self) -> &Health;
}

/// The default inside: the same drawing for the same motif.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    processors: Processors,
    health: Health,
}

impl Drawn {
    /// Draws when one of these is free.
    pub fn new(processors: Processors) -> Self {
        Self { processors, health: Health::default() }
    }
}

#[async_trait]
impl Pictures for Drawn {
    async fn paint(&self, subject: &Subject<'_>) -> Result<Painting, PaintError> {
        let motif = subject.motif;
        let bytes = self.processors.work(move || covers::draw(&motif)).await??;
        Ok(Painting { bytes, origin: Origin::Drawn })
    }

    fn health(&self) -> &Health {
        &self.health
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::health::Standing;

    #[tokio::test]
    async fn without_a_model_a_cover_is_the_drawing_of_its_motif() {
        let subject = Subject { motif: Motif { mood: None, genre: None, seed: 7 }, keywords: &["rain".to_owned()] };
        let drawn = Drawn::default();
        let painting = drawn.paint(&subject).await.unwrap();
        assert_eq!(painting, Painting { bytes: covers::draw(&subject.motif).unwrap(), origin: Origin::Drawn });
        assert_eq!(drawn.health().adapter(), Standing::OFF);
    }
}
