//! J-pop: a low sun in stripes behind waves of scales, as on summer prints and the covers of city pop.

use crate::covers::SIDE;
use crate::covers::scene::Scene;
use crate::covers::sheet::{Group, Look};

pub fn draw(scene: &mut Scene) {
    let radius = SIDE * scene.dice.between(0.21, 0.3);
    let sun = (scene.focus.0, SIDE * scene.dice.between(0.36, 0.47));
    let hot = scene.inks.accent.mix(scene.inks.light, 0.25);
    scene.glow(sun, radius * 2.1, hot, 0.5);
    let Scene { dice, inks, sheet, .. } = scene;
    let body = sheet.linear(
        (sun.0, sun.1 - radius),
        (sun.0, sun.1 + radius),
        &[(0.0, inks.light, 1.0), (0.5, hot, 1.0), (1.0, inks.accent.vivid(1.2), 1.0)],
    );
    // What is left of the sun between the stripes: they grow toward the water.
    let stripes = dice.count(4, 8);
    let from = sun.1 + radius * dice.between(-0.25, 0.15);
    let mut path = format!("M0 0H{SIDE}V{from:.1}H0Z");
    let step = (sun.1 + radius - from) / stripes as f32;
    for stripe in 0..stripes {
        let gap = step * (0.16 + 0.5 * stripe as f32 / stripes as f32);
        let top = from + step * stripe as f32 + gap;
        path += &format!("M0 {top:.1}H{SIDE}V{:.1}H0Z", from + step * (stripe + 1) as f32);
    }
    let cut = sheet.cut(&path);
    sheet.group(&Group::default().cut(cut), |sheet| sheet.circle(sun, radius, &Look::filled(body)));
    let (size, level) = (dice.between(38.0, 66.0), SIDE * dice.between(0.6, 0.7));
    let rings = dice.count(3, 5);
    let rows = ((SIDE - level) / (size * 0.5)) as usize + 3;
    for row in 0..rows {
        let share = row as f32 / rows as f32;
        let y = level + size * 0.5 * row as f32 + size * 0.5;
        let shift = if row % 2 == 0 { 0.0 } else { size };
        let mut x = -size + shift - size;
        while x < SIDE + size * 2.0 {
            let tone = dice.around() * 0.05;
            for ring in 0..rings {
                let inner = 1.0 - ring as f32 / rings as f32;
                let ink = if ring % 2 == 0 {
                    inks.ramp(0.5 - 0.36 * share + tone).turned(-14.0 * share)
                } else {
                    inks.glow.mix(inks.light, 0.55 - 0.4 * share + tone)
                };
                sheet.circle((x, y), size * inner, &Look::filled(ink));
            }
            x += size * 2.0;
        }
    }
}
