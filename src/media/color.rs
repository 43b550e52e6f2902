//! Between RGB and I420, BT.601 limited range: what cameras, VP8 and browsers agree on for these sizes.
//!
//! The video path never leaves I420; this is for pictures that come in (backgrounds), go out (stills), and for palettes.

use super::frame::{Frame, FrameView};

/// One sRGB colour as Y, U, V (limited range, 16..=235 and 16..=240).
pub fn yuv(rgb: [u8; 3]) -> [u8; 3] {
    let [y, u, v] = yuv_exact(rgb.map(|c| f32::from(c) / 255.0));
    [y, u, v].map(|c| c.round().clamp(0.0, 255.0) as u8)
}

/// The same without rounding, from components in 0..1.
pub fn yuv_exact([r, g, b]: [f32; 3]) -> [f32; 3] {
    let luma = 0.299 * r + 0.587 * g + 0.114 * b;
    [16.0 + 219.0 * luma, 128.0 + 224.0 * (b - luma) / 1.772, 128.0 + 224.0 * (r - luma) / 1.402]
}

/// One Y, U, V triple as sRGB.
#[inline(always)]
pub fn rgb(y: u8, u: u8, v: u8) -> [u8; 3] {
    // Fixed point with 13 bits: 255/219, 1.402, 0.344, 0.714 and 1.772 times 255/224.
    let luma = 9539 * (i32::from(y) - 16) + 4096;
    let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
    let red = (luma + 13075 * v) >> 13;
    let green = (luma - 3209 * u - 6660 * v) >> 13;
    let blue = (luma + 16525 * u) >> 13;
    [red.clamp(0, 255) as u8, green.clamp(0, 255) as u8, blue.clamp(0, 255) as u8]
}

/// Converts packed RGB rows (`3 * width` octets each) into a frame of the same size. Chroma is the mean of its pixels.
/// Nothing happens if `pixels` is too short.
pub fn rgb_to_i420(pixels: &[u8], frame: &mut Frame) {
    let (width, height) = frame.size();
    if pixels.len() < 3 * width * height {
        return;
    }
    let [mut luma, mut u, mut v] = frame.planes_mut();
    for (row, out) in pixels.chunks_exact(3 * width).zip(luma.data().chunks_exact_mut(width)) {
        for (pixel, y) in row.chunks_exact(3).zip(out) {
            let (r, g, b) = (u32::from(pixel[0]), u32::from(pixel[1]), u32::from(pixel[2]));
            *y = ((16_829 * r + 33_039 * g + 6_416 * b + (16 << 16) + (1 << 15)) >> 16) as u8;
        }
    }
    for row in 0..u.height() {
        let upper = &pixels[2 * row * 3 * width..][..3 * width];
        let lower = &pixels[(2 * row + 1).min(height - 1) * 3 * width..][..3 * width];
        let (u, v) = (u.row(row), v.row(row));
        for (column, (u, v)) in u.iter_mut().zip(v).enumerate() {
            let (left, right) = (6 * column, 3 * (2 * column + 1).min(width - 1));
            let sum = |c: usize| {
                [upper[left + c], upper[right + c], lower[left + c], lower[right + c]]
                    .map(i32::from)
                    .iter()
                    .sum::<i32>()
            };
            let (r, g, b) = (sum(0), sum(1), sum(2));
            // 224/255 of the usual coefficients, for a sum of four, with 18 bits.
            let blue = (-9_714 * r - 19_070 * g + 28_784 * b + (128 << 18) + (1 << 17)) >> 18;
            let red = (28_784 * r - 24_103 * g - 4_681 * b + (128 << 18) + (1 << 17)) >> 18;
            *u = blue.clamp(0, 255) as u8;
            *v = red.clamp(0, 255) as u8;
        }
    }
}

/// Converts one picture into packed RGB, replacing what `out` held.
pub fn i420_to_rgb(view: FrameView<'_>, out: &mut Vec<u8>) {
    out.clear();
    out.reserve(3 * view.width() * view.height());
    for (row, luma) in view.y().rows().enumerate() {
        let (u, v) = (view.u().row(row / 2), view.v().row(row / 2));
        for (column, &y) in luma.iter().enumerate() {
            out.extend_from_slice(&rgb(y, u[column / 2], v[column / 2]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_white_and_gray_have_their_values() {
        assert_eq!(yuv([0, 0, 0]), [16, 128, 128]);
        assert_eq!(yuv([255, 255, 255]), [235, 128, 128]);
        assert_eq!(rgb(16, 128, 128), [0, 0, 0]);
        assert_eq!(rgb(235, 128, 128), [255, 255, 255]);
    }

    #[test]
    fn colors_survive_the_way_there_and_back_within_three() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let [y, u, v] = yuv([r, g, b]);
                    let back = rgb(y, u, v);
                    for (a, b) in [r, g, b].into_iter().zip(back) {
                        assert!(a.abs_diff(b) <= 3, "{r} {g} {b} -> {back:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn pictures_of_odd_sizes_convert_like_single_colors() {
        for (width, height) in [(1, 1), (3, 5), (16, 9)] {
            let color = [200u8, 80, 40];
            let pixels = color.repeat(width * height);
            let mut frame = Frame::new(width, height);
            rgb_to_i420(&pixels, &mut frame);
            for (plane, value) in frame.view().planes().into_iter().zip(yuv(color)) {
                assert!(plane.data().iter().all(|pixel| pixel.abs_diff(value) <= 1), "{:?} {value}", plane.data());
            }
            let mut back = Vec::new();
            i420_to_rgb(frame.view(), &mut back);
            assert_eq!(back.len(), pixels.len());
            assert!(back.iter().zip(&pixels).all(|(a, b)| a.abs_diff(*b) <= 4));
        }
    }
}
