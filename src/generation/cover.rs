//! The cover of a playlist that is made: by the model that is configured, and drawn where there is none, or where what comes
//! from it is no picture.

use crate::outside::images::Subject;
use crate::playlists::artwork::Artwork;
use crate::protocol::MoodLabel;
use crate::protocol::mood::ClearMood;
use crate::users::Users;
use crate::users::genre::Genre;
use crate::web::error::ApiError;

/// What a cover is made from. Nothing of it is what the person wrote.
#[derive(Clone, Copy, Debug)]
pub struct CoverWish<'a> {
    /// The mood of the playlist.
    pub mood: Option<ClearMood>,
    /// Its genre.
    pub genre: Option<Genre>,
    /// What it is found by.
    pub keywords: &'a [String],
    /// What a drawn one differs by.
    pub seed: u64,
}

/// Makes a cover, to be kept with its playlist. Takes as long as the model may take, so never within a
/// transaction.
///
/// # Errors
/// 500 for a mistake of ours: a service that does not answer is none.
pub async fn make(users: &Users, wish: &CoverWish<'_>) -> Result<Artwork, ApiError> {
    if let Some(images) = &users.state.images {
        let subject = Subject { mood: wish.mood.map(MoodLabel::from), genre: wish.genre, keywords: wish.keywords };
        if let Ok(bytes) = images.paint(&subject).await {
            let made = Artwork::generated(users, bytes).await;
            images.judge(made.is_ok());
            match made {
                Ok(artwork) => return Ok(artwork),
                Err(error) => tracing::warn!(code = error.code().as_str(), "the model's picture cannot be used"),
            }
        }
    }
    Artwork::drawn(users, wish.mood, wish.genre, wish.seed).await
}
