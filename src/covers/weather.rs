//! What a mood brings to a cover: its colors, how dark it is, and its kind of motion, as the scenes of a call have them.

use std::ops::Range;

use super::SIDE;
use super::dice::Dice;
use super::scene::Scene;
use super::shape::{self, Swell};
use super::sheet::{Blend, Group, Look};
use crate::base::palette::{self, Tones};
use crate::protocol::MoodLabel;

/// The weather of a mood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weather(MoodLabel);

/// Those that have one of their own.
const ALL: [MoodLabel; 8] = [
    MoodLabel::Neutral,
    MoodLabel::Happiness,
    MoodLabel::Sadness,
    MoodLabel::Anger,
    MoodLabel::Fear,
    MoodLabel::Disgust,
    MoodLabel::Surprise,
    MoodLabel::Contempt,
];

impl Weather {
    /// A mood's; `unsure` has the one of calm in its own colors.
    pub const fn of(mood: MoodLabel) -> Self {
        Self(mood)
    }

    /// One of the eight.
    pub fn any(dice: &mut Dice) -> Self {
        Self(ALL[dice.count(0, ALL.len() - 1)])
    }

    /// Its colors.
    pub const fn tones(self) -> Tones {
        match self.0 {
            MoodLabel::Neutral => palette::NEUTRAL,
            MoodLabel::Happiness => palette::HAPPINESS,
            MoodLabel::Sadness => palette::SADNESS,
            MoodLabel::Anger => palette::ANGER,
            MoodLabel::Fear => palette::FEAR,
            MoodLabel::Disgust => palette::DISGUST,
            MoodLabel::Surprise => palette::SURPRISE,
            MoodLabel::Contempt => palette::CONTEMPT,
            MoodLabel::Unsure => palette::UNSURE,
        }
    }

    /// How far from its own hue what stands out may be, in degrees.
    pub const fn turns(self) -> [Range<f32>; 2] {
        match self.0 {
            // Toward red alone: a green sun is no happy one.
            MoodLabel::Happiness => [-78.0..-48.0, -50.0..-22.0],
            MoodLabel::Anger => [22.0..68.0, -50.0..-18.0],
            _ => [28.0..75.0, -75.0..-28.0],
        }
    }

    /// How many of its covers are dark, of 1.
    pub const fn darkness(self) -> f32 {
        match self.0 {
            MoodLabel::Happiness => 0.25,
            MoodLabel::Sadness => 0.8,
            MoodLabel::Anger => 0.9,
            MoodLabel::Fear => 1.0,
            MoodLabel::Disgust => 0.7,
            _ => 0.5,
        }
    }

    /// What lies behind the motif.
    pub fn behind(self, scene: &mut Scene) {
        match self.0 {
            MoodLabel::Happiness => bokeh(scene, 10, 0.22),
            MoodLabel::Sadness => rain(scene, 70, 0.16),
            MoodLabel::Anger => heat(scene),
            MoodLabel::Fear => fog(scene, 3),
            MoodLabel::Disgust => ripples(scene),
            MoodLabel::Surprise => rays(scene),
            MoodLabel::Contempt => dunes(scene),
            MoodLabel::Neutral | MoodLabel::Unsure => clouds(scene),
        }
    }

    /// What passes in front of it.
    pub fn before(self, scene: &mut Scene) {
        match self.0 {
            MoodLabel::Happiness => bokeh(scene, 13, 0.3),
            MoodLabel::Sadness => rain(scene, 46, 0.3),
            MoodLabel::Anger => embers(scene),
            MoodLabel::Fear => fog(scene, 2),
            MoodLabel::Surprise => confetti(scene),
            _ => {}
        }
    }
}

