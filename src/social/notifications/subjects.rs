//! What notifications are about, where it leads nowhere now: a post or a room that is deleted, hidden, or no longer shown to
//! whoever was told. They read that something happened; where it happened is there again when the thing is.

use std::collections::HashSet;

use crate::base::id::UserId;
use crate::protocol::notification::{NoticeKind, Notification};
use crate::social::sight::{person_seen, playlist_seen, post_seen};
use crate::store::hundred::{AT_ONCE, filled, hundred};
use crate::store::{Store, StoreError};

/// Those of these things that the viewer may see: a hundred things, viewer.
pub const THERE: &str = concat!(
    "SELECT p.id FROM posts p JOIN users u ON u.id = p.author_id WHERE p.id IN ",
    hundred!(),
    " AND ",
    post_seen!("$101"),
    " UNION ALL SELECT y.id FROM playlists y JOIN users u ON u.id = y.owner_id WHERE y.id IN ",
    hundred!(),
    " AND ",
    playlist_seen!("y", "u", "$101"),
    " UNION ALL SELECT r.id FROM rooms r JOIN users u ON u.id = r.host_id WHERE r.id IN ",
    hundred!(),
    " AND ",
    person_seen!("$101"),
);

/// Whether a notification of this kind leads to a thing that may be gone. A request for friendship is no place, and calls
/// and questions about stills stand in lists of their own.
const fn leads_to_a_thing(kind: NoticeKind) -> bool {
    !matches!(
        kind,
        NoticeKind::Followed
            | NoticeKind::FriendRequested
            | NoticeKind::FriendAccepted
            | NoticeKind::CallMissed
            | NoticeKind::StillAsked
    )
}

/// Takes away what leads nowhere: one statement for each hundred.
///
/// # Errors
/// The database does not answer.
pub(super) async fn settle(store: &Store, viewer: UserId, rows: &mut [Notification]) -> Result<(), StoreError> {
    for some in rows.chunks_mut(AT_ONCE) {
        let looked_at = |row: &Notification| row.subject.clone().filter(|_| leads_to_a_thing(row.kind));
        let things: Vec<String> = some.iter().filter_map(looked_at).collect();
        if things.is_empty() {
            continue;
        }
        let query = filled(&things).fold(sqlx::query_scalar(THERE), |query, id| query.bind(id));
        let there: Vec<String> = query.bind(viewer).fetch_all(store.read()).await?;
        let there: HashSet<String> = there.into_iter().collect();
        for row in some.iter_mut().filter(|row| leads_to_a_thing(row.kind)) {
            row.subject = row.subject.take().filter(|subject| there.contains(subject));
        }
    }
    Ok(())
}
