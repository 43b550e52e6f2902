//! What is in the playlist: from the model that is configured, and from the scorer inside where there is none, or where it
//! does not answer as it should.

use std::collections::BTreeSet;

use async_trait::async_trait;
use thiserror::Error;
use unicode_segmentation::UnicodeSegmentation as _;

use super::answer::{self, Answer, DESCRIPTION, FEWEST, KEYWORDS, MOST, TITLE};
use super::inside::Inside;
use super::prompt;
use super::wish::Wish;
use crate::base::id::SongId;
use crate::outside::answer::OutsideError;
use crate::outside::chat::wire::{Role, Turn};
use crate::outside::chat::{Chat, Question};
use crate::protocol::mood::ClearMood;
use crate::songs::choose::understand;
use crate::songs::named::NamedSong;
use crate::state::AppState;
use crate::tags::name::TagName;

/// What `generated_by` says of the scorer inside.
pub const INSIDE: &str = "catalog";
/// Longest answer that is shown to the model again when it is asked to repair it, in bytes.
const SHOWN_AGAIN: usize = 16 * 1024;

/// What is in a playlist.
#[derive(Clone, Debug, PartialEq)]
pub struct Composed {
    /// Its title: at most 15 characters as readers count them.
    pub title: String,
    /// Its description: at most 50.
    pub description: String,
    /// Three words that it is found by.
    pub keywords: BTreeSet<TagName>,
    /// How it feels.
    pub mood: Option<ClearMood>,
    /// 7 to 10 songs, in order.
    pub songs: Songs,
    /// Who put it together: [`INSIDE`], or the name of a model.
    pub by: String,
}

/// The songs of a playlist.
#[derive(Clone, Debug, PartialEq)]
pub enum Songs {
    /// Those that are there.
    Known(Vec<SongId>),
    /// Those that a model named.
    Named(Vec<NamedSong>),
}

/// Puts a playlist together.
#[async_trait]
pub trait Composer: Send + Sync {
    /// What the playlist for `wish` is; the same for the same wish and seed, as far as the composer can promise that.
    ///
    /// # Errors
    /// [`ComposeError`].
    async fn compose(&self, wish: &Wish, seed: u64) -> Result<Composed, ComposeError>;
}

/// Why there is no playlist. None of them holds anything that somebody wrote.
#[derive(Debug, Error)]
pub enum ComposeError {
    /// The model did not answer.
    #[error(transparent)]
    Chat(#[from] OutsideError),
    /// It answered twice what cannot be used.
    #[error("the model's answer cannot be used, for {0} reasons")]
    Unusable(usize),
    /// The scorer inside broke: a mistake of ours.
    #[error("the scorer inside broke")]
    Songs,
    /// Something is longer, more, or less than it may be.
    #[error("the {0} of a playlist do not fit")]
    Fit(&'static str),
}

/// The model if there is one, and otherwise the scorer inside.
pub struct Composers(Option<Model>);

impl Composers {
    /// Those that the settings say.
    pub fn new(state: &AppState) -> Self {
        Self(state.chat.clone().map(Model))
    }
}

#[async_trait]
impl Composer for Composers {
    async fn compose(&self, wish: &Wish, seed: u64) -> Result<Composed, ComposeError> {
        if let Some(model) = &self.0 {
            match model.compose(wish, seed).await {
                Ok(composed) => return Ok(composed),
                Err(error) => tracing::info!(%error, "the scorer inside takes the model's place"),
            }
        }
        Inside.compose(wish, seed).await
    }
}

/// A chat model.
struct Model(Chat);

#[async_trait]
impl Composer for Model {
    async fn compose(&self, wish: &Wish, _: u64) -> Result<Composed, ComposeError> {
        let mut turns = prompt::turns(wish);
        let first = self.ask(&turns).await?;
        let answer = match answer::read(&first) {
            Ok(answer) => answer,
            Err(faults) => {
                if first.len() <= SHOWN_AGAIN {
                    turns.push(Turn::new(Role::Assistant, first));
                }
                turns.push(prompt::repair(&faults));
                let second = self.ask(&turns).await?;
                answer::read(&second).map_err(|faults| {
                    self.0.health.failed("unusable-answer");
                    ComposeError::Unusable(faults.len())
                })?
            }
        };
        let Answer { title, description, keywords, mood, songs } = answer;
        // Whoever said how they feel knows it better.
        let mood = Some(wish.mood.unwrap_or(mood));
        let feel = understand(wish.text.as_deref().unwrap_or_default(), mood);
        let about = |song: NamedSong| song.genre(wish.genre).decade(wish.decade).feel(feel.energy, feel.valence);
        let songs = songs.into_iter().map(about).collect();
        Ok(Composed { title, description, keywords, mood, songs: Songs::Named(songs), by: self.0.model().to_owned() })
    }
}

impl Model {
    async fn ask(&self, turns: &[Turn]) -> Result<String, OutsideError> {
        self.0.ask(&Question { turns, name: prompt::NAME, schema: &prompt::SCHEMA }).await
    }
}

impl Composed {
    /// Holds every composer, the one inside too, to what a playlist of ours is.
    ///
    /// # Errors
    /// [`ComposeError::Fit`].
    pub fn check(&self) -> Result<(), ComposeError> {
        let fits = |text: &str, most: usize| (1..=most).contains(&text.graphemes(true).count());
        let (count, different) = match &self.songs {
            Songs::Known(songs) => (songs.len(), songs.iter().collect::<BTreeSet<_>>().len()),
            Songs::Named(songs) => (songs.len(), songs.iter().map(NamedSong::key).collect::<BTreeSet<_>>().len()),
        };
        let wrong = [
            (!fits(&self.title, TITLE), "title"),
            (!fits(&self.description, DESCRIPTION), "description"),
            (self.keywords.len() != KEYWORDS, "keywords"),
            (!(FEWEST..=MOST).contains(&count) || different != count, "songs"),
        ];
        match wrong.into_iter().find(|(wrong, _)| *wrong) {
            Some((_, what)) => Err(ComposeError::Fit(what)),
            None => Ok(()),
        }
    }
}
