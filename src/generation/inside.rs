//! The scorer inside: songs of the built-in catalogue, without a network and without a model.

use async_trait::async_trait;

use super::compose::{ComposeError, Composed, Composer, INSIDE, Songs};
use super::wish::Wish;
use crate::songs::choose::{self, choose};
use crate::tags::name::TagName;

/// The scorer.
pub struct Inside;

#[async_trait]
impl Composer for Inside {
    async fn compose(&self, wish: &Wish, seed: u64) -> Result<Composed, ComposeError> {
        let wish = wish.clone();
        // It compares every song of the catalogue: milliseconds, and not for an asynchronous thread.
        let choosing = tokio::task::spawn_blocking(move || {
            let wish = choose::Wish {
                text: wish.text.as_deref().unwrap_or_default(),
                mood: wish.mood,
                genre: wish.genre,
                decade: wish.decade,
                language: wish.language,
            };
            (choose(&wish, seed), wish.mood)
        });
        let (choice, mood) = choosing.await.map_err(|_| ComposeError::Songs)?;
        Ok(Composed {
            title: choice.title,
            description: choice.description,
            keywords: choice.keywords.iter().filter_map(|word| TagName::new(word)).collect(),
            mood: mood.or_else(|| choice.understood.moods.first().copied()),
            songs: Songs::Known(choice.songs.iter().map(|song| song.id).collect()),
            by: INSIDE.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::language::Language;
    use crate::protocol::mood::ClearMood;

    #[tokio::test]
    async fn whatever_is_wished_for_gives_a_playlist_that_fits() {
        let wish = Wish { text: None, genre: None, decade: None, mood: None, language: Language::Ko, is_public: false };
        let texts =
            ["", "비 오는 밤에 혼자 걷는 기분", "wide awake", "Rain on the window", "x", "a very private feeling"];
        let moods = [None].into_iter().chain(ClearMood::ALL.map(Some));
        let mut wrong = std::collections::BTreeSet::new();
        for mood in moods {
            for text in texts {
                for language in [Language::Ko, Language::En] {
                    let text = Some(text.to_owned());
                    let wish = Wish { text, mood, language, ..wish.clone() };
                    for seed in [0, 1, 2, 3, 4, 5, 6, u64::from(u32::MAX)] {
                        match Inside.compose(&wish, seed).await.and_then(|composed| composed.check().map(|()| composed))
                        {
                            Ok(_) => {}
                            Err(error) => {
                                wrong.insert(format!("{mood:?} {:?} {seed}: {error}", wish.text));
                            }
                        }
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
