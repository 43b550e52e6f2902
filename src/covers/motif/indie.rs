//! Indie: hills cut from paper, one before the other, with trees, a sun, and birds or stars.

use crate::covers::SIDE;
use crate::covers::ink::Ink;
use crate::covers::scene::Scene;
use crate::covers::shape::{Swell, below, polar};
use crate::covers::sheet::{Look, Point, Sheet};

pub fn draw(scene: &mut Scene) {
    let radius = SIDE * scene.dice.between(0.06, 0.15);
    let sun = (SIDE * scene.dice.between(0.18, 0.82), SIDE * scene.dice.between(0.16, 0.36));
    let warm = scene.inks.accent.mix(scene.inks.light, 0.35);
    scene.glow(sun, radius * 3.0, warm, 0.45);
    let Scene { dice, inks, sheet, .. } = scene;
    sheet.circle(sun, radius, &Look::filled(warm));
    if inks.dark {
        for _ in 0..dice.count(30, 70) {
            let at = (SIDE * dice.unit(), SIDE * 0.6 * dice.unit());
            sheet.circle(at, 0.6 + 1.5 * dice.unit().powi(3), &Look::filled(inks.light).clear(dice.between(0.3, 0.95)));
        }
    } else {
        let flock = (SIDE * dice.between(0.2, 0.7), SIDE * dice.between(0.15, 0.35));
        for _ in 0..dice.count(3, 8) {
            let (x, y) = (flock.0 + 90.0 * dice.around(), flock.1 + 46.0 * dice.around());
            let wing = dice.between(5.0, 12.0);
            let bird = format!(
                "M{:.1} {y:.1}q{:.1} {:.1} {wing:.1} 0q{:.1} {:.1} {wing:.1} 0",
                x - wing,
                wing * 0.5,
                -wing * 0.6,
                wing * 0.5,
                -wing * 0.6
            );
            sheet.path(&bird, &Look::line(inks.night, 1.7).clear(0.75));
        }
    }
    let hills = dice.count(4, 6);
    let round = dice.chance(0.5);
    for hill in 0..hills {
        let share = (hill + 1) as f32 / hills as f32;
        let level = SIDE * (0.42 + 0.45 * (hill as f32 / hills as f32) + 0.03 * dice.around());
        let swell = Swell::new(dice, if hill == 0 { 4 } else { 2 }, 300.0..640.0);
        let height = SIDE * dice.between(0.04, 0.09);
        let ink = if inks.dark { inks.ramp(0.52 - 0.42 * share) } else { inks.ramp(0.74 - 0.56 * share) };
        let ink = ink.turned(24.0 * dice.around()).vivid(1.1);
        let line = swell.line(level, height, 40.0);
        // The paper's shadow on the sheet behind it.
        let shade: Vec<Point> = line.iter().map(|(x, y)| (*x, y - 5.0)).collect();
        sheet.path(&below(&shade), &Look::filled(inks.night).clear(0.16));
        let fill = sheet.linear(
            (0.0, level - height),
            (0.0, level + SIDE * 0.3),
            &[(0.0, ink.mix(inks.light, 0.12), 1.0), (1.0, ink, 1.0)],
        );
        sheet.path(&below(&line), &Look::filled(fill));
        if hill > 0 {
            let wood = ink.mix(inks.night, 0.45);
            let grove = SIDE * dice.unit();
            for _ in 0..dice.count(0, 9) {
                let x = grove + SIDE * 0.3 * dice.around();
                let size = (9.0 + 26.0 * share) * dice.between(0.6, 1.15);
                tree(sheet, (x, level + height * swell.at(x) + 3.0), size, round, wood);
            }
        }
    }
}

fn tree(sheet: &mut Sheet, (x, y): Point, size: f32, round: bool, ink: Ink) {
    let look = Look::filled(ink);
    sheet.bar((x - size * 0.05, y - size * 0.6), (size * 0.1, size * 0.6), 0.0, &look);
    if round {
        sheet.ellipse((x, y - size * 0.95), (size * 0.36, size * 0.5), &look);
    } else {
        for tier in 0..3 {
            let (top, half) = (y - size * (1.6 - 0.38 * tier as f32), size * (0.22 + 0.09 * tier as f32));
            let tip = polar((x, top), 0.0, 0.0);
            let path = format!("M{:.1} {:.1}l{half:.1} {:.1}h{:.1}Z", tip.0, tip.1, size * 0.62, -half * 2.0);
            sheet.path(&path, &look);
        }
    }
}
