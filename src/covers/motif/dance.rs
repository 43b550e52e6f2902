//! Dance: a beat made visible, as rays of bars around a core, or as lines of a landscape that the sound pushes up.

use crate::covers::SIDE;
use crate::covers::scene::Scene;
use crate::covers::shape::{Swell, polar, through};
use crate::covers::sheet::{Look, Point};

pub fn draw(scene: &mut Scene) {
    if scene.dice.chance(0.62) { bars(scene) } else { crests(scene) }
}

/// Bars of many lengths around a ball of light, in one ring or two.
fn bars(scene: &mut Scene) {
    let core = SIDE * scene.dice.between(0.09, 0.15);
    let (focus, accent) = (scene.focus, scene.inks.accent);
    scene.glow(focus, core * 3.6, accent, 0.7);
    let Scene { dice, inks, sheet, .. } = scene;
    let folds = dice.count(1, 6) as f32;
    let count = dice.count(56, 120);
    let waves = [(folds, dice.unit()), (folds * 2.0 + 1.0, dice.unit()), (folds + 4.0, dice.unit())];
    let (gap, reach) = (core * dice.between(1.2, 1.6), SIDE * dice.between(0.14, 0.22));
    let width = (gap * std::f32::consts::TAU / count as f32 * dice.between(0.4, 0.68)).max(1.6);
    let spread = dice.between(30.0, 110.0) * dice.side();
    let dots = dice.chance(0.5);
    for bar in 0..count {
        let turns = bar as f32 / count as f32;
        let wave: f32 = waves
            .iter()
            .enumerate()
            .map(|(at, (fold, start))| ((turns * fold + start) * std::f32::consts::TAU).sin() / (1.0 + at as f32))
            .sum();
        let long = reach * (0.16 + 0.84 * (0.5 + wave / 3.4).clamp(0.0, 1.0).powf(1.4)) * dice.between(0.82, 1.0);
        // There and back, so that the colors meet.
        let hue = spread * ((turns * 2.0 - 1.0).abs() - 0.5);
        let ink = inks.subject(0.45).mix(inks.accent, 0.45).turned(hue).vivid(1.3);
        let (from, to) = (polar(focus, turns, gap), polar(focus, turns, gap + long));
        let path = format!("M{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, to.0, to.1);
        sheet.path(&path, &Look::line(ink, width));
        if dots {
            sheet.circle(polar(focus, turns, gap + long + width * 2.6), width * 0.5, &Look::filled(ink).clear(0.75));
        }
    }
    let ball = sheet.radial(
        (focus.0 - core * 0.35, focus.1 - core * 0.4),
        core * 1.7,
        &[(0.0, inks.light, 1.0), (0.45, inks.accent, 1.0), (1.0, inks.deep.vivid(1.2), 1.0)],
    );
    sheet.circle(focus, core, &Look::filled(ball));
    for ring in 1..=dice.count(1, 4) {
        let radius = gap + reach + 14.0 + 16.0 * ring as f32;
        sheet.circle(focus, radius, &Look::line(inks.subject(0.8), 1.2).clear(0.45 / ring as f32));
    }
}

/// Lines one above the other, each pushed up in the middle.
fn crests(scene: &mut Scene) {
    let Scene { dice, inks, sheet, focus, .. } = scene;
    let lines = dice.count(18, 34);
    let (top, foot) = (SIDE * 0.22, SIDE * 0.86);
    let (wide, high) = (SIDE * dice.between(0.16, 0.26), SIDE * dice.between(0.12, 0.22));
    let drift = dice.around() * 0.35;
    let peaks = dice.count(1, 3);
    for line in 0..lines {
        let share = line as f32 / lines as f32;
        let level = top + (foot - top) * share;
        let swell = Swell::new(dice, 4, 70.0..130.0);
        let centers: Vec<(f32, f32)> = (0..peaks)
            .map(|_| (focus.0 + SIDE * (drift * (share - 0.5) + 0.17 * dice.around()), dice.between(0.4, 1.0)))
            .collect();
        let points: Vec<Point> = (0..=64)
            .map(|at| {
                let x = SIDE * (0.08 + 0.84 * at as f32 / 64.0);
                let push: f32 = centers
                    .iter()
                    .map(|(center, strength)| strength * (-((x - center) / wide * 2.2).powi(2)).exp())
                    .sum();
                (x, level - high * push.min(1.3) * (0.55 + 0.45 * swell.at(x)) - 1.6 * swell.at(x * 2.0))
            })
            .collect();
        let path = through(&points);
        // What is behind a line is hidden by it.
        let cover = inks.sky(0.12 + 0.2 * share);
        let hidden = sheet.linear(
            (0.0, level - high),
            (0.0, level + 12.0),
            &[(0.0, cover, 0.96), (0.85, cover, 0.9), (1.0, cover, 0.0)],
        );
        sheet.path(&format!("{path}Z"), &Look::filled(hidden));
        let ink = inks.subject(0.6).mix(inks.accent, share);
        sheet.path(&path, &Look::line(ink, 1.6 + 1.4 * share));
    }
}
