//! Secret keys as files in the data folder, made at the first start and readable by their owner only.

use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rand::RngCore as _;
use thiserror::Error;

/// Length of every key.
pub const BYTES: usize = 32;

/// Why there is no key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the key {} cannot be used: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("the key {} is not {BYTES} bytes long", path.display())]
    Length {
        /// The file.
        path: PathBuf,
    },
}

/// The key `name` in `folder`; made when it is not there. Two servers that start at once in one folder agree on the file
/// that was there first.
///
/// # Errors
/// [`KeyError`]. A key of another length is refused and not replaced: somebody put it there.
pub fn open(folder: &Path, name: &str) -> Result<[u8; BYTES], KeyError> {
    let path = folder.join(name);
    match read_or_make(&path) {
        Ok(bytes) => bytes.try_into().map_err(|_| KeyError::Length { path }),
        Err(source) => Err(KeyError::File { path, source }),
    }
}

fn read_or_make(path: &Path) -> io::Result<Vec<u8>> {
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            let mut fresh = [0; BYTES];
            rand::rng().fill_bytes(&mut fresh);
            file.write_all(&fresh)?;
            file.sync_all()?;
            Ok(fresh.to_vec())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let mut key = Vec::new();
            std::fs::File::open(path)?.take(BYTES as u64 + 1).read_to_end(&mut key)?;
            Ok(key)
        }
        Err(error) => Err(error),
    }
}
