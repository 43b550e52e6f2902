//! One direction of a link: what is sent comes out later, or not at all, or twice, or in another order.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// How a link treats what it carries.
#[derive(Clone, Copy, Debug)]
pub struct Weather {
    pub loss: f64,
    pub duplicates: f64,
    pub delay: Duration,
    pub jitter: Duration,
}

impl Weather {
    /// 20 ms, nothing lost, order kept.
    pub const FAIR: Weather =
        Weather { loss: 0.0, duplicates: 0.0, delay: Duration::from_millis(20), jitter: Duration::ZERO };
    /// 40 ms +- 15 ms: with packets a millisecond apart, much of it overtakes. 2 % come twice.
    pub const ROUGH: Weather =
        Weather { loss: 0.0, duplicates: 0.02, delay: Duration::from_millis(25), jitter: Duration::from_millis(30) };
    /// Nothing comes through.
    pub const OUT: Weather = Weather { loss: 1.0, ..Weather::FAIR };

    pub fn losing(self, loss: f64) -> Self {
        Self { loss, ..self }
    }
}

/// A link and what is on its way.
pub struct Link<T> {
    pub weather: Weather,
    random: StdRng,
    flying: BTreeMap<(Instant, u64), T>,
    sent: u64,
}

impl<T: Clone> Link<T> {
    pub fn new(seed: u64, weather: Weather) -> Self {
        Self { weather, random: StdRng::seed_from_u64(seed), flying: BTreeMap::new(), sent: 0 }
    }

    pub fn send(&mut self, item: T, now: Instant) {
        let copies = 1 + usize::from(self.random.random_bool(self.weather.duplicates));
        for _ in 0..copies {
            if self.random.random_bool(self.weather.loss) {
                continue;
            }
            let jitter = self.weather.jitter.mul_f64(self.random.random());
            self.sent += 1;
            self.flying.insert((now + self.weather.delay + jitter, self.sent), item.clone());
        }
    }

    /// The next item that has arrived by `now`.
    pub fn receive(&mut self, now: Instant) -> Option<T> {
        let (&(due, _), _) = self.flying.first_key_value()?;
        if due > now {
            return None;
        }
        self.flying.pop_first().map(|(_, item)| item)
    }
}
