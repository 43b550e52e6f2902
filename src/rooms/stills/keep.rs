//! The row of a still that somebody owns, and asking those who are in it.

use std::collections::BTreeSet;

use sqlx::AnyConnection;

use super::take::Sitter;
use crate::base::id::{NoticeId, RoomId, StillId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::{self, Notice};
use crate::protocol::notification::NoticeKind;
use crate::rooms::Rooms;
use crate::store::{Engine, Store, StoreError};

/// A still whose files are there.
pub struct Kept {
    /// The still.
    pub still: StillId,
    /// Who took it.
    pub owner: UserId,
    /// Where.
    pub room: RoomId,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Whose cameras are in it.
    pub sitters: Vec<Sitter>,
}

/// The notice that somebody is in a still.
pub(super) fn asked(still: StillId, owner: UserId) -> Notice {
    Notice { kind: NoticeKind::StillAsked, actor: owner, subject: Some(still.to_string()) }
}

/// How many stills somebody has: owner.
pub const COUNT: &str = "SELECT COUNT(*) FROM stills WHERE owner_id = $1";

/// Whether somebody has as many stills as they may keep.
///
/// # Errors
/// The database does not answer.
pub(super) async fn full(rooms: &Rooms, connection: &mut AnyConnection, owner: UserId) -> Result<bool, StoreError> {
    let has: i64 = sqlx::query_scalar(COUNT).bind(owner).fetch_one(connection).await?;
    Ok(has >= i64::from(rooms.state.config.stills.per_person))
}

/// Nobody else changes what these people have not read. In the order of identifiers, as everywhere, so that two
/// transactions never wait for each other; SQLite has one writer anyway.
pub(super) async fn lock(
    store: &Store,
    transaction: &mut AnyConnection,
    people: &BTreeSet<UserId>,
) -> Result<(), StoreError> {
    if store.engine() == Engine::Postgres {
        for person in people {
            sqlx::query("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE")
                .bind(*person)
                .execute(&mut *transaction)
                .await?;
        }
    }
    Ok(())
}

/// Writes the row and asks. Whoever took it has agreed by that. False when their gallery is full: they are locked while it is
/// counted, so that many requests at once keep no more.
///
/// # Errors
/// The database does not answer, or the room or its taker is gone.
pub async fn keep(rooms: &Rooms, kept: Kept) -> Result<bool, StoreError> {
    let state = &rooms.state;
    let owner = kept.owner;
    let people: BTreeSet<UserId> =
        kept.sitters.iter().filter_map(|sitter| sitter.user).filter(|user| *user != owner).collect();
    let now = Timestamp::now();
    let mut transaction = state.store.begin().await?;
    let all: BTreeSet<UserId> = people.iter().copied().chain([owner]).collect();
    lock(&state.store, &mut transaction, &all).await?;
    if full(rooms, &mut transaction, owner).await? {
        return Ok(false);
    }
    insert(&mut transaction, &kept, now).await?;
    let mut told: Vec<(UserId, NoticeId)> = Vec::new();
    for user in people {
        let notice = notices::put(&mut transaction, user, &asked(kept.still, owner), now).await?;
        told.extend(notice.map(|notice| (user, notice)));
    }
    transaction.commit().await?;
    for (user, notice) in told {
        state.notices.wake(user, notice);
    }
    Ok(true)
}

async fn insert(transaction: &mut AnyConnection, kept: &Kept, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO stills (id, owner_id, room_id, room_title, width, height, created_at) \
         VALUES ($1, $2, $3, COALESCE((SELECT title FROM rooms WHERE id = $3), ''), $4, $5, $6)",
    )
    .bind(kept.still)
    .bind(kept.owner)
    .bind(kept.room)
    .bind(i64::from(kept.width))
    .bind(i64::from(kept.height))
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    for sitter in &kept.sitters {
        let own = sitter.user == Some(kept.owner);
        sqlx::query(
            "INSERT INTO still_people (still_id, participant_id, user_id, name, consent, answered_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(kept.still)
        .bind(sitter.participant)
        .bind(sitter.user)
        .bind(&sitter.name)
        .bind(if own { "given" } else { "pending" })
        .bind(own.then_some(now))
        .execute(&mut *transaction)
        .await?;
    }
    Ok(())
}
