//! A person in a list: what a row of followers, friends, search results or notifications shows of somebody.

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};
use utoipa::ToSchema;

use crate::base::id::UserId;
use crate::protocol::notification::Person;

/// The little that a list shows of a person.
///
/// Read from the columns `id`, `handle`, `nickname` and `avatar` of `users`; in a wider row by `#[sqlx(flatten)]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Card {
    /// The person.
    pub id: UserId,
    /// Their handle: lower-case letters, digits and `_`; unique.
    #[schema(examples("ada"))]
    pub handle: String,
    /// The name that is shown.
    #[schema(examples("Ada"))]
    pub nickname: String,
    /// Address of their picture, from the root of this server; none when they have not chosen one.
    #[schema(examples("/api/v1/pictures/5kq0p1yj3c2v8m6n4b7x9z0aqw.webp"))]
    pub avatar: Option<String>,
}

impl<'r> FromRow<'r, AnyRow> for Card {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            handle: row.try_get("handle")?,
            nickname: row.try_get("nickname")?,
            avatar: row.try_get::<Option<String>, _>("avatar")?.map(|name| picture_url(&name)),
        })
    }
}

impl From<Card> for Person {
    fn from(Card { id, handle, nickname, avatar }: Card) -> Self {
        Self { id, handle, nickname, avatar }
    }
}

/// Address of the picture with this public name, from the root of this server.
pub fn picture_url(public_name: &str) -> String {
    format!("/api/v1/pictures/{public_name}")
}
