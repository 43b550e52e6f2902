//! Colors that can be mixed as the eye does (Oklab, Björn Ottosson 2020), and those that one cover is drawn with.

use std::ops::Range;

use super::dice::Dice;
use crate::base::palette::{Rgb, Tones};

/// A color.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    lightness: f32,
    a: f32,
    b: f32,
}

impl Ink {
    /// From sRGB.
    pub fn of(rgb: Rgb) -> Self {
        let [r, g, b] = rgb.map(|value| {
            let value = f32::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        Self {
            lightness: 0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            a: 1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            b: 0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        }
    }

    /// As SVG writes it. What sRGB does not have becomes the nearest that it has, channel by channel.
    pub fn hex(self) -> String {
        let l = (self.lightness + 0.396_337_78 * self.a + 0.215_803_76 * self.b).powi(3);
        let m = (self.lightness - 0.105_561_346 * self.a - 0.063_854_17 * self.b).powi(3);
        let s = (self.lightness - 0.089_484_18 * self.a - 1.291_485_5 * self.b).powi(3);
        let [r, g, b] = [
            4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
            -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
            -0.004_196_086 * l - 0.703_418_6 * m + 1.707_614_7 * s,
        ]
        .map(|value| {
            let value = if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 };
            (value.clamp(0.0, 1.0) * 255.0).round() as u8
        });
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// Between this and another: 0 is this.
    pub fn mix(self, other: Self, share: f32) -> Self {
        let mix = |from: f32, to: f32| from + (to - from) * share;
        Self { lightness: mix(self.lightness, other.lightness), a: mix(self.a, other.a), b: mix(self.b, other.b) }
    }

    /// The same color as light as this: 0 is black, 1 is white.
    pub fn as_light_as(self, lightness: f32) -> Self {
        Self { lightness, ..self }
    }

    /// With its hue turned.
    pub fn turned(self, degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self { a: self.a * cos - self.b * sin, b: self.a * sin + self.b * cos, ..self }
    }

    /// More colorful above 1, grayer below.
    pub fn vivid(self, factor: f32) -> Self {
        Self { a: self.a * factor, b: self.b * factor, ..self }
    }
}

/// What one cover is drawn with, from dark to light, and one color that stands out.
#[derive(Clone, Copy, Debug)]
pub struct Inks {
    /// Nearly black.
    pub night: Ink,
    /// The dark end of the mood.
    pub deep: Ink,
    /// The bright end of the mood.
    pub glow: Ink,
    /// Nearly white.
    pub light: Ink,
    /// What stands out.
    pub accent: Ink,
    /// Whether what is behind everything is dark.
    pub dark: bool,
}

impl Inks {
    /// Those of a mood, as the dice vary them. So many of 1 are `dark`; what stands out has the glow's hue, turned by one
    /// of `turns`, in degrees.
    pub fn of(tones: Tones, dark: f32, turns: [Range<f32>; 2], dice: &mut Dice) -> Self {
        let turn = dice.around() * 16.0;
        let deep = Ink::of(tones.deep).turned(turn).vivid(dice.between(0.9, 1.25));
        let glow = Ink::of(tones.glow).turned(turn * 0.6).vivid(dice.between(0.95, 1.2));
        let night = deep.mix(glow, 0.08).as_light_as(dice.between(0.13, 0.19)).vivid(0.8);
        let light =
            glow.as_light_as(dice.between(0.93, 0.97)).vivid(dice.between(0.25, 0.45)).turned(dice.around() * 20.0);
        let [one, other] = turns;
        let away = if dice.chance(0.5) { one } else { other };
        let away = dice.between(away.start, away.end);
        let accent =
            glow.mix(deep, dice.between(0.0, 0.3)).turned(away).vivid(1.25).as_light_as(dice.between(0.66, 0.8));
        Self { night, deep, glow, light, accent, dark: dice.chance(dark) }
    }

    /// From the darkest at 0 to the lightest at 1.
    pub fn ramp(&self, at: f32) -> Ink {
        let at = at.clamp(0.0, 1.0) * 3.0;
        match at {
            at if at < 1.0 => self.night.mix(self.deep, at),
            at if at < 2.0 => self.deep.mix(self.glow, at - 1.0),
            at => self.glow.mix(self.light, at - 2.0),
        }
    }

    /// Of what is behind everything: 0 is its quiet end.
    pub fn sky(&self, at: f32) -> Ink {
        if self.dark { self.ramp(0.06 + 0.5 * at) } else { self.ramp(0.42 + 0.5 * at) }
    }

    /// What stands out against [`Inks::sky`]: 0 a little, 1 as much as possible.
    pub fn subject(&self, at: f32) -> Ink {
        if self.dark { self.ramp(0.6 + 0.4 * at) } else { self.ramp(0.34 - 0.3 * at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::palette;

    #[test]
    fn a_color_comes_back_as_it_was() {
        for (rgb, hex) in [([255, 185, 56], "#ffb938"), ([0, 0, 0], "#000000"), ([255, 255, 255], "#ffffff")] {
            assert_eq!(Ink::of(rgb).hex(), hex);
            assert_eq!(Ink::of(rgb).turned(360.0).vivid(1.0).hex(), hex);
        }
    }

    #[test]
    fn inks_are_ordered_by_lightness() {
        for tones in [palette::ANGER, palette::HAPPINESS, palette::FEAR, palette::CONTEMPT] {
            let inks = Inks::of(tones, 0.5, [20.0..40.0, -40.0..-20.0], &mut Dice::of(3));
            assert!(inks.night.lightness < inks.deep.lightness && inks.glow.lightness < inks.light.lightness);
        }
    }
}
