//! Several kinds of things in one list: all of one kind, then all of the next. A cursor says where in which.

use super::handler::Hit;
use super::query::Query;
use super::{people, playlists, posts, rooms};
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::songs::find::{self as songs, Sought};
use crate::store::Store;
use crate::tags::list::find as find_tags;
use crate::tags::name::TagName;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// A kind of thing that can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// People.
    Users,
    /// Tags.
    Tags,
    /// Rooms.
    Rooms,
    /// Posts.
    Posts,
    /// Playlists.
    Playlists,
    /// Songs.
    Songs,
}

impl Kind {
    /// Every kind, in the order of the list when the request does not say.
    pub const ALL: [Self; 6] = [Self::Users, Self::Tags, Self::Rooms, Self::Posts, Self::Playlists, Self::Songs];

    /// As it stands in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Tags => "tags",
            Self::Rooms => "rooms",
            Self::Posts => "posts",
            Self::Playlists => "playlists",
            Self::Songs => "songs",
        }
    }

    /// The kinds that a request names with commas between, each once; none when one of them is no kind.
    pub fn list(text: &str) -> Option<Vec<Self>> {
        let mut kinds = Vec::new();
        for name in text.split(',') {
            let kind = Self::ALL.into_iter().find(|kind| kind.as_str() == name)?;
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        Some(kinds)
    }
}

/// One page of the kinds in their order.
///
/// # Errors
/// 400 for a cursor of another list; 503.
pub async fn find(
    store: &Store,
    viewer: UserId,
    query: &Query,
    kinds: &[Kind],
    paging: &Paging,
) -> Result<Page<Hit>, ApiError> {
    let most = paging.limit as usize;
    let (mut at, mut after) = begin(kinds, paging)?;
    let mut items = Vec::new();
    while let Some(kind) = kinds.get(at).copied() {
        if items.len() >= most {
            // Full at the end of a section: the next one begins the next page.
            return Ok(Page { items, next_cursor: Some(place(kind, None)) });
        }
        let rest = Paging { limit: (most - items.len()) as u32, after: after.take() };
        let page = section(store, viewer, query, kind, &rest).await?;
        items.extend(page.items);
        if let Some(cursor) = page.next_cursor.as_deref().and_then(Cursor::from_text) {
            return Ok(Page { items, next_cursor: Some(place(kind, Some(cursor))) });
        }
        at += 1;
    }
    Ok(Page { items, next_cursor: None })
}

async fn section(
    store: &Store,
    viewer: UserId,
    query: &Query,
    kind: Kind,
    paging: &Paging,
) -> Result<Page<Hit>, ApiError> {
    Ok(match kind {
        Kind::Users => people::find(store, viewer, query, paging).await?.map(|user| Hit::User { user }),
        Kind::Posts => posts::find(store, viewer, query, paging).await?.map(|post| Hit::Post { post: Box::new(post) }),
        Kind::Playlists => {
            let page = playlists::find(store, viewer, query, paging).await?;
            page.map(|playlist| Hit::Playlist { playlist: Box::new(playlist) })
        }
        Kind::Songs => {
            let sought = Sought::words(query.folded());
            songs::find(store, &sought, paging).await?.map(|song| Hit::Song { song: Box::new(song) })
        }
        Kind::Rooms => rooms::find(store, viewer, query, paging).await?.map(|room| Hit::Room { room }),
        Kind::Tags => match TagName::new(query.folded()) {
            Some(name) => find_tags(store, name.as_str(), paging).await?.map(|tag| Hit::Tag { tag }),
            None => Page { items: Vec::new(), next_cursor: None },
        },
    })
}

/// The section to begin with, and where in it.
fn begin(kinds: &[Kind], paging: &Paging) -> Result<(usize, Option<Cursor>), ApiError> {
    let Some(cursor) = &paging.after else { return Ok((0, None)) };
    let wrong = || ApiError::BadRequest(Code::Cursor, String::new());
    let (kind, id) = cursor.id.split_once(':').map_or((cursor.id.as_str(), None), |(kind, id)| (kind, Some(id)));
    let at = kinds.iter().position(|one| one.as_str() == kind).ok_or_else(wrong)?;
    Ok((at, id.map(|id| Cursor { at: cursor.at, id: id.to_owned() })))
}

/// The cursor that goes on in a section, after a place or at its beginning.
fn place(kind: Kind, after: Option<Cursor>) -> String {
    let start = || Cursor { at: Timestamp::from_millis(0), id: kind.as_str().to_owned() };
    // The place itself may be empty.
    let within = |Cursor { at, id }: Cursor| Cursor { at, id: format!("{}:{id}", kind.as_str()) };
    after.map_or_else(start, within).to_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_in_their_order_and_each_once() {
        assert_eq!(Kind::list("posts,users,posts"), Some(vec![Kind::Posts, Kind::Users]));
        for wrong in ["", "planets", "users,", "users, posts", "Users"] {
            assert_eq!(Kind::list(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_place_is_found_again_and_one_of_another_list_is_refused() {
        let kinds = [Kind::Users, Kind::Posts];
        let paging = |text: &str| Paging { limit: 1, after: Cursor::from_text(text) };
        let inner = Cursor { at: Timestamp::from_millis(7), id: "!3".into() };
        let text = place(Kind::Posts, Some(inner.clone()));
        assert_eq!(begin(&kinds, &paging(&text)).unwrap(), (1, Some(inner)));
        assert_eq!(begin(&kinds, &paging(&place(Kind::Posts, None))).unwrap(), (1, None));
        let empty = Cursor { at: Timestamp::from_millis(0), id: String::new() };
        let text = place(Kind::Posts, Some(empty.clone()));
        assert_eq!(begin(&kinds, &paging(&text)).unwrap(), (1, Some(empty)), "which is not the beginning");
        assert!(begin(&[Kind::Users], &paging(&text)).is_err(), "there are no posts in that list");
        let foreign = Cursor { at: Timestamp::from_millis(7), id: "x".into() };
        assert!(begin(&kinds, &paging(&foreign.to_text())).is_err());
    }
}
