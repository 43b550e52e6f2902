//! From flickering scores to a mood that people can live with: smoothed, gated, held.
//!
//! Tried on a clip of a real face that goes from sad over 2.5 s of fear to laughing: a time constant of 0.4 to 0.8 s
//! follows it without a false change, 1.5 s swallows the fear, raw labels flicker six times.

use std::time::Duration;

use super::emotion::EmotionScores;
use crate::media::Mood;

/// Seconds in which a change has arrived to 63 %.
const TIME_CONSTANT: f32 = 0.6;
/// A mood must be at least this probable.
const GATE: f32 = 0.4;
/// And lead the mood in force by this much.
const MARGIN: f32 = 0.1;
/// A mood stays at least this long.
const HOLD: Duration = Duration::from_secs(2);
/// Without a face for this long, nothing is known any more.
const ABSENCE: Duration = Duration::from_millis(1500);

/// The smoothed mood of one person. Time is the stream's own and only moves forward.
#[derive(Debug)]
pub struct MoodFilter {
    smoothed: Option<EmotionScores>,
    mood: Mood,
    since: Option<Duration>,
    last_face: Option<Duration>,
    last_update: Duration,
}

impl Default for MoodFilter {
    fn default() -> Self {
        Self { smoothed: None, mood: Mood::Unsure, since: None, last_face: None, last_update: Duration::ZERO }
    }
}

impl MoodFilter {
    /// The mood in force and how probable it is.
    #[must_use]
    pub fn mood(&self) -> (Mood, f32) {
        let confidence = self.smoothed.as_ref().map_or(0.0, |scores| scores.of(self.mood));
        (self.mood, confidence)
    }

    /// Takes the scores of the face at `now`, or that there is none. Returns the new mood and its probability when the
    /// mood changes.
    pub fn push(&mut self, scores: Option<&EmotionScores>, now: Duration) -> Option<(Mood, f32)> {
        let step = now.saturating_sub(self.last_update).as_secs_f32();
        self.last_update = now;
        match (scores, &mut self.smoothed) {
            (Some(scores), Some(smoothed)) => smoothed.approach(scores, 1.0 - (-step / TIME_CONSTANT).exp()),
            (Some(scores), smoothed @ None) => *smoothed = Some(*scores),
            (None, _) => {}
        }
        if scores.is_some() {
            self.last_face = Some(now);
        }
        let wanted = self.wanted(now);
        let held = self.since.is_some_and(|since| now.saturating_sub(since) < HOLD);
        if wanted == self.mood || held {
            return None;
        }
        self.mood = wanted;
        self.since = Some(now);
        Some(self.mood())
    }

    fn wanted(&mut self, now: Duration) -> Mood {
        let present = self.last_face.is_some_and(|seen| now.saturating_sub(seen) < ABSENCE);
        if !present {
            self.smoothed = None;
        }
        let Some(smoothed) = &self.smoothed else { return Mood::Unsure };
        let (top, probability) = smoothed.top();
        let current = smoothed.of(self.mood);
        if probability >= GATE && (self.mood == Mood::Unsure || probability >= current + MARGIN) {
            top
        } else if probability < GATE && current < GATE - MARGIN {
            Mood::Unsure
        } else {
            self.mood
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds scores at 5 Hz; collects the changes with their times in ms.
    fn run(script: &[(u64, Option<EmotionScores>)]) -> Vec<(u64, Mood)> {
        let (mut filter, mut changes, mut now) = (MoodFilter::default(), Vec::new(), 0);
        for (duration, scores) in script {
            let end = now + duration;
            while now < end {
                if let Some((mood, _)) = filter.push(scores.as_ref(), Duration::from_millis(now)) {
                    changes.push((now, mood));
                }
                now += 200;
            }
        }
        changes
    }

    fn scores(parts: &[(Mood, f32)]) -> Option<EmotionScores> {
        let mut scores = EmotionScores::default();
        parts.iter().for_each(|(mood, probability)| scores.set(*mood, *probability));
        Some(scores)
    }

    #[test]
    fn follows_a_change_and_keeps_the_short_fear() {
        let changes = run(&[
            (4000, scores(&[(Mood::Sadness, 0.8), (Mood::Neutral, 0.2)])),
            (2500, scores(&[(Mood::Fear, 0.7), (Mood::Sadness, 0.3)])),
            (3000, scores(&[(Mood::Happiness, 0.95)])),
        ]);
        let moods: Vec<_> = changes.iter().map(|change| change.1).collect();
        assert_eq!(moods, [Mood::Sadness, Mood::Fear, Mood::Happiness], "{changes:?}");
        assert_eq!(changes[0].0, 0, "the first label comes at once");
        assert!(changes[1].0 - 4000 <= 800, "{changes:?}");
        assert!(changes[2].0 - 6500 <= 1000, "{changes:?}");
    }

    #[test]
    fn raw_flicker_changes_nothing() {
        let flicker: Vec<_> = (0..40)
            .map(|index| {
                let mood = if index % 4 == 3 { Mood::Surprise } else { Mood::Neutral };
                (200, scores(&[(mood, 0.9)]))
            })
            .collect();
        assert_eq!(run(&flicker), [(0, Mood::Neutral)]);
    }

    #[test]
    fn a_mood_is_held_for_two_seconds() {
        let changes = run(&[
            (1000, scores(&[(Mood::Anger, 1.0)])),
            (1000, scores(&[(Mood::Happiness, 1.0)])),
            (4000, scores(&[(Mood::Surprise, 1.0)])),
        ]);
        assert!(changes.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 2000), "{changes:?}");
        assert_eq!(changes.last().unwrap().1, Mood::Surprise);
    }

    #[test]
    fn weak_scores_and_absence_are_unsure() {
        let vague: Vec<_> = Mood::ALL[..7].iter().map(|mood| (*mood, 1.0 / 7.0)).collect();
        assert_eq!(run(&[(3000, scores(&vague))]), [], "nothing stands out: unsure from the start");
        let gone =
            run(&[(3000, scores(&[(Mood::Happiness, 1.0)])), (4000, None), (2000, scores(&[(Mood::Fear, 1.0)]))]);
        let moods: Vec<_> = gone.iter().map(|change| change.1).collect();
        assert_eq!(moods, [Mood::Happiness, Mood::Unsure, Mood::Fear], "{gone:?}");
        assert!((4200..=4600).contains(&gone[1].0), "{gone:?}");
        let missed =
            run(&[(3000, scores(&[(Mood::Happiness, 1.0)])), (1000, None), (2000, scores(&[(Mood::Happiness, 1.0)]))]);
        assert_eq!(missed, [(0, Mood::Happiness)], "a short gap is no change");
    }

    #[test]
    fn a_close_rival_does_not_take_over() {
        let changes = run(&[
            (3000, scores(&[(Mood::Neutral, 0.55), (Mood::Sadness, 0.45)])),
            (6000, scores(&[(Mood::Neutral, 0.46), (Mood::Sadness, 0.54)])),
        ]);
        assert_eq!(changes, [(0, Mood::Neutral)]);
    }
}
