//! Who is staff: decided at the terminal of the server, by whoever may read its database anyway.

use thiserror::Error;

use super::audit::{self, Action};
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::store::{Store, StoreError};

/// Why nobody was made staff, or ceased to be.
#[derive(Debug, Error)]
pub enum AppointError {
    /// There is no such account.
    #[error("nobody is called {0}")]
    Nobody(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for AppointError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Makes the person with this handle staff, which ends a suspension, or makes them staff no more. Servers that are running
/// notice within ten seconds. False when it was so before.
///
/// # Errors
/// [`AppointError`].
pub async fn appoint(store: &Store, handle: &str, staff: bool) -> Result<bool, AppointError> {
    let handle = handle.trim().trim_start_matches('@').to_ascii_lowercase();
    let nobody = || AppointError::Nobody(handle.clone());
    let mut transaction = store.begin().await?;
    let found: Option<(UserId, i16)> =
        sqlx::query_as("SELECT id, is_staff FROM users WHERE handle = $1 AND deletes_at IS NULL")
            .bind(&handle)
            .fetch_optional(&mut *transaction)
            .await?;
    let (user, before) = found.ok_or_else(nobody)?;
    if (before != 0) == staff {
        return Ok(false);
    }
    sqlx::query(
        "UPDATE users SET is_staff = $2, suspended_until = CASE WHEN $2 = 1 THEN NULL ELSE suspended_until END \
         WHERE id = $1",
    )
    .bind(user)
    .bind(i16::from(staff))
    .execute(&mut *transaction)
    .await?;
    let action = if staff { Action::AddStaff } else { Action::RemoveStaff };
    let note = format!("@{handle}, at the terminal");
    audit::record(&mut transaction, None, action, &user.to_string(), &note, Timestamp::now()).await?;
    transaction.commit().await?;
    Ok(true)
}
