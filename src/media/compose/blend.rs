//! Mixing pictures, in I420: a person over a scene, one scene into another, a scene that steps back.

use super::matte::Matte;
use crate::media::frame::{Frame, FrameView, Plane, PlaneMut};

/// A shift of the person's chroma (U, V) toward the scene's light; zero leaves them as they are.
pub type Tint = [i8; 2];

/// Lays `person` over `scene` with the opacity of `matte` into `out`. All four have one size.
pub fn over(person: FrameView<'_>, scene: FrameView<'_>, matte: &Matte, tint: Tint, out: &mut Frame) {
    let [mut y, mut u, mut v] = out.planes_mut();
    let (width, chroma_width) = (y.width(), u.width());
    for (row, alpha) in matte.luma().chunks_exact(width).enumerate() {
        over_row(person.y().row(row), scene.y().row(row), alpha, y.row(row));
    }
    for (row, alpha) in matte.chroma().chunks_exact(chroma_width).enumerate() {
        let (u, v) = (u.row(row), v.row(row));
        if tint == [0, 0] {
            over_row(person.u().row(row), scene.u().row(row), alpha, u);
            over_row(person.v().row(row), scene.v().row(row), alpha, v);
        } else {
            over_row_tinted(person.u().row(row), scene.u().row(row), alpha, tint[0], u);
            over_row_tinted(person.v().row(row), scene.v().row(row), alpha, tint[1], v);
        }
    }
}

/// `alpha` 255 gives `front` and 0 gives `back`, both exactly.
pub fn over_row(front: &[u8], back: &[u8], alpha: &[u8], out: &mut [u8]) {
    let count = out.len();
    let (front, back, alpha) = (&front[..count], &back[..count], &alpha[..count]);
    for i in 0..count {
        out[i] = weigh(front[i], back[i], alpha[i]);
    }
}

fn over_row_tinted(front: &[u8], back: &[u8], alpha: &[u8], shift: i8, out: &mut [u8]) {
    let count = out.len();
    let (front, back, alpha) = (&front[..count], &back[..count], &alpha[..count]);
    for i in 0..count {
        out[i] = weigh(front[i].saturating_add_signed(shift), back[i], alpha[i]);
    }
}

#[inline(always)]
fn weigh(front: u8, back: u8, alpha: u8) -> u8 {
    let alpha = u16::from(alpha);
    let sum = u16::from(front) * alpha + u16::from(back) * (255 - alpha) + 128;
    ((sum + (sum >> 8)) >> 8) as u8
}

/// The picture `progress` (0..1) of the way from `from` to `to`. Luma is mixed as light is, near enough: between the
/// squares of its values. Mixed as numbers, the middle of a crossfade would sag into the dark.
pub fn crossfade(from: FrameView<'_>, to: FrameView<'_>, progress: f32, out: &mut Frame) {
    let progress = progress.clamp(0.0, 1.0);
    let [mut y, mut u, mut v] = out.planes_mut();
    for row in 0..y.height() {
        mix_light(from.y().row(row), to.y().row(row), progress, y.row(row));
    }
    let weight = (progress * 255.0 + 0.5) as u8;
    mix_plane(from.u(), to.u(), weight, &mut u);
    mix_plane(from.v(), to.v(), weight, &mut v);
}

fn mix_light(from: &[u8], to: &[u8], progress: f32, out: &mut [u8]) {
    let count = out.len();
    let (from, to) = (&from[..count], &to[..count]);
    for i in 0..count {
        let (a, b) = (f32::from(from[i]) - 16.0, f32::from(to[i]) - 16.0);
        let (a, b) = (a.max(0.0), b.max(0.0));
        let light = a * a + (b * b - a * a) * progress;
        out[i] = (light.sqrt() + 16.5) as u8;
    }
}

fn mix_plane(from: Plane<'_>, to: Plane<'_>, weight: u8, out: &mut PlaneMut<'_>) {
    for row in 0..out.height() {
        let count = out.width();
        let (from, to, out) = (&from.row(row)[..count], &to.row(row)[..count], out.row(row));
        for i in 0..count {
            out[i] = weigh(to[i], from[i], weight);
        }
    }
}

