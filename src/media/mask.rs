//! Where the person is, as a segmentation network says: coarse, in the network's own size, stretched over the frame.

/// A soft mask: 0 is background, 255 the person. It covers the whole frame whatever the aspect of either.
#[derive(Clone, PartialEq, Eq)]
pub struct Mask {
    width: usize,
    height: usize,
    data: Vec<u8>,
    revision: u64,
}

impl Mask {
    /// A mask of nothing but background.
    #[must_use]
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, data: vec![0; width * height], revision: 0 }
    }

    /// A mask that was not made yet.
    #[must_use]
    pub fn blank() -> Self {
        Self::new(1, 1)
    }

    /// Columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The rows, packed.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Changes whenever the data do: a matte made from this revision may be used again.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether there is nothing in it yet.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.width * self.height <= 1
    }

    /// Forgets everything; the revision counts on.
    pub fn clear(&mut self) {
        self.update(1, 1, |_| {});
    }

    /// Lets `write` change size and data, and counts the revision up.
    pub fn update(&mut self, width: usize, height: usize, write: impl FnOnce(&mut [u8])) {
        if (self.width, self.height) != (width, height) {
            (self.width, self.height) = (width, height);
            self.data.clear();
            self.data.resize(width * height, 0);
        }
        self.revision += 1;
        write(&mut self.data);
    }
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mask({}x{}, revision {})", self.width, self.height, self.revision)
    }
}