/// Discs of light out of focus, which rise: small and many below, large and few above.
fn bokeh(scene: &mut Scene, most: usize, cover: f32) {
    let Scene { dice, inks, sheet, .. } = scene;
    let count = dice.count(most / 2, most);
    let paints: Vec<_> = [0.0, 0.5, 1.0]
        .map(|share| {
            let ink = inks.light.mix(inks.glow, share);
            sheet.ball(&[(0.0, ink, 0.5), (0.82, ink, 0.62), (0.93, ink, 1.0), (1.0, ink, 0.0)])
        })
        .into();
    let drift = dice.between(0.2, 0.8);
    sheet.group(&Group::default().blend(Blend::Screen), |sheet| {
        for _ in 0..count {
            let way = dice.unit();
            let x = SIDE * (drift + dice.around() * 0.6);
            let center = (x, SIDE * (1.05 - 1.1 * way));
            let radius = 5.0 + 46.0 * way * dice.unit().powf(1.6);
            let paint = paints[dice.count(0, 2)].clone();
            sheet.circle(center, radius, &Look::filled(paint).clear(cover * dice.between(0.45, 1.0)));
        }
    });
}

/// Fine rain, all of it one way.
fn rain(scene: &mut Scene, most: usize, cover: f32) {
    let Scene { dice, inks, sheet, sun, .. } = scene;
    let lean = if sun.0 < SIDE / 2.0 { 0.22 } else { -0.22 } * dice.between(0.3, 1.0);
    for _ in 0..dice.count(most / 2, most) {
        let (x, y) = (SIDE * dice.between(-0.1, 1.1), SIDE * dice.between(-0.1, 1.0));
        let length = dice.between(14.0, 76.0) * dice.between(0.6, 1.0);
        let path = format!("M{x:.1} {y:.1}l{:.1} {length:.1}", -lean * length);
        let width = 0.7 + 1.5 * dice.unit().powi(2);
        sheet.path(&path, &Look::line(inks.light, width).clear(cover * dice.between(0.25, 1.0)));
    }
}

/// A fire that is somewhere below.
fn heat(scene: &mut Scene) {
    let x = SIDE * scene.dice.between(0.2, 0.8);
    let (hot, glow) = (scene.inks.accent.mix(scene.inks.glow, 0.4), scene.inks.glow);
    let (wide, near) = (scene.dice.between(0.7, 0.95), scene.dice.between(0.3, 0.5));
    scene.glow((x, SIDE * 1.05), SIDE * wide, glow.vivid(1.2), 0.75);
    scene.glow((x, SIDE * 1.1), SIDE * near, hot, 0.6);
}

/// Sparks on their crooked ways up.
fn embers(scene: &mut Scene) {
    let Scene { dice, inks, sheet, .. } = scene;
    let hot = inks.glow.mix(inks.light, 0.45).turned(22.0).vivid(1.6);
    let halo = sheet.ball(&[(0.0, hot, 0.8), (0.4, hot, 0.22), (1.0, hot, 0.0)]);
    let swell = Swell::new(dice, 3, 180.0..320.0);
    let count = dice.count(34, 64);
    let start = dice.between(0.3, 0.7);
    sheet.group(&Group::default().blend(Blend::Screen), |sheet| {
        for _ in 0..count {
            let way = dice.unit().powf(0.8);
            let y = SIDE * (1.02 - way);
            let x = SIDE * (start + dice.around() * (0.3 + 0.4 * way)) + 26.0 * swell.at(y);
            let size = (0.7 + 2.4 * dice.unit().powi(3)) * (1.25 - 0.6 * way);
            let cover = (1.1 - way) * dice.between(0.5, 1.0);
            if size > 1.5 {
                sheet.circle((x, y), size * 6.0, &Look::filled(halo.clone()).clear(cover.min(1.0)));
            }
            let ink = hot.mix(inks.light, dice.unit() * 0.6);
            let path = format!("M{x:.1} {y:.1}q{:.1} {:.1} {:.1} {:.1}", size, -size, dice.around() * 5.0, -size * 4.0);
            sheet.path(&path, &Look::line(ink, size * 1.4).clear(cover.min(1.0)));
        }
    });
}

