//! What moves over a scene's ground: lights, rain, embers, paper. Every particle lives a whole number of lives per loop.

use super::sprite::Sprite;
use super::wave::{Seeded, smoothstep, wave};
use crate::media::Mood;
use crate::media::color::yuv;
use crate::media::frame::Frame;

/// One thing that moves. Lengths are in heights of the picture; a life runs from 0 to 1.
#[derive(Clone, Debug)]
struct Particle {
    /// First of its shapes, and how many there are to turn through.
    sprite: usize,
    poses: usize,
    /// How often it turns through its poses in one life.
    turns: f32,
    /// Where it is born, and how far it gets.
    from: (f32, f32),
    way: (f32, f32),
    /// Sideways swing and the number of swings in a life.
    sway: f32,
    swings: f32,
    /// Lives per loop, and where in its life it is when the loop begins.
    lives: f32,
    offset: f32,
    /// Share of the life that it takes to appear, and to disappear.
    fade: (f32, f32),
    /// How much its opacity breathes, once per loop.
    breath: f32,
    color: [u8; 3],
    opacity: f32,
}

impl Default for Particle {
    fn default() -> Self {
        Self {
            sprite: 0,
            poses: 1,
            turns: 0.0,
            from: (0.0, 0.0),
            way: (0.0, 0.0),
            sway: 0.0,
            swings: 1.0,
            lives: 1.0,
            offset: 0.0,
            fade: (0.25, 0.25),
            breath: 0.0,
            color: [128; 3],
            opacity: 1.0,
        }
    }
}

/// The particles of one scene for frames of one size.
#[derive(Clone, Debug, Default)]
pub struct Particles {
    sprites: Vec<Sprite>,
    particles: Vec<Particle>,
    height: f32,
}

impl Particles {
    /// Those of `mood`, for frames of `width` x `height` pixels.
    pub fn new(mood: Mood, width: usize, height: usize, seeded: &mut Seeded) -> Self {
        let mut made = Self { height: height as f32, ..Self::default() };
        let aspect = width as f32 / height as f32;
        match mood {
            Mood::Happiness => made.bokeh(aspect, seeded),
            Mood::Sadness => made.rain(aspect, seeded),
            Mood::Anger => made.embers(aspect, seeded),
            Mood::Fear => made.moon(aspect),
            Mood::Disgust => made.motes(aspect, seeded),
            Mood::Surprise => made.paper(aspect, seeded),
            Mood::Contempt | Mood::Neutral | Mood::Unsure => {}
        }
        made
    }

    /// What is so soft that it can be stamped on the ground's coarse grid, before that is scaled up: a town out of focus.
    pub fn far(mood: Mood, columns: usize, rows: usize, seeded: &mut Seeded) -> Self {
        let mut made = Self { height: rows as f32, ..Self::default() };
        if mood == Mood::Sadness {
            made.town(columns as f32 / rows as f32, seeded);
        }
        made
    }

    /// Stamps all of them as they are at `phase` of the loop.
    pub fn draw(&self, frame: &mut Frame, phase: f32) {
        for particle in &self.particles {
            let life = (phase * particle.lives + particle.offset).fract();
            let (appear, disappear) = particle.fade;
            let seen = if particle.lives == 0.0 {
                1.0
            } else {
                smoothstep(0.0, appear, life) * (1.0 - smoothstep(1.0 - disappear, 1.0, life))
            };
            let breath = 1.0 - particle.breath * (0.5 + 0.5 * wave(phase + particle.offset * 7.3));
            let sway = particle.sway * wave(particle.swings * life + particle.offset * 3.1);
            let x = (particle.from.0 + particle.way.0 * life + sway) * self.height;
            let y = (particle.from.1 + particle.way.1 * life) * self.height;
            let pose = ((life * particle.turns + particle.offset * 5.7).fract() * particle.poses as f32) as usize;
            let sprite = &self.sprites[particle.sprite + pose.min(particle.poses - 1)];
            sprite.stamp(frame, x, y, particle.color, particle.opacity * seen * breath);
        }
    }

    fn add(&mut self, sprite: Sprite) -> usize {
        self.sprites.push(sprite);
        self.sprites.len() - 1
    }

