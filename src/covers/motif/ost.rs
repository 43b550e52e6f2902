//! Music of films and games: gates one behind the other, light at their end, and somebody small on the way to it.

use crate::covers::SIDE;
use crate::covers::scene::Scene;
use crate::covers::shape::polygon;
use crate::covers::sheet::{Look, Point};

pub fn draw(scene: &mut Scene) {
    let Scene { dice, inks, sheet, focus, .. } = scene;
    let gates = dice.count(5, 9);
    let end: Point = (focus.0, SIDE * dice.between(0.5, 0.6));
    let (outer, inner) = (SIDE * dice.between(0.6, 0.8), SIDE * dice.between(0.07, 0.12));
    let tall = dice.between(1.1, 1.5);
    let pointed = dice.between(0.0, 1.0);
    let square = dice.chance(0.22);
    let lamp = inks.light.mix(inks.accent, 0.15);
    let wall = inks.night.mix(if dice.chance(0.35) { inks.accent } else { inks.deep }, dice.between(0.2, 0.5));
    for gate in 0..=gates {
        let way = gate as f32 / gates as f32;
        // As things shrink with their distance.
        let half = outer * (inner / outer).powf(way);
        let center = (SIDE / 2.0 + (end.0 - SIDE / 2.0) * way, SIDE * 0.56 + (end.1 - SIDE * 0.56) * way);
        let path = arch(center, half, half * tall, if square { -1.0 } else { pointed });
        let ink = if gate == gates { lamp } else { wall.mix(inks.glow, way.powf(1.4)).turned(18.0 * (way - 0.5)) };
        let below = ink.mix(wall, 0.5);
        let foot = center.1 + half * tall * 0.75;
        let end_ink = if gate == gates { lamp } else { below };
        let fill = sheet.linear((0.0, center.1 - half * tall), (0.0, foot), &[(0.0, ink, 1.0), (1.0, end_ink, 1.0)]);
        sheet.path(&path, &Look::filled(fill));
        sheet.path(&path, &Look::line(lamp, 0.8 + 1.6 * way).clear(0.18 + 0.3 * way));
    }
    let foot: Point = (end.0, end.1 + inner * tall * 0.75);
    // The floor: light from the gate lies on it.
    let wide = SIDE * dice.between(0.3, 0.55);
    let path = polygon(&[
        (foot.0 - inner, foot.1),
        (foot.0 + inner, foot.1),
        (foot.0 + wide, SIDE + 5.0),
        (foot.0 - wide, SIDE + 5.0),
    ]);
    let floor = sheet.linear(foot, (foot.0, SIDE), &[(0.0, lamp, 0.85), (0.35, lamp, 0.3), (1.0, lamp, 0.04)]);
    sheet.path(&path, &Look::filled(floor));
    let (glow, reach) = (lamp, inner * dice.between(3.4, 5.0));
    let size = inner * dice.between(0.55, 0.85);
    let walker = (foot.0 + inner * 0.5 * dice.around(), foot.1 + SIDE * dice.between(0.03, 0.09));
    scene.glow(end, reach, glow, 0.5);
    let Scene { inks, sheet, .. } = scene;
    let dark = Look::filled(inks.night);
    let long = [
        (walker.0 - size * 0.1, walker.1),
        (walker.0 + size * 0.1, walker.1),
        (walker.0 + size * 0.5, SIDE),
        (walker.0 - size * 0.5, SIDE),
    ];
    sheet.path(&polygon(&long), &Look::filled(inks.night).clear(0.28));
    sheet.circle((walker.0, walker.1 - size * 0.92), size * 0.12, &dark);
    let coat = format!(
        "M{:.1} {:.1}q{:.1} {:.1} {:.1} 0l{:.1} {:.1}h{:.1}Z",
        walker.0 - size * 0.13,
        walker.1 - size * 0.72,
        size * 0.13,
        -size * 0.14,
        size * 0.26,
        size * 0.06,
        size * 0.72,
        -size * 0.38
    );
    sheet.path(&coat, &dark);
}

/// A gate around a point, its foot below it. `pointed` from 0, round, to 1; below 0 it is square.
fn arch((x, y): Point, half: f32, high: f32, pointed: f32) -> String {
    let (left, right, foot, top) = (x - half, x + half, y + high * 0.75, y - high);
    let spring = top + half * 1.1;
    if pointed < 0.0 {
        return polygon(&[(left, foot), (left, top), (right, top), (right, foot)]);
    }
    let (rise, lean) = (half * 0.62 * (1.0 - 0.35 * pointed), half * 0.6 * (1.0 - pointed * 0.75));
    format!(
        "M{left:.1} {foot:.1}V{spring:.1}C{left:.1} {:.1} {:.1} {top:.1} {x:.1} {top:.1}C{:.1} {top:.1} {right:.1} {:.1} \
         {right:.1} {spring:.1}V{foot:.1}Z",
        spring - rise,
        x - lean,
        x + lean,
        spring - rise
    )
}