/// Banks of fog, one in front of the other.
fn fog(scene: &mut Scene, banks: usize) {
    let Scene { dice, inks, sheet, .. } = scene;
    for bank in 0..banks {
        let level = SIDE * (0.3 + 0.65 * (bank as f32 + dice.unit()) / banks as f32);
        let (waves, height) = (Swell::new(dice, 3, 300.0..620.0), dice.between(18.0, 46.0));
        let ink = inks.glow.mix(inks.light, dice.between(0.1, 0.5)).vivid(0.7);
        let (depth, cover) = (dice.between(120.0, 240.0), dice.between(0.14, 0.32));
        let stops = [(0.0, ink, 0.0), (0.3, ink, cover), (1.0, ink, 0.0)];
        let paint = sheet.linear((0.0, level - height), (0.0, level + depth), &stops);
        sheet.path(&shape::below(&waves.line(level, height, 48.0)), &Look::filled(paint));
    }
}

/// Rings on water around a place that may be outside, crossed by shafts of light.
fn ripples(scene: &mut Scene) {
    let Scene { dice, inks, sheet, sun, .. } = scene;
    let center = (SIDE * dice.between(-0.1, 1.1), SIDE * dice.between(0.5, 1.1));
    let (step, flat) = (dice.between(26.0, 44.0), dice.between(0.45, 0.8));
    let lobes = (dice.count(3, 6) as f32, dice.count(7, 11) as f32);
    let start = dice.unit();
    for ring in 1..(900.0 / step) as usize {
        let radius = step * ring as f32 * (1.0 + 0.02 * ring as f32);
        let points: Vec<_> = (0..40)
            .map(|at| {
                let turns = at as f32 / 40.0;
                let one = ((turns * lobes.0 + start) * std::f32::consts::TAU + ring as f32 * 0.5).sin();
                let two = ((turns * lobes.1 - start) * std::f32::consts::TAU - ring as f32 * 0.8).sin();
                let (x, y) = shape::polar((0.0, 0.0), turns, radius * (1.0 + 0.035 * one + 0.02 * two));
                (center.0 + x, center.1 + y * flat)
            })
            .collect();
        let cover = dice.between(0.06, 0.2);
        sheet.path(&shape::around(&points), &Look::line(inks.subject(0.55), dice.between(0.8, 5.0)).clear(cover));
    }
    let ink = inks.light;
    for _ in 0..dice.count(2, 4) {
        let (x, wide) = (sun.0 + SIDE * 0.5 * dice.around(), dice.between(14.0, 60.0));
        let slope = (x - SIDE / 2.0) * 0.8 + 60.0 * dice.around();
        let paint = sheet.linear((0.0, 0.0), (0.0, SIDE * 0.85), &[(0.0, ink, 0.2), (1.0, ink, 0.0)]);
        let shaft = [(x, -10.0), (x + wide, -10.0), (x + slope + wide * 2.4, SIDE), (x + slope, SIDE)];
        sheet.path(&shape::polygon(&shaft), &Look::filled(paint));
    }
}

/// Rays that open from behind the motif.
fn rays(scene: &mut Scene) {
    let Scene { dice, inks, sheet, focus, .. } = scene;
    let count = dice.count(9, 22) as f32;
    let (start, share) = (dice.unit(), dice.between(0.35, 0.55));
    let far = SIDE * 1.2;
    let ink = inks.subject(0.7);
    let cover = dice.between(0.16, 0.34);
    let paint = sheet.radial(*focus, far, &[(0.0, ink, cover), (0.35, ink, cover * 0.6), (0.9, ink, 0.0)]);
    let mut path = String::new();
    for ray in 0..count as usize {
        let from = start + ray as f32 / count;
        let to = from + share / count * dice.between(0.6, 1.2);
        path += &shape::polygon(&[*focus, shape::polar(*focus, from, far), shape::polar(*focus, to, far)]);
    }
    sheet.path(&path, &Look::filled(paint));
}

