//! Writes an SVG (1.1): shapes one above the other, and the gradients that they are filled with.

use std::fmt::{self, Write as _};

use super::SIDE;
use super::ink::Ink;

/// A point of the picture, in units of [`SIDE`] across; the second goes down.
pub type Point = (f32, f32);

/// What fills a shape or draws its line.
#[derive(Clone, Debug)]
pub struct Paint(String);

impl From<Ink> for Paint {
    fn from(ink: Ink) -> Self {
        Self(ink.hex())
    }
}

/// How a shape looks.
#[derive(Clone, Debug)]
pub struct Look(String);

impl Look {
    /// Filled.
    pub fn filled(paint: impl Into<Paint>) -> Self {
        Self(format!(" fill=\"{}\"", paint.into().0))
    }

    /// A line of this width with round ends.
    pub fn line(paint: impl Into<Paint>, width: f32) -> Self {
        let paint = paint.into().0;
        Self(format!(" fill=\"none\" stroke=\"{paint}\" stroke-width=\"{width:.2}\" stroke-linecap=\"round\""))
    }

    /// How much of it covers what is behind it: 1 is all.
    pub fn clear(mut self, opacity: f32) -> Self {
        // Not `opacity`, which would draw every shape on a sheet of its own first.
        let _ = write!(self.0, " fill-opacity=\"{opacity:.3}\" stroke-opacity=\"{opacity:.3}\"");
        self
    }
}

/// A color at a place of a gradient: where from 0 to 1, what, how much it covers.
pub type Stop = (f32, Ink, f32);

/// The picture as far as it is drawn.
#[derive(Debug, Default)]
pub struct Sheet {
    defs: String,
    body: String,
    ids: usize,
}

impl Sheet {
    /// The whole file. Groups must have been ended.
    pub fn finish(self) -> String {
        let (defs, body) = (self.defs, self.body);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{SIDE}\" height=\"{SIDE}\" \
             viewBox=\"0 0 {SIDE} {SIDE}\"><defs>{defs}</defs>{body}</svg>"
        )
    }

    fn id(&mut self) -> usize {
        self.ids += 1;
        self.ids
    }

    fn stops(&mut self, stops: &[Stop]) {
        for (at, ink, covers) in stops {
            let ink = ink.hex();
            let _ = write!(self.defs, "<stop offset=\"{at:.3}\" stop-color=\"{ink}\" stop-opacity=\"{covers:.3}\"/>");
        }
    }

    /// Colors along a line between two points.
    pub fn linear(&mut self, from: Point, to: Point, stops: &[Stop]) -> Paint {
        let id = self.id();
        let _ = write!(
            self.defs,
            "<linearGradient id=\"p{id}\" gradientUnits=\"userSpaceOnUse\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" \
             y2=\"{:.1}\">",
            from.0, from.1, to.0, to.1
        );
        self.stops(stops);
        self.defs.push_str("</linearGradient>");
        Paint(format!("url(#p{id})"))
    }

    /// Colors from a point outward.
    pub fn radial(&mut self, center: Point, radius: f32, stops: &[Stop]) -> Paint {
        let id = self.id();
        let _ = write!(
            self.defs,
            "<radialGradient id=\"p{id}\" gradientUnits=\"userSpaceOnUse\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\">",
            center.0, center.1
        );
        self.stops(stops);
        self.defs.push_str("</radialGradient>");
        Paint(format!("url(#p{id})"))
    }

    /// Colors from the middle of whatever shape is filled with them.
    pub fn ball(&mut self, stops: &[Stop]) -> Paint {
        let id = self.id();
        let _ = write!(self.defs, "<radialGradient id=\"p{id}\">");
        self.stops(stops);
        self.defs.push_str("</radialGradient>");
        Paint(format!("url(#p{id})"))
    }

    /// A shape that others are cut to.
    pub fn cut(&mut self, path: &str) -> Cut {
        let id = self.id();
        let _ = write!(self.defs, "<clipPath id=\"p{id}\"><path d=\"{path}\"/></clipPath>");
        Cut(id)
    }

    /// A circle.
    pub fn circle(&mut self, (x, y): Point, radius: f32, look: &Look) {
        let _ = write!(self.body, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.2}\"{}/>", look.0);
    }

    /// An ellipse.
    pub fn ellipse(&mut self, (x, y): Point, (wide, high): (f32, f32), look: &Look) {
        let _ = write!(self.body, "<ellipse cx=\"{x:.1}\" cy=\"{y:.1}\" rx=\"{wide:.2}\" ry=\"{high:.2}\"{}/>", look.0);
    }

    /// A rectangle with round corners, from its upper left one.
    pub fn bar(&mut self, (x, y): Point, (wide, high): (f32, f32), round: f32, look: &Look) {
        let _ = write!(
            self.body,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.2}\" height=\"{high:.2}\" rx=\"{round:.2}\"{}/>",
            look.0
        );
    }

    /// The whole picture.
    pub fn all(&mut self, look: &Look) {
        self.bar((0.0, 0.0), (SIDE, SIDE), 0.0, look);
    }

    /// Any shape, by the commands of SVG's paths.
    pub fn path(&mut self, path: &str, look: &Look) {
        let _ = write!(self.body, "<path d=\"{path}\"{}/>", look.0);
    }

    /// Draws what `draw` draws as one thing.
    pub fn group(&mut self, how: &Group, draw: impl FnOnce(&mut Self)) {
        let _ = write!(self.body, "<g{}>", how.0);
        draw(self);
        self.body.push_str("</g>");
    }
}

/// A shape that others are cut to.
#[derive(Clone, Copy, Debug)]
pub struct Cut(usize);

/// How several shapes are drawn as one.
#[derive(Clone, Debug, Default)]
pub struct Group(String);

impl Group {
    /// Cut to a shape.
    pub fn cut(mut self, Cut(id): Cut) -> Self {
        let _ = write!(self.0, " clip-path=\"url(#p{id})\"");
        self
    }

    /// How its colors meet those behind it.
    pub fn blend(mut self, blend: Blend) -> Self {
        let _ = write!(self.0, " style=\"mix-blend-mode:{blend}\"");
        self
    }

    /// Moved.
    pub fn moved(mut self, by: Point) -> Self {
        let _ = write!(self.0, " transform=\"translate({:.1} {:.1})\"", by.0, by.1);
        self
    }

    /// Turned around a point.
    pub fn turned(mut self, degrees: f32, (x, y): Point) -> Self {
        let _ = write!(self.0, " transform=\"rotate({degrees:.2} {x:.1} {y:.1})\"");
        self
    }
}

/// How colors meet those behind them (Compositing and Blending, level 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blend {
    /// Only lighter, as light does.
    Screen,
    /// Only darker, as ink does.
    Multiply,
}

impl fmt::Display for Blend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Screen => "screen",
            Self::Multiply => "multiply",
        })
    }
}
