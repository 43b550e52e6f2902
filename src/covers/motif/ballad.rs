//! Ballad: one large moon over still water, far ridges, and its way of light to us.

use crate::covers::SIDE;
use crate::covers::scene::Scene;
use crate::covers::shape::{Swell, below};
use crate::covers::sheet::{Look, Point};

pub fn draw(scene: &mut Scene) {
    let horizon = SIDE * scene.dice.between(0.58, 0.7);
    let radius = SIDE * scene.dice.between(0.1, 0.19);
    let moon: Point = (scene.focus.0, horizon - radius * scene.dice.between(0.55, 2.1));
    let pale = scene.inks.light;
    let halo = radius * scene.dice.between(2.6, 3.8);
    scene.glow(moon, halo, pale, 0.5);
    let Scene { dice, inks, sheet, .. } = scene;
    let face = sheet.radial(
        (moon.0 - radius * 0.3, moon.1 - radius * 0.35),
        radius * 1.5,
        &[(0.0, pale, 1.0), (0.6, pale.mix(inks.glow, 0.18), 1.0), (1.0, inks.glow.mix(pale, 0.3), 1.0)],
    );
    sheet.circle(moon, radius, &Look::filled(face));
    let far = if inks.dark { inks.ramp(0.3) } else { inks.ramp(0.5) };
    for ridge in 0..dice.count(1, 3) {
        let swell = Swell::new(dice, 4, 260.0..460.0);
        let height = SIDE * dice.between(0.025, 0.07);
        let level = horizon - height * (1.1 - 0.35 * ridge as f32);
        let ink = far.mix(inks.deep, 0.3 * (ridge + 1) as f32);
        let fade = sheet.linear(
            (0.0, level - height),
            (0.0, horizon),
            &[(0.0, ink, 0.9), (1.0, ink.mix(inks.sky(0.6), 0.4), 0.9)],
        );
        sheet.path(&below(&swell.line(level, height, 22.0)), &Look::filled(fade));
    }
    let (near, deep) = (inks.sky(0.55), inks.sky(0.0).mix(inks.night, 0.35));
    let water = sheet.linear(
        (0.0, horizon),
        (0.0, SIDE),
        &[(0.0, near, 1.0), (0.25, near.mix(deep, 0.4), 1.0), (1.0, deep, 1.0)],
    );
    sheet.bar((0.0, horizon), (SIDE, SIDE - horizon), 0.0, &Look::filled(water));
    let streaks = dice.count(26, 44);
    for streak in 0..streaks {
        let way = (streak as f32 + dice.unit() * 0.7) / streaks as f32;
        let y = horizon + 2.0 + (SIDE - horizon) * way.powf(1.5);
        let wide = radius * (0.5 + 1.5 * way) * dice.between(0.35, 1.15);
        let x = moon.0 + radius * (0.2 + 0.8 * way) * dice.around();
        let high = 1.0 + 4.2 * way * dice.unit();
        let cover = (0.8 - 0.55 * way) * dice.between(0.5, 1.0);
        sheet.bar((x - wide / 2.0, y), (wide, high), high / 2.0, &Look::filled(pale).clear(cover));
    }
    for _ in 0..dice.count(10, 26) {
        let way = dice.unit();
        let (x, y) = (SIDE * dice.between(-0.1, 1.0), horizon + 4.0 + (SIDE - horizon) * way);
        let wide = dice.between(20.0, 110.0) * (0.4 + way);
        sheet.bar((x, y), (wide, 1.2 + way), 1.0, &Look::filled(pale).clear(0.13));
    }
}
