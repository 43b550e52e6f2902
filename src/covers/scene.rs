//! How a cover is put together: what is behind everything, the mood's weather, the genre's motif, and the light on it all.

use super::Motif;
use super::dice::Dice;
use super::ink::{Ink, Inks};
use super::motif;
use super::sheet::{Look, Point, Sheet};
use super::weather::Weather;
use super::{SIDE, shape};

/// A cover that is being drawn.
#[derive(Debug)]
pub struct Scene {
    /// What decides.
    pub dice: Dice,
    /// What is drawn with.
    pub inks: Inks,
    /// What is drawn on.
    pub sheet: Sheet,
    /// What the eye goes to first.
    pub focus: Point,
    /// Where the light comes from.
    pub sun: Point,
}

/// The cover of a motif as SVG.
pub fn draw(motif: &Motif) -> String {
    let mut dice = Dice::of(motif.seed);
    let weather = motif.mood.map_or_else(|| Weather::any(&mut dice), Weather::of);
    let genre = motif.genre.unwrap_or_else(|| motif::any(&mut dice));
    let inks = Inks::of(weather.tones(), weather.darkness(), weather.turns(), &mut dice);
    let focus = (SIDE * (0.5 + 0.11 * dice.around()), SIDE * (0.5 + 0.09 * dice.around()));
    let sun = (SIDE * dice.between(0.1, 0.9), SIDE * dice.between(-0.05, 0.35));
    let mut scene = Scene { dice, inks, sheet: Sheet::default(), focus, sun };
    scene.backdrop();
    weather.behind(&mut scene);
    motif::draw(genre, &mut scene);
    weather.before(&mut scene);
    scene.light();
    scene.sheet.finish()
}

impl Scene {
    /// A color that lies deep behind, and soft clouds of others in it.
    fn backdrop(&mut self) {
        let middle = (SIDE / 2.0, SIDE / 2.0);
        // Light from above more often than not.
        let turn = -0.25 + 0.2 * self.dice.around();
        let (from, to) = (shape::polar(middle, turn + 0.5, SIDE * 0.62), shape::polar(middle, turn, SIDE * 0.62));
        let bend = self.dice.between(0.35, 0.65);
        let stops = [(0.0, self.inks.sky(0.02), 1.0), (bend, self.inks.sky(0.4), 1.0), (1.0, self.inks.sky(0.75), 1.0)];
        let paint = self.sheet.linear(from, to, &stops);
        self.sheet.all(&Look::filled(paint));
        for _ in 0..self.dice.count(2, 3) {
            let center = (SIDE * self.dice.between(-0.1, 1.1), SIDE * self.dice.between(-0.1, 1.1));
            let turn = 34.0 * self.dice.around();
            let ink = self.inks.sky(self.dice.unit()).turned(turn).vivid(1.15);
            let ink = if self.dice.chance(0.25) { ink.mix(self.inks.accent, 0.45) } else { ink };
            let (radius, cover) = (SIDE * self.dice.between(0.35, 0.75), self.dice.between(0.35, 0.75));
            self.glow(center, radius, ink, cover);
        }
    }

    /// A soft light around a point.
    pub fn glow(&mut self, center: Point, radius: f32, ink: Ink, cover: f32) {
        let stops = [(0.0, ink, cover), (0.35, ink, cover * 0.62), (0.7, ink, cover * 0.16), (1.0, ink, 0.0)];
        let paint = self.sheet.radial(center, radius, &stops);
        self.sheet.circle(center, radius, &Look::filled(paint));
    }

    /// A shadow from the edges, and the sun's light over everything.
    fn light(&mut self) {
        let dark = self.inks.night;
        let strength = if self.inks.dark { self.dice.between(0.3, 0.55) } else { self.dice.between(0.08, 0.22) };
        let paint = self.sheet.radial(
            self.focus,
            SIDE * 0.86,
            &[(0.45, dark, 0.0), (0.75, dark, strength * 0.35), (1.0, dark, strength)],
        );
        self.sheet.all(&Look::filled(paint));
        let warm = self.inks.light.mix(self.inks.glow, 0.35);
        let (cover, radius) = (self.dice.between(0.1, 0.24), SIDE * self.dice.between(0.4, 0.65));
        self.glow(self.sun, radius, warm, cover);
    }
}
