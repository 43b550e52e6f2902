//! The tags that a query means: the one that is called so, and popular ones that it is a part of.

use super::query::Query;
use crate::store::{Store, StoreError};
use crate::tags::list;
use crate::tags::name::TagName;
use crate::web::page::Paging;

/// Popular tags whose things are looked at.
const FEW: u32 = 3;

/// Their names, the one that is called so first. One character is a part of too many names to mean them.
///
/// # Errors
/// The database does not answer.
pub async fn find(store: &Store, query: &Query) -> Result<Vec<String>, StoreError> {
    let Some(name) = TagName::new(query.folded()) else { return Ok(Vec::new()) };
    let mut names = vec![name.to_string()];
    if !query.is_short() {
        let found = list::find(store, name.as_str(), &Paging { limit: FEW, after: None }).await?;
        names.extend(found.items.into_iter().map(|tag| tag.name).filter(|found| found != name.as_str()));
    }
    Ok(names)
}
