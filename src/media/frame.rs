//! Pictures in I420: a plane of luma, two of chroma at half the width and height (rounded up), BT.601 in limited range.
//! [`Frame`] owns its planes; [`FrameView`] borrows somebody else's, such as a decoder's, with whatever stride they have.

/// Width and height of a picture's chroma planes.
#[must_use]
pub fn chroma_size(width: usize, height: usize) -> (usize, usize) {
    (width.div_ceil(2), height.div_ceil(2))
}

/// One plane to read. Every row is `width` octets of `data`, `stride` apart.
#[derive(Clone, Copy, Debug)]
pub struct Plane<'a> {
    data: &'a [u8],
    stride: usize,
    width: usize,
    height: usize,
}

impl<'a> Plane<'a> {
    /// A plane over `data`, or `None` if the rows would not fit.
    #[must_use]
    pub fn new(data: &'a [u8], stride: usize, width: usize, height: usize) -> Option<Self> {
        fits(data.len(), stride, width, height).then_some(Self { data, stride, width, height })
    }

    /// Samples in a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Octets from one row's start to the next one's.
    #[must_use]
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// All octets, padding included.
    #[must_use]
    pub fn data(&self) -> &'a [u8] {
        self.data
    }

    /// One row, exactly `width` long.
    ///
    /// # Panics
    /// If `y` is not below the height: a bug of the caller.
    #[must_use]
    pub fn row(&self, y: usize) -> &'a [u8] {
        &self.data[y * self.stride..][..self.width]
    }

    /// The rows from top to bottom.
    pub fn rows(self) -> impl Iterator<Item = &'a [u8]> {
        (0..self.height).map(move |y| self.row(y))
    }
}

/// One plane to write.
#[derive(Debug)]
pub struct PlaneMut<'a> {
    data: &'a mut [u8],
    stride: usize,
    width: usize,
    height: usize,
}

impl<'a> PlaneMut<'a> {
    /// A plane over `data`, or `None` if the rows would not fit.
    #[must_use]
    pub fn new(data: &'a mut [u8], stride: usize, width: usize, height: usize) -> Option<Self> {
        fits(data.len(), stride, width, height).then_some(Self { data, stride, width, height })
    }

    /// Samples in a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Octets from one row's start to the next one's.
    #[must_use]
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// All octets, padding included.
    #[must_use]
    pub fn data(&mut self) -> &mut [u8] {
        self.data
    }

    /// One row, exactly `width` long.
    ///
    /// # Panics
    /// If `y` is not below the height: a bug of the caller.
    #[must_use]
    pub fn row(&mut self, y: usize) -> &mut [u8] {
        &mut self.data[y * self.stride..][..self.width]
    }

    /// The same plane to read.
    #[must_use]
    pub fn as_plane(&self) -> Plane<'_> {
        Plane { data: self.data, stride: self.stride, width: self.width, height: self.height }
    }

    /// Copies every row of `from`, which must have the same size.
    ///
    /// # Panics
    /// If the sizes differ: a bug of the caller.
    pub fn copy_from(&mut self, from: Plane<'_>) {
        assert_eq!((self.width, self.height), (from.width, from.height), "planes of different sizes");
        for y in 0..self.height {
            self.row(y).copy_from_slice(from.row(y));
        }
    }
}

fn fits(len: usize, stride: usize, width: usize, height: usize) -> bool {
    width > 0 && height > 0 && stride >= width && stride.checked_mul(height - 1).is_some_and(|rows| rows + width <= len)
}

/// A picture that lies somewhere else.
#[derive(Clone, Copy, Debug)]
pub struct FrameView<'a> {
    planes: [Plane<'a>; 3],
}

impl<'a> FrameView<'a> {
    /// A picture of these planes (Y, U, V), or `None` if the chroma planes are not half the luma's size, rounded up.
    #[must_use]
    pub fn new(planes: [Plane<'a>; 3]) -> Option<Self> {
        let [y, u, v] = &planes;
        let chroma = chroma_size(y.width, y.height);
        ((u.width, u.height) == chroma && (v.width, v.height) == chroma).then_some(Self { planes })
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> usize {
        self.planes[0].width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> usize {
        self.planes[0].height
    }

    /// Width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.width(), self.height())
    }

    /// Luma.
    #[must_use]
    pub fn y(&self) -> Plane<'a> {
        self.planes[0]
    }

    /// Blue-difference chroma.
    #[must_use]
    pub fn u(&self) -> Plane<'a> {
        self.planes[1]
    }

    /// Red-difference chroma.
    #[must_use]
    pub fn v(&self) -> Plane<'a> {
        self.planes[2]
    }

    /// Y, U and V.
    #[must_use]
    pub fn planes(&self) -> [Plane<'a>; 3] {
        self.planes
    }
}