    fn bokeh(&mut self, aspect: f32, seeded: &mut Seeded) {
        let sizes = [0.024, 0.036, 0.050, 0.068, 0.090];
        let sprites = sizes.map(|size| self.add(Sprite::bokeh(size * self.height)));
        let colors = [[255, 226, 160], [255, 205, 110], [255, 240, 205], [255, 178, 96]].map(yuv);
        for index in 0..24 {
            let size = (index * sizes.len()) / 24;
            self.particles.push(Particle {
                sprite: sprites[size],
                from: (seeded.between(-0.05, aspect + 0.05), seeded.between(0.10, 1.10)),
                way: (seeded.between(-0.05, 0.02), -seeded.between(0.16, 0.30)),
                sway: seeded.between(0.0, 0.012),
                offset: seeded.unit(),
                fade: (0.35, 0.40),
                color: colors[seeded.below(colors.len())],
                opacity: seeded.between(0.16, 0.40) * (1.15 - 0.1 * size as f32),
                ..Particle::default()
            });
        }
    }

    fn town(&mut self, aspect: f32, seeded: &mut Seeded) {
        let lights = [0.10, 0.16, 0.24].map(|size| self.add(Sprite::glow(size * self.height)));
        let colors = [[150, 190, 245], [196, 214, 250], [120, 168, 230], [240, 196, 150]].map(yuv);
        for index in 0..9 {
            self.particles.push(Particle {
                sprite: lights[index % lights.len()],
                from: (aspect * (index as f32 + seeded.between(0.2, 0.8)) / 9.0, seeded.between(0.30, 0.80)),
                lives: 0.0,
                offset: seeded.unit(),
                breath: 0.25,
                color: colors[seeded.below(colors.len())],
                opacity: seeded.between(0.18, 0.38),
                ..Particle::default()
            });
        }
    }

    fn rain(&mut self, aspect: f32, seeded: &mut Seeded) {
        let streaks = [(0.16, 1.0), (0.11, 0.7), (0.22, 1.25)].map(|(length, thickness): (f32, f32)| {
            let thickness = (thickness * self.height / 480.0).max(0.7);
            self.add(Sprite::streak(length * self.height, thickness, -0.10 * length * self.height))
        });
        for _ in 0..64 {
            let kind = seeded.below(streaks.len());
            let lean = seeded.between(0.09, 0.11);
            self.particles.push(Particle {
                sprite: streaks[kind],
                from: (seeded.between(0.0, aspect + 0.12), -0.2),
                way: (-1.4 * lean, 1.4),
                lives: [7.0, 6.0, 9.0][kind],
                offset: seeded.unit(),
                fade: (0.02, 0.02),
                color: yuv([206, 224, 255]),
                opacity: seeded.between(0.14, 0.34),
                ..Particle::default()
            });
        }
        self.drops(aspect, seeded);
    }

    fn drops(&mut self, aspect: f32, seeded: &mut Seeded) {
        let shade = [0.0055, 0.0085, 0.012].map(|size| self.add(Sprite::drop(size * self.height, -1.0)));
        let shine = [0.0055, 0.0085, 0.012].map(|size| self.add(Sprite::drop(size * self.height, 1.0)));
        for index in 0..46 {
            let size = seeded.below(3);
            // Every sixth gathers and then runs down the glass.
            let runs = index % 6 == 0;
            let drop = Particle {
                from: (seeded.between(0.0, aspect), seeded.between(-0.05, 1.0)),
                way: (0.0, if runs { seeded.between(0.35, 0.6) } else { seeded.between(0.0, 0.012) }),
                sway: if runs { 0.006 } else { 0.0 },
                swings: 3.0,
                offset: seeded.unit(),
                fade: (0.2, 0.1),
                ..Particle::default()
            };
            let opacity = seeded.between(0.22, 0.42);
            let dark =
                Particle { sprite: shade[size], color: yuv([18, 32, 66]), opacity: opacity * 0.8, ..drop.clone() };
            let bright = Particle { sprite: shine[size], color: yuv([214, 230, 255]), opacity, ..drop };
            self.particles.extend([dark, bright]);
        }
    }

