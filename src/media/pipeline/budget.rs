//! Which rung of the ladder a stream can afford: measured time per frame against the time between frames, with
//! hysteresis on the way down and growing patience on the way up.

use std::time::{Duration, Instant};

use crate::media::Rung;

/// Above this share of the time between frames, there is too much work.
const OVERLOAD: f64 = 0.9;
/// A better rung is tried if its expected share is below this.
const COMFORT: f64 = 0.7;
/// More late frames than this share are too much work too, whoever does it. Down to half the rate only: frames that
/// arrive in bursts are late on any rung, and are left out one by one.
const LATE: f64 = 0.25;
/// Above this share even blur cannot keep ten pictures a second. The original shows what its owner wanted hidden, so
/// nothing less than that leads to it.
const HOPELESS: f64 = 3.0;
/// The averages follow in this time.
const TIME_CONSTANT: f64 = 0.5;
/// A rung is given this long before the next one down.
const SETTLE: Duration = Duration::from_secs(1);
/// Comfort must last this long before a better rung is tried; it doubles with every relapse.
const PATIENCE: Duration = Duration::from_secs(3);
const MOST_PATIENCE: Duration = Duration::from_secs(60);
/// A better rung that was left within this time was a relapse; one that lasted longer forgives.
const RELAPSE: Duration = Duration::from_secs(10);

/// What the rungs cost relative to each other, measured at 640x480. Only used to foresee what the next better one costs.
fn weight(rung: Rung) -> f64 {
    match rung {
        Rung::Full => 1.0,
        Rung::ReuseMatte => 0.75,
        Rung::LessAnalysis => 0.55,
        Rung::HalfRate => 0.33,
        Rung::BlurOnly => 0.3,
        Rung::Bypass => 0.1,
    }
}

/// One frame's share of the budget.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Wall time that this frame took, skipped or not. Waiting for a busy machine counts.
    pub spent: Duration,
    /// The time between frames.
    pub interval: Duration,
    /// It was left out because it came too late.
    pub late: bool,
}

/// Walks the ladder for one stream.
#[derive(Debug)]
pub struct Budget {
    rung: Rung,
    load: f64,
    late: f64,
    changed: Option<Instant>,
    comfortable: Option<Instant>,
    climbed: Option<Instant>,
    patience: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            rung: Rung::Full,
            load: 0.0,
            late: 0.0,
            changed: None,
            comfortable: None,
            climbed: None,
            patience: PATIENCE,
        }
    }
}

impl Budget {
    /// The rung in force.
    #[must_use]
    pub fn rung(&self) -> Rung {
        self.rung
    }

    /// The share of the time between frames that is used, averaged.
    #[must_use]
    pub fn load(&self) -> f64 {
        self.load
    }

    /// Accounts for a frame. Returns the new rung when it changes.
    pub fn frame(&mut self, cost: Cost, now: Instant) -> Option<Rung> {
        let interval = cost.interval.as_secs_f64().max(0.001);
        let share = 1.0 - (-interval / TIME_CONSTANT).exp();
        self.load += (cost.spent.as_secs_f64() / interval - self.load) * share;
        self.late += (f64::from(u8::from(cost.late)) - self.late) * share;
        let changed = *self.changed.get_or_insert(now);
        let limit = if self.rung >= Rung::BlurOnly { HOPELESS } else { OVERLOAD };
        if self.load > limit || (self.late > LATE && self.rung < Rung::HalfRate) {
            self.comfortable = None;
            let settled = now.saturating_duration_since(changed) >= SETTLE;
            let next = Rung::ALL.get(self.rung as usize + 1);
            return next.filter(|_| settled).map(|&rung| self.descend(rung, now));
        }
        let better = (self.rung as usize).checked_sub(1).map(|index| Rung::ALL[index])?;
        let bursts = self.late > LATE / 2.0 && better < Rung::HalfRate;
        if self.load * weight(better) / weight(self.rung) > COMFORT || bursts {
            self.comfortable = None;
            return None;
        }
        let since = *self.comfortable.get_or_insert(now);
        (now.saturating_duration_since(since) >= self.patience).then(|| self.climb(better, now))
    }

    fn descend(&mut self, rung: Rung, now: Instant) -> Rung {
        let relapse = self.climbed.is_some_and(|at| now.saturating_duration_since(at) < RELAPSE);
        self.patience = if relapse { (self.patience * 2).min(MOST_PATIENCE) } else { PATIENCE };
        self.climbed = None;
        self.enter(rung, now)
    }

    fn climb(&mut self, rung: Rung, now: Instant) -> Rung {
        self.climbed = Some(now);
        self.enter(rung, now)
    }

