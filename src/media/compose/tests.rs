//! The whole compositor: what is where, at odd sizes, over time.

use super::*;
use crate::base::clock;
use crate::media::color;

/// A person who fills the middle third, and the mask that says so.
fn scene_of_a_person(width: usize, height: usize) -> (Frame, Mask) {
    let mut frame = Frame::new(width, height);
    frame.fill([200, 90, 90]);
    let [mut y, mut u, mut v] = frame.planes_mut();
    for plane in [&mut y, &mut u, &mut v] {
        let third = plane.width() / 3;
        for row in 0..plane.height() {
            plane.row(row)[third..2 * third].fill(150);
        }
    }
    let mut mask = Mask::new(256, 256);
    mask.update(256, 256, |data| {
        for row in data.chunks_exact_mut(256) {
            row[256 / 3..2 * 256 / 3].fill(255);
        }
    });
    (frame, mask)
}

fn later(start: Instant, milliseconds: u64) -> Instant {
    start + Duration::from_millis(milliseconds)
}

#[test]
fn the_person_stays_and_the_room_goes() {
    for (width, height) in [(640, 480), (321, 241), (1280, 720)] {
        let (frame, mask) = scene_of_a_person(width, height);
        let mut compositor = Compositor::default();
        compositor.set_background(Background::Scene(Mood::Sadness));
        let out = compositor.compose(frame.view(), Some(&mask), clock::now());
        let (y, u) = (out.view().y().row(height / 2), out.view().u().row(height / 4));
        assert!(y[width * 4 / 9..width * 5 / 9].iter().all(|&p| p == 150), "{width}x{height}");
        assert!(u[width * 2 / 9 + 2..width * 5 / 18].iter().all(|&p| p == 150));
        assert!(y[..width / 4].iter().all(|&p| p != 200) && u[..width / 8].iter().all(|&p| p > 128), "a blue scene");
    }
}

#[test]
fn nothing_shows_before_the_outline_is_known() {
    let (frame, _) = scene_of_a_person(640, 480);
    let mut busy = frame.clone();
    let [mut y, ..] = busy.planes_mut();
    for (index, pixel) in y.data().iter_mut().enumerate() {
        *pixel = if (index % 640 / 3).is_multiple_of(2) { 30 } else { 220 };
    }
    let mut compositor = Compositor::default();
    compositor.set_background(Background::FollowMood);
    let out = compositor.compose(busy.view(), None, clock::now());
    assert!(out.view().y().data().windows(2).all(|pair| pair[0].abs_diff(pair[1]) < 12), "all of it is blurred");
}

#[test]
fn the_last_matte_serves_until_there_is_another_and_not_across_a_change_of_size() {
    let (frame, mask) = scene_of_a_person(320, 240);
    let (start, mut compositor) = (clock::now(), Compositor::default());
    compositor.set_background(Background::Scene(Mood::Anger));
    let first = compositor.compose(frame.view(), Some(&mask), start).clone();
    assert!(*compositor.compose(frame.view(), None, start) == first);
    let (larger, _) = scene_of_a_person(640, 480);
    let out = compositor.compose(larger.view(), None, later(start, 33));
    assert_eq!(out.size(), (640, 480));
    assert!(out.view().y().row(240)[320 - 20..320 + 20].iter().all(|&p| p.abs_diff(150) <= 8), "blurred, not cut");
}

#[test]
fn off_is_the_camera_to_the_last_bit_and_a_fade_brings_it_back() {
    let (frame, mask) = scene_of_a_person(160, 120);
    let (start, mut compositor) = (clock::now(), Compositor::default());
    assert!(*compositor.compose(frame.view(), Some(&mask), start) == frame);
    compositor.set_background(Background::Scene(Mood::Fear));
    let mut last = 200u8;
    for step in 1..30 {
        let out = compositor.compose(frame.view(), Some(&mask), later(start, step * 33));
        let room = out.view().y().row(20)[150];
        assert!(room <= last.saturating_add(2), "the room fades out: {last} then {room}");
        last = room;
    }
    assert!(last < 120);
    compositor.set_background(Background::Off);
    compositor.compose(frame.view(), Some(&mask), later(start, 1100));
    assert!(*compositor.compose(frame.view(), Some(&mask), later(start, 2000)) == frame);
}

#[test]
fn following_the_mood_never_flashes() {
    let (frame, mask) = scene_of_a_person(320, 240);
    let (start, mut compositor) = (clock::now(), Compositor::default());
    compositor.set_background(Background::FollowMood);
    let mut last: Option<f32> = None;
    for step in 0..600u64 {
        if step % 60 == 0 {
            compositor.set_mood(Mood::ALL[(step / 60) as usize % Mood::ALL.len()]);
        }
        let out = compositor.compose(frame.view(), Some(&mask), later(start, step * 33));
        let mean = out.view().y().data().iter().map(|&y| f32::from(y)).sum::<f32>() / (320.0 * 240.0);
        if let Some(last) = last {
            assert!((mean - last).abs() < 4.0, "step {step}: {last} to {mean}");
        }
        last = Some(mean);
    }
}

#[test]
fn an_unclear_expression_dims_the_scene_within_its_bounds() {
    for palette in palette::scenes() {
        let (frame, mut mask) = scene_of_a_person(320, 240);
        mask.update(256, 256, |data| data.fill(0));
        let (start, mut compositor) = (clock::now(), Compositor::default());
        compositor.set_background(Background::FollowMood);
        compositor.set_mood(palette.mood);
        let saturation = |frame: &Frame| {
            let chroma = [frame.view().u(), frame.view().v()];
            chroma.iter().flat_map(|plane| plane.data()).map(|&c| u64::from(c.abs_diff(128))).sum::<u64>()
        };
        let bright = saturation(compositor.compose(frame.view(), Some(&mask), start));
        compositor.set_mood(Mood::Unsure);
        let out = compositor.compose(frame.view(), Some(&mask), later(start, 1000));
        assert!(saturation(out) * 10 < bright * 8, "{}", palette.label);
        let mean = out.view().y().data().iter().map(|&y| f32::from(y)).sum::<f32>() / (320.0 * 240.0);
        assert!((65.0..140.0).contains(&mean), "{}: {mean}", palette.label);
    }
}

#[test]
fn the_grade_is_small_and_off_unless_chosen() {
    let (frame, mask) = scene_of_a_person(320, 240);
    let middle = |options: Options| {
        let mut compositor = Compositor::new(options);
        compositor.set_background(Background::Scene(Mood::Sadness));
        compositor.compose(frame.view(), Some(&mask), clock::now()).view().u().row(60)[80]
    };
    assert_eq!(middle(Options::default()), 150);
    let graded = middle(Options { grade: 5.0, ..Options::default() });
    assert!((151..=156).contains(&graded), "{graded}");
}

#[test]
fn a_picture_of_ones_own_covers_the_room() {
    let (frame, mask) = scene_of_a_person(320, 240);
    let color = [20, 160, 60];
    let mut compositor = Compositor::default();
    let picture = image::RgbImage::from_pixel(50, 90, image::Rgb(color));
    compositor.set_background(Background::Picture(crate::media::Picture::new(picture)));
    let out = compositor.compose(frame.view(), Some(&mask), clock::now());
    assert!(out.view().y().row(100)[..90].iter().all(|&y| y.abs_diff(color::yuv(color)[0]) <= 2));
}
