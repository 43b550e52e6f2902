//! R&B: ribbons of silk that swing and turn over, lit along their folds.

use crate::covers::SIDE;
use crate::covers::scene::Scene;
use crate::covers::shape::{Swell, through};
use crate::covers::sheet::{Group, Look, Point};

/// Folds of a ribbon.
const FOLDS: usize = 9;

pub fn draw(scene: &mut Scene) {
    let turn = 70.0 * scene.dice.around();
    let ribbons = scene.dice.count(2, 3);
    for ribbon in 0..ribbons {
        let Scene { dice, inks, sheet, focus, .. } = scene;
        let (one, two) = (Swell::new(dice, 2, 420.0..900.0), Swell::new(dice, 2, 420.0..900.0));
        let spread = SIDE * dice.between(0.06, 0.17);
        let level = focus.1 + SIDE * (0.3 * (ribbon as f32 - (ribbons - 1) as f32 / 2.0) + 0.07 * dice.around());
        let height = SIDE * dice.between(0.11, 0.2);
        let hue = 26.0 * dice.around();
        let (from, to) = (inks.glow.turned(hue).vivid(1.15), inks.accent.turned(hue * 0.5));
        let (shade, shine) = (inks.deep.mix(inks.night, 0.3), inks.light);
        let (crowd, start) = (dice.between(5.0, 11.0), dice.unit() * 6.0);
        let group = Group::default().turned(turn + 12.0 * dice.around(), *focus);
        // Turned lines must reach beyond the corners.
        let xs: Vec<f32> = (0..=18).map(|at| -260.0 + at as f32 * 66.0).collect();
        let line = |share: f32| -> Vec<Point> {
            // The folds crowd where the cloth turns over.
            let share = share + 0.12 * (share * crowd + start).sin() * (share * (1.0 - share)) * 4.0;
            let point = |x: &f32| {
                let (up, down) = (one.at(*x) * height - spread, two.at(*x + 160.0) * height + spread);
                (*x, level + up + (down - up) * share)
            };
            xs.iter().map(point).collect()
        };
        sheet.group(&group, |sheet| {
            for fold in 0..FOLDS {
                let share = fold as f32 / FOLDS as f32;
                let (above, below) = (line(share), line(share + 1.0 / FOLDS as f32));
                let back: Vec<Point> = below.iter().rev().copied().collect();
                let path = format!("{}L{}Z", through(&above), through(&back).trim_start_matches('M'));
                let lit = 0.5 + 0.5 * (share * crowd + start).cos();
                let ink = from.mix(to, share).mix(shade, 0.62 * (1.0 - lit)).mix(shine, 0.22 * lit * lit);
                let dim = ink.mix(shade, 0.5);
                let along = [
                    (0.0, dim, 0.75),
                    (dice.between(0.25, 0.5), ink, 0.95),
                    (dice.between(0.6, 0.8), dim, 0.9),
                    (1.0, ink, 0.7),
                ];
                let fill = sheet.linear((-40.0, level), (SIDE + 40.0, level), &along);
                sheet.path(&path, &Look::filled(fill));
                sheet.path(&through(&above), &Look::line(shine, 1.0).clear(0.12 + 0.4 * lit));
            }
        });
    }
}
