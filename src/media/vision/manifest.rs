//! `models/manifest.toml`: which networks there are, what they are for, and how to know that a file is the right one.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

/// What a network is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Finds faces and their keypoints.
    Face,
    /// Reads an expression from a face.
    Expression,
    /// Tells person from background.
    Matte,
    /// The same for half the time.
    MatteLight,
}

/// The manifest of a folder of networks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// One entry per file.
    #[serde(rename = "model", default)]
    pub models: Vec<Entry>,
}

/// One network.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// A short name for logs and for people.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// File name inside the folder.
    pub file: String,
    /// Of the file, in hexadecimal.
    pub sha256: String,
    /// SPDX expression.
    pub licence: String,
    /// Where the weights come from.
    pub source: String,
    /// What was done to them.
    #[serde(default)]
    pub changes: String,
    /// What goes in.
    #[serde(default)]
    pub input: Vec<Tensor>,
    /// What comes out.
    #[serde(default)]
    pub output: Vec<Tensor>,
    /// The meaning of the outputs, in order, if they are classes.
    #[serde(default)]
    pub labels: Vec<String>,
    /// How often it is right, measured on what.
    #[serde(default)]
    pub accuracy: Vec<String>,
    /// Licence texts, relative to the folder.
    #[serde(default)]
    pub notices: Vec<String>,
}

/// One input or output.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tensor {
    /// Its name in the graph.
    pub name: String,
    /// Its shape; -1 is any.
    pub shape: Vec<i64>,
    /// What the numbers mean.
    pub content: String,
}

/// Why a folder of networks is of no use.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// A file can't be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The manifest is not what it should be.
    #[error("{} is not a manifest: {source}", path.display())]
    Parse {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// A file is not the one that the manifest means.
    #[error("{} has sha256 {found} instead of {expected}", path.display())]
    Checksum {
        /// Which file.
        path: PathBuf,
        /// What the manifest says.
        expected: String,
        /// What the file has.
        found: String,
    },
    /// A file name that points out of the folder.
    #[error("{0:?} is not a file name")]
    FileName(String),
}

impl Manifest {
    /// Reads `manifest.toml` in `folder`; the networks themselves are not touched.
    ///
    /// # Errors
    /// If it can't be read or isn't a manifest.
    pub fn read(folder: &Path) -> Result<Self, ManifestError> {
        let path = folder.join("manifest.toml");
        let text = fs::read_to_string(&path).map_err(|source| ManifestError::Read { path: path.clone(), source })?;
        toml::from_str(&text).map_err(|source| ManifestError::Parse { path, source: Box::new(source) })
    }
}

impl Entry {
    /// Reads the network and checks that it is the right one.
    ///
    /// # Errors
    /// If it can't be read or has another checksum.
    pub fn load(&self, folder: &Path) -> Result<Vec<u8>, ManifestError> {
        let name = Path::new(&self.file);
        if name.file_name() != Some(name.as_os_str()) {
            return Err(ManifestError::FileName(self.file.clone()));
        }
        let path = folder.join(name);
        let bytes = fs::read(&path).map_err(|source| ManifestError::Read { path: path.clone(), source })?;
        let found = hex::encode(Sha256::digest(&bytes));
        if !found.eq_ignore_ascii_case(&self.sha256) {
            return Err(ManifestError::Checksum { path, expected: self.sha256.clone(), found });
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"
        [[model]]
        name = "m"
        role = "matte-light"
        file = "m.onnx"
        sha256 = "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"
        licence = "MIT"
        source = "here"
        input = [{ name = "x", shape = [-1, 3], content = "RGB" }]
    "#;

    fn folder(model: Option<&str>) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("manifest.toml"), SAMPLE).unwrap();
        if let Some(model) = model {
            fs::write(folder.path().join("m.onnx"), model).unwrap();
        }
        folder
    }

    #[test]
    fn accepts_the_file_that_it_names() {
        let folder = folder(Some("hello"));
        let manifest = Manifest::read(folder.path()).unwrap();
        assert_eq!(manifest.models[0].role, Role::MatteLight);
        assert_eq!(manifest.models[0].load(folder.path()).unwrap(), b"hello");
    }

    #[test]
    fn says_what_is_wrong() {
        let missing = folder(None);
        let entry = Manifest::read(missing.path()).unwrap().models.remove(0);
        assert!(matches!(entry.load(missing.path()), Err(ManifestError::Read { .. })));

        let other = folder(Some("hellO"));
        let problem = entry.load(other.path()).unwrap_err().to_string();
        assert!(problem.contains("m.onnx") && problem.contains("sha256"), "{problem}");

        let outside = Entry { file: "../m.onnx".into(), ..entry };
        assert!(matches!(outside.load(other.path()), Err(ManifestError::FileName(_))));

        fs::write(other.path().join("manifest.toml"), "[[model]]\nname = 3").unwrap();
        assert!(matches!(Manifest::read(other.path()), Err(ManifestError::Parse { .. })));
        assert!(matches!(Manifest::read(Path::new("/nowhere")), Err(ManifestError::Read { .. })));
    }
}
