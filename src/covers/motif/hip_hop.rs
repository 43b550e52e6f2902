//! Hip-hop: a record cut into slices that are pushed aside, on blocks of plain color.

use crate::covers::SIDE;
use crate::covers::scene::Scene;
use crate::covers::shape::{polar, polygon};
use crate::covers::sheet::{Group, Look};

pub fn draw(scene: &mut Scene) {
    let Scene { dice, inks, sheet, focus, .. } = scene;
    let focus = *focus;
    let radius = SIDE * dice.between(0.28, 0.36);
    for _ in 0..dice.count(2, 4) {
        let (wide, high) = (SIDE * dice.between(0.12, 0.5), SIDE * dice.between(0.1, 0.42));
        let at =
            (focus.0 + SIDE * 0.36 * dice.around() - wide / 2.0, focus.1 + SIDE * 0.36 * dice.around() - high / 2.0);
        let ink = [inks.accent, inks.glow.vivid(1.2), inks.subject(0.6), inks.deep][dice.count(0, 3)];
        sheet.bar(at, (wide, high), 0.0, &Look::filled(ink).clear(dice.between(0.75, 1.0)));
    }
    let slices = dice.count(3, 6);
    let lean = 18.0 * dice.around();
    let label = radius * dice.between(0.3, 0.42);
    let shine = dice.unit();
    let disc = inks.night.mix(inks.deep, 0.25);
    let groove = inks.glow.mix(inks.light, 0.4);
    let sheen = inks.light;
    let pushes: Vec<f32> = (0..slices).map(|_| SIDE * 0.13 * dice.around()).collect();
    let grooves: Vec<(f32, f32)> =
        (0..dice.count(16, 26)).map(|_| (label + (radius - label) * dice.unit(), dice.between(0.08, 0.4))).collect();
    let mark = (dice.unit(), dice.count(0, 2));
    let turned = Group::default().turned(lean, focus);
    let top = focus.1 - radius - 4.0;
    let high = (radius * 2.0 + 8.0) / slices as f32;
    sheet.group(&turned, |sheet| {
        for (slice, push) in pushes.into_iter().enumerate() {
            let y = top + high * slice as f32;
            let cut = sheet.cut(&format!("M-400 {y:.1}H1100V{:.1}H-400Z", y + high - 1.5));
            sheet.group(&Group::default().moved((push, 0.0)), |sheet| {
                sheet.group(&Group::default().cut(cut), |sheet| {
                    sheet.circle(focus, radius, &Look::filled(disc));
                    for (groove_radius, cover) in &grooves {
                        sheet.circle(focus, *groove_radius, &Look::line(groove, 0.9).clear(*cover));
                    }
                    for side in [0.0, 0.5] {
                        let (from, to) = (shine + side - 0.045, shine + side + 0.045);
                        let wedge = [
                            focus,
                            polar(focus, from, radius),
                            polar(focus, shine + side, radius * 1.01),
                            polar(focus, to, radius),
                        ];
                        sheet.path(&polygon(&wedge), &Look::filled(sheen).clear(0.16));
                    }
                    sheet.circle(focus, label, &Look::filled(inks.accent));
                    match mark.1 {
                        0 => sheet.circle(polar(focus, mark.0, label * 0.45), label * 0.3, &Look::filled(inks.light)),
                        1 => sheet.circle(focus, label * 0.7, &Look::line(inks.light, label * 0.12)),
                        _ => {
                            let half: Vec<_> =
                                (0..=20).map(|at| polar(focus, mark.0 + at as f32 / 40.0, label)).collect();
                            sheet.path(&polygon(&half), &Look::filled(inks.glow.mix(inks.light, 0.5)));
                        }
                    }
                    sheet.circle(focus, radius * 0.035, &Look::filled(inks.night));
                });
            });
        }
    });
}
