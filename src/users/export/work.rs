//! Makes the copies that people asked for, one after another, and throws away those whose time is over. What a stop
//! interrupted is begun again at the next start.

use std::io::{self, BufWriter, Write};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::mpsc::{self, Receiver, Sender};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::content;
use crate::base::id::{ExportId, UserId};
use crate::base::shutdown::Phase;
use crate::base::timestamp::Timestamp;
use crate::blobs::{BlobError, BlobName};
use crate::store::StoreError;
use crate::users::Users;

/// Time after which copies are looked for that another node was asked for and did not make.
const LOOK: Duration = Duration::from_secs(60);
/// How old a file without a row must be before it is taken for left over.
const LEFT_OVER: Duration = Duration::from_secs(600);
/// Pieces that wait for their turn at most.
const WAITING: usize = 8;

/// Why there is no copy.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The person is gone.
    #[error("the account is gone")]
    Nobody,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// A value that is no JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The archive.
    #[error(transparent)]
    Zip(#[from] zip::result::ZipError),
    /// The other end of the pipe has ended.
    #[error("the archive ended early")]
    Closed,
}

impl From<sqlx::Error> for ExportError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// A piece of an archive.
#[derive(Debug)]
pub enum Piece {
    /// A file begins.
    File {
        /// Its path in the archive.
        name: String,
        /// Whether its content is packed already.
        packed: bool,
    },
    /// It goes on.
    Bytes(Vec<u8>),
}

impl Piece {
    /// A file of text begins.
    pub fn file(name: &str) -> Self {
        Self::File { name: name.into(), packed: false }
    }
}

/// Makes copies until the server stops.
pub async fn run(users: Users) {
    let stopping = users.state.shutdown.reached(Phase::Stopping);
    tokio::pin!(stopping);
    loop {
        let round = async {
            if let Err(error) = make_all(&users).await {
                tracing::warn!(%error, "copies of data have to wait");
            }
            let _ = tokio::time::timeout(LOOK, users.exports.asked.notified()).await;
        };
        tokio::select! {
            () = round => {}
            () = &mut stopping => return,
        }
    }
}

/// Makes every copy that waits. Returns how many are ready.
///
/// # Errors
/// The database does not answer; what waits goes on waiting.
pub async fn make_all(users: &Users) -> Result<usize, StoreError> {
    let mut ready = 0;
    loop {
        let next: Option<(ExportId, UserId)> =
            sqlx::query_as("SELECT id, user_id FROM exports WHERE state = 'pending' ORDER BY created_at, id LIMIT 1")
                .fetch_optional(users.state.store.read())
                .await?;
        let Some((id, user)) = next else { return Ok(ready) };
        match make(users, id, user).await {
            Ok(()) => ready += 1,
            Err(error) => {
                tracing::warn!(%error, export = %id, "a copy of data could not be made");
                sqlx::query("UPDATE exports SET state = 'failed' WHERE id = $1 AND state = 'pending'")
                    .bind(id)
                    .execute(users.state.store.write())
                    .await?;
            }
        }
    }
}

async fn make(users: &Users, id: ExportId, user: UserId) -> Result<(), ExportError> {
    let name: BlobName = format!("{id}.zip").parse().map_err(|_| ExportError::Closed)?;
    let (pieces, taken) = mpsc::channel(WAITING);
    let (packed, mut chunks) = mpsc::channel(WAITING);
    let archive = tokio::task::spawn_blocking(move || pack(taken, packed));
    let mut file = users.exports.blobs.begin(&name).await?;
    let content = async {
        let sent = content::send(users, user, &pieces).await;
        drop(pieces);
        sent
    };
    let keeping = async {
        while let Some(chunk) = chunks.recv().await {
            file.write(chunk).await?;
        }
        Ok::<(), ExportError>(())
    };
    let (sent, kept) = tokio::join!(content, keeping);
    let packed = archive.await.map_err(|_| ExportError::Closed).and_then(|packed| packed);
    if let Err(error) = sent.and(kept).and(packed) {
        file.abort().await?;
        return Err(error);
    }
    let bytes = file.finish().await?;
    let done =
        sqlx::query("UPDATE exports SET state = 'ready', blob = $2, bytes = $3 WHERE id = $1 AND state = 'pending'")
            .bind(id)
            .bind(name.as_str())
            .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
            .execute(users.state.store.write())
            .await?;
    if done.rows_affected() == 0 {
        // The account went meanwhile, and the row with it.
        users.exports.delete([name.to_string()]).await?;
    }
    Ok(())
}

/// Packs pieces as they come; what is packed goes out at once, so that no archive is ever whole in memory.
fn pack(mut pieces: Receiver<Piece>, out: Sender<Vec<u8>>) -> Result<(), ExportError> {
    let mut archive: ZipWriter<StreamWriter<_>> = ZipWriter::new_stream(BufWriter::with_capacity(64 * 1024, Pipe(out)));
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            Piece::File { name, packed } => {
                let method = if packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
                archive.start_file(name, SimpleFileOptions::default().compression_method(method))?;
            }
            Piece::Bytes(bytes) => archive.write_all(&bytes).map_err(zip::result::ZipError::from)?,
        }
    }
    let mut end = archive.finish()?.into_inner();
    end.flush().map_err(zip::result::ZipError::from)?;
    Ok(())
}

/// The end of a pipe that a thread may write to.
struct Pipe(Sender<Vec<u8>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.blocking_send(bytes.to_vec()).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Throws away the copies whose time is over. Returns how many.
///
/// # Errors
/// The database or the files cannot be used.
pub async fn expire(users: &Users, now: Timestamp) -> Result<usize, ExportError> {
    let gone: Vec<Option<String>> =
        sqlx::query_scalar("DELETE FROM exports WHERE expires_at <= $1 AND state <> 'pending' RETURNING blob")
            .bind(now)
            .fetch_all(users.state.store.write())
            .await?;
    let count = gone.len();
    users.exports.delete(gone.into_iter().flatten()).await?;
    Ok(count)
}

/// Removes files that a crash left over. Returns how many.
///
/// # Errors
/// The database or the files cannot be used.
pub async fn sweep(users: &Users, now: Timestamp) -> Result<usize, ExportError> {
    let mut count = 0;
    for name in users.exports.blobs.older(now.before(LEFT_OVER)).await? {
        let named: Option<i32> = sqlx::query_scalar("SELECT 1 FROM exports WHERE blob = $1")
            .bind(name.as_str())
            .fetch_optional(users.state.store.read())
            .await?;
        if named.is_none() {
            users.exports.blobs.delete(&name).await?;
            count += 1;
        }
    }
    Ok(count)
}
