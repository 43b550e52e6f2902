//! One worker's networks, opened when they are first needed and shared by its takes.

use super::VisionError;
use super::catalog::Catalog;
use super::emotion::EmotionReader;
use super::face::FaceDetector;
use super::manifest::Role;
use super::segment::Segmenter;

/// The networks of one thread: some 16 MB for the first worker, 5 for each further one.
pub struct Sessions {
    catalog: Catalog,
    face: Option<FaceDetector>,
    emotion: Option<EmotionReader>,
    matte: Option<Segmenter>,
    light: Option<Segmenter>,
}

impl Sessions {
    /// Nothing is opened yet.
    #[must_use]
    pub fn new(catalog: Catalog) -> Self {
        Self { catalog, face: None, emotion: None, matte: None, light: None }
    }

    /// The face detector.
    ///
    /// # Errors
    /// If it can't be opened.
    pub fn face(&mut self) -> Result<&mut FaceDetector, VisionError> {
        if self.face.is_none() {
            self.face = Some(FaceDetector::new(self.catalog.open(Role::Face)?.0)?);
        }
        Ok(self.face.as_mut().expect("opened above"))
    }

    /// The expression reader.
    ///
    /// # Errors
    /// If it can't be opened.
    pub fn emotion(&mut self) -> Result<&mut EmotionReader, VisionError> {
        if self.emotion.is_none() {
            let (network, entry) = self.catalog.open(Role::Expression)?;
            self.emotion = Some(EmotionReader::new(network, entry)?);
        }
        Ok(self.emotion.as_mut().expect("opened above"))
    }

    /// The segmenter, the full or the light one.
    ///
    /// # Errors
    /// If it can't be opened.
    pub fn matte(&mut self, light: bool) -> Result<&mut Segmenter, VisionError> {
        let (slot, role) = if light { (&mut self.light, Role::MatteLight) } else { (&mut self.matte, Role::Matte) };
        if slot.is_none() {
            let (network, entry) = self.catalog.open(role)?;
            let output = entry.output.first().map(|output| output.name.clone());
            let missing = || VisionError::Shape { model: entry.name.clone(), what: "output in the manifest" };
            *slot = Some(Segmenter::new(network, &output.ok_or_else(missing)?)?);
        }
        Ok(slot.as_mut().expect("opened above"))
    }
}
