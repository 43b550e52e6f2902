//! Pop: a few large discs that overlap like printed colors, one of them in halftone.

use crate::covers::SIDE;
use crate::covers::scene::Scene;
use crate::covers::shape::polar;
use crate::covers::sheet::{Blend, Group, Look};

pub fn draw(scene: &mut Scene) {
    let Scene { dice, inks, sheet, focus, .. } = scene;
    let count = dice.count(2, 4);
    let (start, reach) = (dice.unit(), SIDE * dice.between(0.1, 0.19));
    let blend = if inks.dark { Blend::Screen } else { Blend::Multiply };
    let printed = dice.count(0, count - 1);
    for disc in 0..count {
        let center = polar(*focus, start + disc as f32 / count as f32 + 0.06 * dice.around(), reach);
        let radius = SIDE * dice.between(0.15, 0.27);
        let ink =
            [inks.accent, inks.glow.vivid(1.3), inks.glow.mix(inks.accent, 0.5).turned(40.0), inks.deep.vivid(1.4)]
                [(disc + printed) % 4];
        let ink = if inks.dark { ink } else { ink.mix(inks.light, 0.25) };
        let turn = dice.unit();
        let (from, to) = (polar(center, turn, radius), polar(center, turn + 0.5, radius));
        let paint = sheet.linear(from, to, &[(0.0, ink, 0.98), (1.0, ink.mix(inks.deep, 0.45), 0.8)]);
        sheet.group(&Group::default().blend(blend), |sheet| sheet.circle(center, radius, &Look::filled(paint)));
        if disc == printed {
            let step = dice.between(11.0, 19.0);
            let rows = (radius / step) as i32 + 1;
            let dots = if inks.dark { inks.light } else { inks.night };
            let mut path = String::new();
            for row in -rows..=rows {
                for column in -rows..=rows {
                    // A lattice of diamonds, as printers turn it by 45 degrees.
                    let shift = if row % 2 == 0 { 0.0 } else { 0.5 };
                    let (x, y) = ((column as f32 + shift) * step, row as f32 * step * 0.5 * 1.732);
                    let inside = x.hypot(y) < radius - step * 0.3;
                    let (dx, dy) = polar((0.0, 0.0), turn, 1.0);
                    let shade = 0.5 - (x * dx + y * dy) / radius / 2.0;
                    let dot = step * 0.46 * shade.clamp(0.0, 1.0);
                    if inside && dot > 0.5 {
                        path += &format!(
                            "M{:.1} {:.1}a{dot:.2} {dot:.2} 0 1 0 {:.2} 0a{dot:.2} {dot:.2} 0 1 0 {:.2} 0",
                            center.0 + x - dot,
                            center.1 + y,
                            dot * 2.0,
                            -dot * 2.0
                        );
                    }
                }
            }
            sheet.path(&path, &Look::filled(dots).clear(0.75));
        } else if dice.chance(0.6) {
            let ring = radius * dice.between(1.05, 1.22);
            sheet.circle(center, ring, &Look::line(inks.subject(0.9), dice.between(1.2, 3.4)).clear(0.7));
        }
    }
}
