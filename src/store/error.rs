//! What a failed statement means.

use sqlx::error::{DatabaseError, ErrorKind};
use thiserror::Error;

/// Why the store did not do what was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A unique index says that this is there already. Holds the index's name, `{table}_{first column}`.
    #[error("{0} is taken")]
    Taken(String),
    /// A row that is pointed to is not there (any more).
    #[error("a row that is pointed to is missing")]
    Missing,
    /// A CHECK constraint says no.
    #[error("a value breaks a rule of the schema")]
    Rule,
    /// Another transaction was in the way; trying again may work.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database does not answer.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// A later version of the program has used this database.
    #[error(
        "the database has schema version {version}, this program knows up to {known} or another text of it; \
         start the newer program, or restore a backup"
    )]
    Newer {
        /// The first version that is not known.
        version: i64,
        /// The newest that is.
        known: i64,
    },
    /// A migration failed.
    #[error("the schema cannot be brought up to date: {0}")]
    Migration(String),
    /// Anything else: a mistake of ours.
    #[error("{0}")]
    Other(String),
}

impl StoreError {
    /// Whether the unique index `index` (named `{table}_{first column}`) refused the row.
    pub fn is_taken(&self, index: &str) -> bool {
        matches!(self, Self::Taken(name) if name == index)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => from_database(error.as_ref()),
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unavailable(error.to_string())
            }
            other => Self::Other(other.to_string()),
        }
    }
}

fn from_database(error: &dyn DatabaseError) -> StoreError {
    match error.kind() {
        ErrorKind::UniqueViolation => StoreError::Taken(index(error)),
        ErrorKind::ForeignKeyViolation => StoreError::Missing,
        ErrorKind::CheckViolation | ErrorKind::NotNullViolation => StoreError::Rule,
        _ => {
            let code = error.code().unwrap_or_default().into_owned();
            match code.as_str() {
                // PostgreSQL: serialization failure, deadlock. SQLite: busy, locked, and their variants.
                "40001" | "40P01" | "5" | "6" | "261" | "517" => StoreError::Busy(error.to_string()),
                // PostgreSQL: connection exceptions and shut-downs. SQLite: the file cannot be opened, read or extended.
                "57P01" | "57P02" | "57P03" | "53300" | "14" | "10" | "13" => {
                    StoreError::Unavailable(error.to_string())
                }
                code if code.starts_with("08") => StoreError::Unavailable(error.to_string()),
                _ => StoreError::Other(error.to_string()),
            }
        }
    }
}

/// PostgreSQL names the index. SQLite names `table.column, …`, of which the first makes the same name.
fn index(error: &dyn DatabaseError) -> String {
    if let Some(name) = error.constraint() {
        return name.to_owned();
    }
    let message = error.message();
    let columns = message.rsplit("constraint failed: ").next().unwrap_or(message);
    columns.split(',').next().unwrap_or(columns).trim().replace('.', "_")
}