/// Takes color and some light out of a picture: at `amount` 1, 45 % of the color and 14 % of the light.
pub fn recede(frame: &mut Frame, amount: f32) {
    let amount = amount.clamp(0.0, 1.0);
    let (luma, chroma) = ((256.0 - 36.0 * amount) as u16, (256.0 - 115.0 * amount) as u16);
    let [mut y, mut u, mut v] = frame.planes_mut();
    for pixel in y.data() {
        *pixel = 16 + ((u16::from(pixel.saturating_sub(16)) * luma + 128) >> 8) as u8;
    }
    for plane in [&mut u, &mut v] {
        for pixel in plane.data() {
            // 128 * (256 - chroma) + pixel * chroma never leaves 16 bits.
            *pixel = ((u16::from(*pixel) * chroma + 128 * (256 - chroma) + 127) >> 8) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::mask::Mask;

    fn noise(width: usize, height: usize, seed: u32) -> Frame {
        let mut frame = Frame::new(width, height);
        let mut state = seed;
        for mut plane in frame.planes_mut() {
            for pixel in plane.data() {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *pixel = 16 + (state >> 24) as u8 % 220;
            }
        }
        frame
    }

    fn matte(width: usize, height: usize, value: u8) -> Matte {
        let mut mask = Mask::new(8, 8);
        mask.update(8, 8, |data| data.fill(value));
        let mut matte = Matte::default();
        matte.update(&mask, width, height).unwrap();
        matte
    }

    #[test]
    fn opaque_is_the_person_and_transparent_the_scene_to_the_last_bit() {
        for (width, height) in [(640, 480), (7, 5), (1, 1)] {
            let (person, scene) = (noise(width, height, 1), noise(width, height, 2));
            let mut out = Frame::new(width, height);
            over(person.view(), scene.view(), &matte(width, height, 255), [0, 0], &mut out);
            assert!(out == person);
            over(person.view(), scene.view(), &matte(width, height, 0), [9, 9], &mut out);
            assert!(out == scene);
        }
    }

    #[test]
    fn reads_rows_with_padding() {
        let luma = noise(32, 4, 3);
        let plane = |width, height| Plane::new(luma.view().y().data(), 32, width, height).unwrap();
        let view = FrameView::new([plane(21, 3), plane(11, 2), plane(11, 2)]).unwrap();
        let mut out = Frame::new(21, 3);
        over(view, noise(21, 3, 4).view(), &matte(21, 3, 255), [0, 0], &mut out);
        assert!(out == Frame::from_view(view));
    }

    #[test]
    fn every_alpha_rounds_to_the_nearest() {
        for alpha in 0..=255u8 {
            for (front, back) in [(255u8, 0u8), (0, 255), (16, 235), (200, 199), (255, 255)] {
                let exact = (f64::from(front) * f64::from(alpha) + f64::from(back) * f64::from(255 - alpha)) / 255.0;
                assert!((f64::from(weigh(front, back, alpha)) - exact).abs() <= 0.51, "{front} {back} {alpha}");
            }
        }
    }

    #[test]
    fn a_crossfade_is_monotone_and_ends_exactly() {
        let (from, to) = (noise(33, 9, 5), noise(33, 9, 6));
        let mut out = Frame::new(33, 9);
        crossfade(from.view(), to.view(), 0.0, &mut out);
        assert!(out == from);
        let mut before = out.clone();
        for step in 1..=24 {
            crossfade(from.view(), to.view(), step as f32 / 24.0, &mut out);
            let ends = from.view().y().data().iter().zip(to.view().y().data());
            let steps = before.view().y().data().iter().zip(out.view().y().data());
            for ((from, to), (before, now)) in ends.zip(steps) {
                let rises = if to >= from { now >= before } else { now <= before };
                assert!(rises, "{from} to {to}: {before} then {now}");
            }
            before.copy_from(out.view());
        }
        assert!(out == to);
    }

    #[test]
    fn a_crossfade_does_not_sag_into_the_dark() {
        let (mut dark, mut bright, mut out) = (Frame::new(4, 4), Frame::new(4, 4), Frame::new(4, 4));
        dark.fill([16, 128, 128]);
        bright.fill([216, 128, 128]);
        crossfade(dark.view(), bright.view(), 0.5, &mut out);
        let middle = out.view().y().data()[0];
        assert!((152..=162).contains(&middle), "half the light looks brighter than half the number: {middle}");
    }

    #[test]
    fn receding_takes_color_and_light() {
        let mut frame = Frame::new(4, 4);
        frame.fill([116, 88, 188]);
        recede(&mut frame, 0.0);
        assert_eq!(frame.view().planes().map(|plane| plane.data()[0]), [116, 88, 188]);
        recede(&mut frame, 1.0);
        assert_eq!(frame.view().planes().map(|plane| plane.data()[0]), [102, 106, 161]);
    }
}
