//! What the networks see in a picture: where the person is, where their face is, what it seems to express.
//!
//! Each network is fed from the I420 planes directly; nothing but its own small input is ever RGB.

pub mod catalog;
pub mod emotion;
pub mod face;
pub mod manifest;
pub mod mood;
pub mod runtime;
pub mod segment;
pub mod sessions;
pub mod tensor;
pub mod track;

pub use catalog::{Catalog, CatalogError};
pub use sessions::Sessions;

/// Why a network gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum VisionError {
    /// ONNX Runtime said no.
    #[error("the network {model} failed: {reason}")]
    Network {
        /// Its name in the manifest.
        model: String,
        /// The runtime's words.
        reason: String,
    },
    /// The network's inputs or outputs are not those that this code was written for.
    #[error("the network {model} does not have the expected {what}")]
    Shape {
        /// Its name in the manifest.
        model: String,
        /// Which part.
        what: &'static str,
    },
    /// OpenCV said no.
    #[error("could not cut out the face: {0}")]
    Warp(#[from] opencv::Error),
}
