//! K-pop: a flower of glass that splits the light, and four-pointed sparks.

use crate::covers::SIDE;
use crate::covers::scene::Scene;
use crate::covers::shape::{around, polar, polygon};
use crate::covers::sheet::{Blend, Group, Look, Point};

pub fn draw(scene: &mut Scene) {
    let (halo, ink) = (SIDE * scene.dice.between(0.4, 0.55), scene.inks.accent);
    scene.glow(scene.focus, halo, ink, 0.5);
    let Scene { dice, inks, sheet, focus, .. } = scene;
    let focus = *focus;
    let petals = dice.count(5, 11);
    let rings = dice.count(2, 4);
    let (size, belly) = (SIDE * dice.between(0.29, 0.39), dice.between(0.3, 0.62));
    let (start, spread) = (dice.unit(), dice.between(20.0, 55.0) * dice.side());
    let blend = if inks.dark { Blend::Screen } else { Blend::Multiply };
    for ring in 0..rings {
        let share = 1.0 - ring as f32 / (rings as f32 + 0.3);
        let long = size * share;
        let wide = long * belly * (0.9 + 0.5 * std::f32::consts::PI / petals as f32) * 0.5;
        let turn = start + ring as f32 * (0.5 / petals as f32);
        for petal in 0..petals {
            let to = turn + petal as f32 / petals as f32;
            let (tip, foot) = (polar(focus, to, long), polar(focus, to, long * 0.05));
            let swing = |along: f32, across: f32| polar(polar(focus, to, long * along), to + 0.25, wide * across);
            let points = [
                foot,
                swing(0.32, 0.72),
                swing(0.66, 1.0),
                swing(0.9, 0.5),
                tip,
                swing(0.9, -0.5),
                swing(0.66, -1.0),
                swing(0.32, -0.72),
            ];
            let hue = spread * (petal as f32 / petals as f32 * 2.0 - 1.0);
            let (inner, outer) = (inks.glow.turned(hue).vivid(1.25), inks.accent.turned(-hue));
            let fill = sheet.linear(foot, tip, &[(0.0, inner, 0.1), (0.6, inner, 0.5), (1.0, outer, 0.75)]);
            let path = around(&points);
            sheet.group(&Group::default().blend(blend), |sheet| sheet.path(&path, &Look::filled(fill)));
            sheet.path(&path, &Look::line(inks.light, 1.1).clear(0.55));
        }
    }
    sheet.circle(focus, size * 0.055, &Look::filled(inks.light));
    for _ in 0..dice.count(5, 12) {
        let center = polar(focus, dice.unit(), size * dice.between(0.5, 1.55));
        let long = 5.0 + 26.0 * dice.unit().powi(2);
        sheet.path(&spark(center, long), &Look::filled(inks.light).clear(dice.between(0.6, 1.0)));
    }
}

fn spark(center: Point, long: f32) -> String {
    let points: Vec<Point> =
        (0..8).map(|at| polar(center, at as f32 / 8.0, if at % 2 == 0 { long } else { long * 0.13 })).collect();
    polygon(&points)
}
