//! Saying a line.

use crate::base::id::{MessageId, ParticipantId, RoomId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::protocol::server::ServerMessage;
use crate::rooms::Rooms;
use crate::store::StoreError;

/// The next numbers of a room: of its lines, and of what happens to them.
const NUMBERS: &str = "UPDATE rooms SET message_seq = message_seq + 1, change_seq = change_seq + 1 WHERE id = $1 \
     RETURNING message_seq, change_seq";

/// Writes a line of `participant` and tells the room. The speaker hears it by `answer`, in the same order as everybody.
///
/// # Errors
/// [`Code::NotJoined`], [`Code::RoomGone`], [`Code::Unavailable`]: nobody has heard it.
pub async fn say(
    rooms: &Rooms,
    room: RoomId,
    participant: ParticipantId,
    text: String,
    answer: impl FnOnce(ServerMessage),
) -> Result<(), Code> {
    let _turn = rooms.chat().turn(room).await;
    let (name, user) = {
        let live = rooms.live();
        let seat = live.seat(participant).filter(|_| live.home(participant) == Some(room)).ok_or(Code::NotJoined)?;
        (seat.name.clone(), seat.member.as_ref().map(|member| member.person.id))
    };
    let (message, at) = (MessageId::new(), Timestamp::now());
    let written = async {
        let mut transaction = rooms.state.store.begin().await?;
        let numbers: Option<(i64, i64)> = sqlx::query_as(NUMBERS).bind(room).fetch_optional(&mut *transaction).await?;
        let Some((seq, change)) = numbers else { return Ok(None) };
        sqlx::query(
            "INSERT INTO messages (id, room_id, seq, user_id, participant_id, name, body, created_at, change_seq) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(message)
        .bind(room)
        .bind(seq)
        .bind(user)
        .bind(participant)
        .bind(&name)
        .bind(&text)
        .bind(at)
        .bind(change)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(numbers)
    };
    let numbers = written.await.map_err(|error: StoreError| {
        tracing::warn!(%error, "a line of chat could not be kept");
        Code::Unavailable
    })?;
    let (seq, change) = numbers.ok_or(Code::RoomGone)?;
    let said = ServerMessage::Chat { message, seq, change, participant, name, text, at };
    let live = rooms.live();
    if let Some(inside) = live.room(room) {
        inside.tell_others(participant, &said);
    }
    answer(said);
    Ok(())
}