    fn embers(&mut self, aspect: f32, seeded: &mut Seeded) {
        let sizes = [0.008, 0.012, 0.018, 0.028];
        let sprites = sizes.map(|size: f32| self.add(Sprite::ember((size * self.height).max(2.5))));
        let colors = [[255, 190, 96], [255, 150, 60], [255, 220, 150]].map(yuv);
        for _ in 0..70 {
            let size = [0, 0, 0, 1, 1, 1, 2, 2, 3][seeded.below(9)];
            self.particles.push(Particle {
                sprite: sprites[size],
                from: (seeded.between(-0.1, aspect + 0.1), seeded.between(0.55, 1.15)),
                way: (seeded.between(-0.10, 0.14), -seeded.between(0.45, 0.95)),
                sway: seeded.between(0.01, 0.035),
                swings: seeded.between(0.7, 1.6),
                offset: seeded.unit(),
                fade: (0.18, 0.55),
                color: colors[seeded.below(colors.len())],
                opacity: seeded.between(0.55, 0.95),
                ..Particle::default()
            });
        }
    }

    fn moon(&mut self, aspect: f32) {
        let disc = self.add(Sprite::new((0.17 * self.height) as usize, (0.17 * self.height) as usize, {
            let radius = 0.070 * self.height;
            move |x, y| {
                let distance = (x * x + y * y).sqrt();
                (0.80 + 0.20 * (x + y) / radius * -0.5) * (1.0 - smoothstep(radius * 0.86, radius * 1.06, distance))
            }
        }));
        let from = (aspect * 0.24, 0.20);
        let color = yuv([232, 226, 250]);
        self.particles.push(Particle { sprite: disc, from, lives: 0.0, color, opacity: 0.72, ..Particle::default() });
    }

    fn motes(&mut self, aspect: f32, seeded: &mut Seeded) {
        let sizes = [0.006, 0.010, 0.024];
        let sprites = sizes.map(|size: f32| self.add(Sprite::glow((size * self.height).max(2.0))));
        for index in 0..30 {
            self.particles.push(Particle {
                sprite: sprites[index % sprites.len()],
                from: (seeded.between(0.0, aspect), seeded.between(0.1, 1.1)),
                way: (seeded.between(-0.06, 0.06), -seeded.between(0.08, 0.22)),
                sway: 0.015,
                offset: seeded.unit(),
                fade: (0.3, 0.4),
                color: yuv([226, 240, 176]),
                opacity: seeded.between(0.2, 0.5),
                ..Particle::default()
            });
        }
    }

    fn paper(&mut self, aspect: f32, seeded: &mut Seeded) {
        const POSES: usize = 16;
        let sizes = [(0.016, 0.026), (0.022, 0.022), (0.013, 0.034)];
        let firsts = sizes.map(|(width, height)| {
            let first = self.sprites.len();
            for pose in 0..POSES {
                let turn = pose as f32 / POSES as f32;
                // Twice flat and twice on edge in one turn; never quite invisible, so that it tumbles rather than blinks.
                let openness = 0.35 + 0.65 * wave(turn * 2.0).abs();
                self.add(Sprite::paper(width * self.height, height * self.height, turn * 0.5, openness));
            }
            first
        });
        let colors =
            [[255, 214, 92], [255, 122, 160], [120, 232, 236], [250, 250, 246], [176, 140, 246], [255, 158, 92]]
                .map(yuv);
        for _ in 0..64 {
            self.particles.push(Particle {
                sprite: firsts[seeded.below(firsts.len())],
                poses: POSES,
                turns: [1.0, 2.0, 3.0][seeded.below(3)],
                from: (seeded.between(-0.05, aspect + 0.05), seeded.between(-0.35, 0.15)),
                way: (seeded.between(-0.08, 0.08), seeded.between(0.75, 1.05)),
                sway: seeded.between(0.015, 0.045),
                swings: seeded.between(1.0, 2.2),
                offset: seeded.unit(),
                fade: (0.12, 0.16),
                color: colors[seeded.below(colors.len())],
                opacity: seeded.between(0.65, 0.92),
                ..Particle::default()
            });
        }
    }
}
