//! Changing the size of planes and pictures. OpenCV's bilinear resize measured fastest.

use std::sync::Once;

use opencv::core::{Mat, Size};
use opencv::imgproc;

use super::frame::Frame;

/// Width and height of a packed plane, in samples.
pub type PlaneSize = (usize, usize);

/// Bilinear change of size of one packed 8-bit plane; both slices hold exactly their size.
///
/// # Errors
/// OpenCV's, if a slice's length is not what its size says.
pub fn plane(from: &[u8], from_size: PlaneSize, to: &mut [u8], to_size: PlaneSize) -> Result<(), opencv::Error> {
    single_threaded();
    let source = Mat::new_rows_cols_with_data(from_size.1 as i32, from_size.0 as i32, from)?;
    let mut target = Mat::new_rows_cols_with_data_mut(to_size.1 as i32, to_size.0 as i32, to)?;
    let size = Size::new(to_size.0 as i32, to_size.1 as i32);
    imgproc::resize(&source, &mut target, size, 0.0, 0.0, imgproc::INTER_LINEAR)
}

/// Bilinear change of size of a whole picture.
///
/// # Errors
/// OpenCV's; none is known for frames.
pub fn picture(from: &Frame, to: &mut Frame) -> Result<(), opencv::Error> {
    for (from, mut to) in from.view().planes().into_iter().zip(to.planes_mut()) {
        let size = (to.width(), to.height());
        plane(from.data(), (from.width(), from.height()), to.data(), size)?;
    }
    Ok(())
}

/// The part of a picture of `from` pixels that fills `to` without distortion, centered: x, y, width, height.
#[must_use]
pub fn cover(from: (usize, usize), to: (usize, usize)) -> (usize, usize, usize, usize) {
    let scale = (from.0 as f64 / to.0 as f64).min(from.1 as f64 / to.1 as f64);
    let width = ((to.0 as f64 * scale).round() as usize).clamp(1, from.0.max(1));
    let height = ((to.1 as f64 * scale).round() as usize).clamp(1, from.1.max(1));
    ((from.0 - width) / 2, (from.1 - height) / 2, width, height)
}

/// OpenCV's own thread pool would fight the pipeline's workers.
fn single_threaded() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if let Err(error) = opencv::core::set_num_threads(1) {
            tracing::warn!(%error, "OpenCV keeps its own threads");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_picture_stays_flat_at_odd_sizes() {
        let mut from = Frame::new(7, 5);
        from.fill([90, 60, 200]);
        let mut to = Frame::new(33, 21);
        picture(&from, &mut to).unwrap();
        for (plane, value) in to.view().planes().into_iter().zip([90, 60, 200]) {
            assert!(plane.data().iter().all(|&pixel| pixel == value));
        }
    }

    #[test]
    fn covering_keeps_the_shape_and_the_middle() {
        assert_eq!(cover((1280, 720), (640, 480)), (160, 0, 960, 720));
        assert_eq!(cover((480, 640), (640, 480)), (0, 140, 480, 360));
        assert_eq!(cover((640, 480), (640, 480)), (0, 0, 640, 480));
    }
}
