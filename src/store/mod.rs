//! The database: SQLite in a file of the data folder, or PostgreSQL, spoken to in one dialect through sqlx's `Any`.
//!
//! The laws of the dialect stand in `migrations/`. Features own their SQL; here is what all of them share: opening,
//! migrating, transactions, values, and the meaning of errors.

pub mod error;
pub mod hundred;
pub mod pieces;
pub mod value;

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Any, AnyPool, Connection as _, Executor as _, Transaction};

pub use error::StoreError;

/// The migrations, in the binary.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Which database answers. The SQL is the same; very few places need to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in the data folder.
    Sqlite,
    /// A server.
    Postgres,
}

/// Where the database is and how much of it to use.
#[derive(Clone, Debug)]
pub struct Options {
    /// `postgres://…`; none for the file.
    pub url: Option<String>,
    /// Folder of the SQLite file.
    pub folder: PathBuf,
    /// Connections at most.
    pub connections: u32,
    /// Longest wait for a free connection.
    pub wait: Duration,
}

impl Options {
    /// SQLite in `folder`.
    pub fn file(folder: &Path) -> Self {
        Self { url: None, folder: folder.to_owned(), connections: 8, wait: Duration::from_secs(2) }
    }
}

/// A connection that has been idle for longer is asked whether it still holds before it is used; asking before each statement
/// would cost as much as a short statement does.
const IDLE: Duration = Duration::from_secs(1);

/// A handle on the database; clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Engine,
    read: AnyPool,
    /// SQLite has one writer at a time, so it gets one connection and a queue instead of busy errors.
    write: AnyPool,
}

impl Store {
    /// Connects and brings the schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a later version of the program has used the database, [`StoreError::Unavailable`] when
    /// it cannot be reached.
    pub async fn open(options: &Options) -> Result<Self, StoreError> {
        let store = Self::connect(options).await?;
        store.migrate().await?;
        Ok(store)
    }

    /// Connects without touching the schema.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn connect(options: &Options) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let pool = |connections| {
            let options = AnyPoolOptions::new().max_connections(connections).acquire_timeout(options.wait);
            options.test_before_acquire(false).before_acquire(|connection, used| {
                Box::pin(async move {
                    if used.idle_for > IDLE {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
        };
        match &options.url {
            Some(url) => {
                let read = pool(options.connections).connect(url).await?;
                Ok(Self { engine: Engine::Postgres, write: read.clone(), read })
            }
            None => {
                let url = format!("sqlite://{}?mode=rwc", options.folder.join("moodcall.db").display());
                let tuned = |connections| {
                    pool(connections).after_connect(|connection, _| {
                        Box::pin(async move {
                            connection.execute(PRAGMAS).await?;
                            Ok(())
                        })
                    })
                };
                let write = tuned(1).connect(&url).await?;
                let read = tuned(options.connections).connect(&url).await?;
                Ok(Self { engine: Engine::Sqlite, read, write })
            }
        }
    }

    /// Applies the migrations that are missing.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Unavailable`].
    pub async fn migrate(&self) -> Result<(), StoreError> {
        MIGRATIONS.run(&self.write).await.map_err(|error| match error {
            MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version) => {
                StoreError::Newer { version, known: newest() }
            }
            other => StoreError::Migration(other.to_string()),
        })
    }

    /// Refuses a schema that this program does not fit, without changing it.
    ///
    /// # Errors
    /// [`StoreError::Newer`], or [`StoreError::Migration`] when migrations are missing.
    pub async fn current(&self) -> Result<(), StoreError> {
        let applied: Result<Option<i64>, _> =
            sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(&self.read).await;
        match applied.ok().flatten() {
            Some(version) if version == newest() => Ok(()),
            Some(version) if version > newest() => Err(StoreError::Newer { version, known: newest() }),
            _ => Err(StoreError::Migration("migrations are missing; run `moodcall migrate`".into())),
        }
    }

    /// Which database answers.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// For queries that change nothing.
    pub fn read(&self) -> &AnyPool {
        &self.read
    }

    /// A transaction that may write. It begins as a writer, so it never fails half-way because another one was first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(match self.engine {
            Engine::Sqlite => self.write.begin_with("BEGIN IMMEDIATE").await?,
            Engine::Postgres => self.write.begin().await?,
        })
    }

    /// For one statement that writes and needs no transaction of its own.
    pub fn write(&self) -> &AnyPool {
        &self.write
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn ready(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.read).await?;
        Ok(())
    }

    /// Ends every connection.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// A commit is on the disk before it is acknowledged (`synchronous=FULL`), readers do not wait for the writer (WAL).
const PRAGMAS: &str = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; \
                       PRAGMA busy_timeout=5000; PRAGMA temp_store=MEMORY;";

/// Version of the newest migration that this program knows.
pub fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}
