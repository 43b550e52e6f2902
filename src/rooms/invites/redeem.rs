//! Using an invitation: counted in the same step that finds it, so that of many at once no more get in than it is for.

use crate::base::id::{InviteId, RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::base::token;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::store::StoreError;

/// The invitation of a room with this hash, if it works now; used once more.
const USE: &str = "UPDATE room_invites SET uses = uses + 1 \
     WHERE token_hash = $1 AND room_id = $2 AND revoked_at IS NULL AND expires_at > $3 \
     AND (max_uses IS NULL OR uses < max_uses) RETURNING id";

impl Rooms {
    /// Uses an invitation. Somebody with an account is admitted by it for good, so that coming again uses nothing up;
    /// a guest uses it once for each ticket.
    ///
    /// # Errors
    /// [`Code::InviteNeeded`] when it is not one of this room, over, revoked or used up; [`Code::Unavailable`].
    pub async fn redeem(&self, room: RoomId, token: &str, user: Option<UserId>) -> Result<InviteId, Code> {
        match self.spend(room, token, user).await {
            Ok(Some(invite)) => Ok(invite),
            Ok(None) => Err(Code::InviteNeeded),
            Err(error) => {
                tracing::warn!(%error, "an invitation cannot be used");
                Err(Code::Unavailable)
            }
        }
    }

    /// Whether an invitation would open the room. Uses nothing up.
    ///
    /// # Errors
    /// As [`Self::redeem`].
    pub async fn opens(&self, room: RoomId, token: &str) -> Result<(), Code> {
        let works: Result<i64, sqlx::Error> = sqlx::query_scalar(
            "SELECT COUNT(*) FROM room_invites WHERE token_hash = $1 AND room_id = $2 AND revoked_at IS NULL \
             AND expires_at > $3 AND (max_uses IS NULL OR uses < max_uses)",
        )
        .bind(token::hash(token).to_hex())
        .bind(room)
        .bind(Timestamp::now())
        .fetch_one(self.state.store.read())
        .await;
        match works {
            Ok(0) => Err(Code::InviteNeeded),
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::warn!(%error, "an invitation cannot be looked up");
                Err(Code::Unavailable)
            }
        }
    }

    async fn spend(&self, room: RoomId, token: &str, user: Option<UserId>) -> Result<Option<InviteId>, StoreError> {
        let now = Timestamp::now();
        let mut transaction = self.state.store.begin().await?;
        let used: Option<InviteId> = sqlx::query_scalar(USE)
            .bind(token::hash(token).to_hex())
            .bind(room)
            .bind(now)
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(invite) = used else { return Ok(None) };
        if let Some(user) = user {
            let admitted = sqlx::query(
                "INSERT INTO room_members (room_id, user_id, standing, created_at) VALUES ($1, $2, 'admitted', $3) \
                 ON CONFLICT (room_id, user_id) DO NOTHING",
            )
            .bind(room)
            .bind(user)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
            // Admitted, or banned, by another request in the meantime: then nothing was used.
            if admitted.rows_affected() == 0 {
                return Ok(Some(invite));
            }
        }
        transaction.commit().await?;
        Ok(Some(invite))
    }
}
