//! Who may sit with whom: nobody who has blocked, or was blocked by, somebody in the room.

use super::Rooms;
use crate::base::id::UserId;
use crate::protocol::code::Code;
use crate::protocol::notification::Person;
use crate::social::blocks::{Bar, bar};
use crate::store::StoreError;
use crate::users::card::Card;

impl Rooms {
    /// Whether `user` may meet `company`. Who was blocked is told that the room does not exist.
    ///
    /// # Errors
    /// [`Code::RoomGone`], [`Code::Forbidden`] for who blocked somebody there, [`Code::Unavailable`].
    pub async fn may_meet(&self, user: UserId, company: &[UserId]) -> Result<(), Code> {
        match bar(&self.state.store, user, company).await {
            Ok(None) => Ok(()),
            Ok(Some(Bar::Blocked)) => Err(Code::RoomGone),
            Ok(Some(Bar::Blocks)) => Err(Code::Forbidden),
            Err(error) => {
                tracing::warn!(%error, "nobody can be let in");
                Err(Code::Unavailable)
            }
        }
    }

    /// Somebody as a room shows them; none when the account is gone or going.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn person(&self, user: UserId) -> Result<Option<Person>, StoreError> {
        let card: Option<Card> =
            sqlx::query_as("SELECT id, handle, nickname, avatar FROM users WHERE id = $1 AND deletes_at IS NULL")
                .bind(user)
                .fetch_optional(self.state.store.read())
                .await?;
        Ok(card.map(|Card { id, handle, nickname, avatar }| Person { id, handle, nickname, avatar }))
    }
}
