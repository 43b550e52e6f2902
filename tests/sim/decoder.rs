//! A receiver's decoder as far as it can tell a continuous stream from a torn one. It waits for holes to be filled for a
//! while, then asks for a keyframe; and it panics if the numbers claim that nothing is missing while something is.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use moodcall::rtp::sequence::Unwrapper;
use moodcall::rtp::time;
use moodcall::sfu::munger::Rewritten;

use super::client::Media;

/// How long a hole is waited for.
const PATIENCE: Duration = Duration::from_millis(150);
/// How often a keyframe is asked for while there is none.
const ASK_EVERY: Duration = Duration::from_millis(200);

/// One incoming stream.
#[derive(Default)]
pub struct Decoder {
    numbers: Unwrapper,
    waiting: BTreeMap<u64, (Instant, Rewritten, Media)>,
    next: Option<u64>,
    /// What was decoded last: the source, its picture, and what the wire said.
    last: Option<(u32, u64, Rewritten)>,
    broken: bool,
    asked: Option<Instant>,
    pub pictures: u64,
    pub last_picture_at: Option<Instant>,
    pub longest_gap: Duration,
    pub sources_seen: Vec<u32>,
}

impl Decoder {
    pub fn push(&mut self, wire: Rewritten, media: Media, now: Instant) {
        let number = self.numbers.extend(wire.sequence);
        if self.next.is_some_and(|next| number < next) {
            return;
        }
        if let Some((_, earlier, content)) = self.waiting.get(&number) {
            assert_eq!((*earlier, *content), (wire, media), "one number carries two packets");
            return;
        }
        self.waiting.insert(number, (now, wire, media));
    }

    /// Decodes what is due. Returns whether a keyframe request should go out.
    pub fn poll(&mut self, now: Instant) -> bool {
        while let Some((&number, &(since, wire, media))) = self.waiting.first_key_value() {
            let next = *self.next.get_or_insert(number);
            if number != next {
                if now - since < PATIENCE {
                    break;
                }
                self.broken = true;
            }
            self.waiting.pop_first();
            self.next = Some(number + 1);
            self.decode(wire, media, now);
        }
        let wants = self.broken || self.last.is_none();
        let ask = wants && self.asked.is_none_or(|asked| now - asked >= ASK_EVERY);
        if ask {
            self.asked = Some(now);
        }
        ask
    }

    fn decode(&mut self, wire: Rewritten, media: Media, now: Instant) {
        let start_of_keyframe = media.keyframe && media.index == 0;
        // Before the first keyframe, and after a hole that nothing filled, only a keyframe helps.
        let torn = self.broken || self.last.is_none();
        self.broken = torn && !start_of_keyframe;
        if self.broken {
            return;
        }
        if let Some((source, picture, before)) = self.last {
            if source != media.source {
                assert!(start_of_keyframe, "source {source} goes over into {} without a keyframe", media.source);
            }
            if picture != media.picture || source != media.source {
                assert!(time::newer(wire.timestamp, before.timestamp), "time stands still or runs back");
                if !start_of_keyframe {
                    assert_eq!(media.picture, picture + 1, "a picture is missing and the numbers do not tell");
                }
                if !torn {
                    assert_eq!(wire.picture_id, (before.picture_id + 1) & 0x7fff, "picture ids do not follow");
                    assert_eq!(wire.tl0_pic_idx, before.tl0_pic_idx.wrapping_add(1));
                }
            } else {
                assert_eq!(wire.timestamp, before.timestamp, "one picture at two times");
            }
        }
        if self.sources_seen.last() != Some(&media.source) {
            self.sources_seen.push(media.source);
        }
        self.last = Some((media.source, media.picture, wire));
        if media.last {
            self.pictures += 1;
            if let Some(at) = self.last_picture_at.replace(now) {
                self.longest_gap = self.longest_gap.max(now - at);
            }
        }
    }
}