/// Paper that comes down, larger where it is near.
fn confetti(scene: &mut Scene) {
    let Scene { dice, inks, sheet, focus, .. } = scene;
    let inks = [inks.accent, inks.light, inks.glow.vivid(1.2), inks.deep.vivid(1.2), inks.accent.turned(70.0)];
    for _ in 0..dice.count(38, 76) {
        let (x, y) = (SIDE * dice.unit(), SIDE * dice.unit().powf(0.85));
        // Most of it keeps away from what the eye goes to.
        let near = ((x - focus.0).hypot(y - focus.1) / (SIDE * 0.34)).min(1.0);
        if dice.unit() > near * near {
            continue;
        }
        let size = 2.5 + 9.0 * dice.unit().powi(3);
        let look = Look::filled(inks[dice.count(0, 4)]).clear(dice.between(0.7, 1.0));
        let turn = dice.between(0.0, 180.0);
        let flat = size * dice.between(0.35, 1.0);
        match dice.count(0, 5) {
            0 => sheet.circle((x, y), size * 0.6, &look),
            1 => {
                let curl = format!(
                    "M{x:.1} {y:.1}q{:.1} {:.1} {:.1} {:.1}",
                    size,
                    -size * 2.0,
                    size * 2.0,
                    dice.around() * size
                );
                sheet.path(&curl, &Look::line(inks[dice.count(0, 4)], size * 0.35));
            }
            _ => sheet.group(&Group::default().turned(turn, (x, y)), |sheet| {
                sheet.bar((x - size, y - flat / 2.0), (size * 1.7, flat), size * 0.12, &look);
            }),
        }
    }
}

/// Long bands that lie across, each lit along its edge.
fn dunes(scene: &mut Scene) {
    let Scene { dice, inks, sheet, .. } = scene;
    let (count, slope) = (dice.count(5, 8), dice.side() * dice.between(0.15, 0.5));
    for dune in 0..count {
        let share = dune as f32 / count as f32;
        let level = SIDE * (0.12 + 0.95 * share);
        let (waves, height) = (Swell::new(dice, 2, 480.0..900.0), dice.between(16.0, 44.0));
        let line: Vec<_> =
            waves.line(level, height, 60.0).into_iter().map(|(x, y)| (x, y + (x - SIDE / 2.0) * slope)).collect();
        let (top, foot) = (inks.sky(0.95 - 0.5 * share), inks.sky(0.25 - 0.2 * share));
        let paint = sheet.linear((0.0, level - height), (0.0, level + 230.0), &[(0.0, top, 0.8), (1.0, foot, 0.75)]);
        sheet.path(&shape::below(&line), &Look::filled(paint));
        sheet.path(&shape::through(&line), &Look::line(inks.light, 1.4).clear(0.3));
    }
}

/// A sky that breathes: large discs of hardly another color, and thin clouds.
fn clouds(scene: &mut Scene) {
    let center = (SIDE * scene.dice.between(0.2, 0.8), SIDE * scene.dice.between(0.2, 0.8));
    let count = scene.dice.count(3, 5);
    let Scene { dice, inks, sheet, .. } = scene;
    for ring in (1..=count).rev() {
        let radius = SIDE * 0.17 * ring as f32 * dice.between(0.9, 1.15);
        sheet.circle(center, radius, &Look::filled(inks.light).clear(0.05));
    }
    for _ in 0..dice.count(4, 9) {
        let (wide, high) = (dice.between(90.0, 340.0), dice.between(5.0, 20.0));
        let (x, y) = (SIDE * dice.between(-0.2, 0.9), SIDE * dice.between(0.05, 0.95));
        let stops = [(0.0, inks.light, 0.0), (0.4, inks.light, 0.2), (1.0, inks.light, 0.0)];
        let paint = sheet.linear((x, y), (x + wide, y), &stops);
        sheet.bar((x, y), (wide, high), high / 2.0, &Look::filled(paint));
    }
}
