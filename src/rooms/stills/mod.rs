//! Stills: pictures of a call, shown at addresses that are signed and end.
//!
//! Whoever has an account owns what they take: it has a row, lies in their gallery, and its files stay until it is deleted.
//! A guest's is there for a day. Everybody with an account whose camera is in it is asked whether it may be published.

pub mod consent;
pub mod create;
pub mod delete;
pub mod file;
pub mod gallery;
pub mod keep;
pub mod requests;
pub mod show;
pub mod still;
pub mod sweep;
pub mod take;

use crate::base::id::StillId;
use crate::blobs::{BlobName, NameError, Signature};
use crate::rooms::Rooms;

pub use take::{CreatedStill, NewStill};

/// The two files of a still, the PNG and the WebP.
///
/// # Errors
/// Never: an identifier is a name.
pub fn files(still: StillId) -> Result<[BlobName; 2], NameError> {
    Ok([format!("{still}.png").parse()?, format!("{still}.webp").parse()?])
}

impl Rooms {
    /// An address of a still's file that works for a while from `unix` (since the epoch).
    fn address(&self, name: &BlobName, unix: std::time::Duration) -> String {
        let Signature { expires, signature } = self.stills.sign(name, unix, self.state.config.stills.url());
        format!("/api/v1/stills/{name}?expires={expires}&signature={signature}")
    }
}