    fn enter(&mut self, rung: Rung, now: Instant) -> Rung {
        self.load *= weight(rung) / weight(self.rung);
        self.late = 0.0;
        self.rung = rung;
        self.changed = Some(now);
        self.comfortable = None;
        rung
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock;

    const INTERVAL: Duration = Duration::from_millis(33);

    /// A machine on which full quality takes `full` ms; returns every change with its time in ms.
    struct Machine {
        budget: Budget,
        now: Instant,
        start: Instant,
    }

    impl Machine {
        fn new() -> Self {
            let now = clock::now();
            Self { budget: Budget::default(), now, start: now }
        }

        fn run(&mut self, seconds: u64, full: f64) -> Vec<(u128, Rung)> {
            let mut changes = Vec::new();
            for _ in 0..seconds * 30 {
                let spent = Duration::from_secs_f64(full * weight(self.budget.rung()) / 1000.0);
                let late = spent > INTERVAL;
                self.now += INTERVAL;
                if let Some(rung) = self.budget.frame(Cost { spent, interval: INTERVAL, late }, self.now) {
                    changes.push(((self.now - self.start).as_millis(), rung));
                }
            }
            changes
        }
    }

    #[test]
    fn a_machine_with_time_stays_at_full_quality() {
        let mut machine = Machine::new();
        assert!(machine.run(60, 20.0).is_empty());
        assert!((machine.budget.load() - 20.0 / 33.0).abs() < 0.02);
    }

    #[test]
    fn walks_down_only_as_far_as_needed_and_stays() {
        let mut machine = Machine::new();
        let changes = machine.run(30, 50.0);
        let rungs: Vec<_> = changes.iter().map(|change| change.1).collect();
        assert_eq!(rungs, [Rung::ReuseMatte, Rung::LessAnalysis], "{changes:?}");
        assert!(changes[1].0 < 5000, "{changes:?}");
        assert!(changes[1].0 - changes[0].0 >= 1000, "each rung gets its time: {changes:?}");
    }

    #[test]
    fn a_hopeless_machine_ends_at_the_original() {
        let mut machine = Machine::new();
        machine.run(20, 400.0);
        assert_eq!(machine.budget.rung(), Rung::Bypass);
    }

    #[test]
    fn a_slow_machine_drops_pictures_rather_than_show_the_room_behind() {
        let mut machine = Machine::new();
        machine.run(60, 200.0);
        assert_eq!(machine.budget.rung(), Rung::BlurOnly);
    }

    #[test]
    fn bursts_never_cost_more_than_half_the_rate() {
        let (mut budget, mut now) = (Budget::default(), clock::now());
        for index in 0..3000 {
            now += INTERVAL;
            let cost = Cost { spent: Duration::from_millis(6), interval: INTERVAL, late: index % 3 != 0 };
            budget.frame(cost, now);
            assert!(budget.rung() <= Rung::HalfRate, "after {index} frames");
        }
    }

    #[test]
    fn comes_back_step_by_step_when_the_load_goes() {
        let mut machine = Machine::new();
        machine.run(20, 400.0);
        let changes = machine.run(40, 15.0);
        assert_eq!(machine.budget.rung(), Rung::Full, "{changes:?}");
        assert!(changes.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 3000), "{changes:?}");
    }

    #[test]
    fn a_relapse_makes_the_next_try_wait_longer() {
        let mut machine = Machine::new();
        machine.run(5, 50.0);
        // Expected to fit at a better rung, but does not: bursts that only come at full quality.
        let mut tries = Vec::new();
        for _ in 0..30 * 120 {
            let cheap = machine.budget.rung() >= Rung::LessAnalysis;
            let spent = Duration::from_millis(if cheap { 5 } else { 60 });
            machine.now += INTERVAL;
            let change = machine.budget.frame(Cost { spent, interval: INTERVAL, late: !cheap }, machine.now);
            if change.is_some_and(|rung| rung < Rung::LessAnalysis) {
                tries.push((machine.now - machine.start).as_secs());
            }
        }
        let waits: Vec<_> = tries.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(waits.windows(2).all(|pair| pair[1] > pair[0]), "{waits:?}");
        assert!(tries.len() <= 6, "{tries:?}");
    }

    #[test]
    fn late_frames_alone_are_a_reason() {
        let (mut budget, mut now) = (Budget::default(), clock::now());
        for index in 0..150 {
            now += INTERVAL;
            let cost = Cost { spent: Duration::from_millis(2), interval: INTERVAL, late: index % 2 == 0 };
            if budget.frame(cost, now).is_some() {
                return;
            }
        }
        panic!("half of the frames were late and nothing happened");
    }
}