/// A picture with its own memory, rows packed without padding. Its memory survives a change of size that needs no more.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    data: Vec<u8>,
    width: usize,
    height: usize,
}

impl Frame {
    /// A black picture.
    ///
    /// # Panics
    /// If a side is zero: a bug of the caller.
    #[must_use]
    pub fn new(width: usize, height: usize) -> Self {
        let mut frame = Self { data: Vec::new(), width: 0, height: 0 };
        frame.resize(width, height);
        frame
    }

    /// A copy of a picture.
    #[must_use]
    pub fn from_view(view: FrameView<'_>) -> Self {
        let mut frame = Self::new(view.width(), view.height());
        frame.copy_from(view);
        frame
    }

    /// Makes it a black picture of another size; nothing happens if it has that size already.
    ///
    /// # Panics
    /// If a side is zero: a bug of the caller.
    pub fn resize(&mut self, width: usize, height: usize) {
        assert!(width > 0 && height > 0, "a frame has at least one pixel");
        if (self.width, self.height) == (width, height) {
            return;
        }
        (self.width, self.height) = (width, height);
        let (chroma_width, chroma_height) = chroma_size(width, height);
        self.data.resize(width * height + 2 * chroma_width * chroma_height, 0);
        self.fill([16, 128, 128]);
    }

    /// Paints every pixel in one color, given as Y, U, V.
    pub fn fill(&mut self, color: [u8; 3]) {
        for (plane, value) in self.planes_mut().iter_mut().zip(color) {
            plane.data.fill(value);
        }
    }

    /// Takes over size and pixels of another picture.
    pub fn copy_from(&mut self, view: FrameView<'_>) {
        self.resize(view.width(), view.height());
        for (mut plane, from) in self.planes_mut().into_iter().zip(view.planes()) {
            plane.copy_from(from);
        }
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// The picture to read.
    #[must_use]
    pub fn view(&self) -> FrameView<'_> {
        let (chroma_width, chroma_height) = chroma_size(self.width, self.height);
        let (y, chroma) = self.data.split_at(self.width * self.height);
        let (u, v) = chroma.split_at(chroma_width * chroma_height);
        let half = |data| Plane { data, stride: chroma_width, width: chroma_width, height: chroma_height };
        FrameView {
            planes: [Plane { data: y, stride: self.width, width: self.width, height: self.height }, half(u), half(v)],
        }
    }

    /// Y, U and V to write.
    #[must_use]
    pub fn planes_mut(&mut self) -> [PlaneMut<'_>; 3] {
        let (chroma_width, chroma_height) = chroma_size(self.width, self.height);
        let (y, chroma) = self.data.split_at_mut(self.width * self.height);
        let (u, v) = chroma.split_at_mut(chroma_width * chroma_height);
        let half = |data| PlaneMut { data, stride: chroma_width, width: chroma_width, height: chroma_height };
        [PlaneMut { data: y, stride: self.width, width: self.width, height: self.height }, half(u), half(v)]
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({}x{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_sizes_round_chroma_up() {
        let frame = Frame::new(5, 3);
        let view = frame.view();
        assert_eq!((view.u().width(), view.u().height()), (3, 2));
        assert_eq!(frame.data.len(), 15 + 6 + 6);
        assert!(view.y().rows().all(|row| row == [16; 5]));
        assert!(view.v().rows().all(|row| row == [128; 3]));
    }

    #[test]
    fn copies_from_padded_rows() {
        let luma: Vec<u8> = (0..32).collect();
        let chroma = [7; 16];
        let plane = |data, width, height| Plane::new(data, 8, width, height).unwrap();
        let view =
            FrameView::new([plane(&luma[..], 5, 4), plane(&chroma[..], 3, 2), plane(&chroma[..], 3, 2)]).unwrap();
        let frame = Frame::from_view(view);
        assert_eq!(frame.view().y().row(1), &[8, 9, 10, 11, 12]);
        assert_eq!(frame.view().y().stride(), 5);
    }

    #[test]
    fn refuses_planes_that_do_not_fit() {
        assert!(Plane::new(&[0; 14], 5, 5, 3).is_none(), "one octet short");
        assert!(Plane::new(&[0; 13], 5, 3, 3).is_some(), "the last row needs no padding");
        assert!(Plane::new(&[0; 16], 3, 4, 4).is_none(), "rows would overlap");
        assert!(Plane::new(&[0; 16], usize::MAX, 4, 4).is_none(), "no overflow");
        let y = Plane::new(&[0; 16], 4, 4, 4).unwrap();
        assert!(FrameView::new([y, y, y]).is_none(), "chroma too big");
    }
}
