//! Switches seen by a decoder: scripted ones, and any interleaving of switches, loss and reordering.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::Duration;

use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

use super::*;
use crate::base::clock;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn picture(sequence: u16, timestamp: u32, id: u16, keyframe: bool) -> Incoming {
    Incoming {
        sequence,
        timestamp,
        picture_id: Some(PictureId { value: id, long: true }),
        tl0_pic_idx: Some(id as u8),
        keyframe_start: keyframe,
    }
}

#[test]
fn nothing_is_forwarded_before_a_keyframe() {
    let (mut munger, now) = (Munger::video(), clock::now());
    assert_eq!(munger.rewrite('a', &picture(1, 0, 1, true), now), Err(Withheld::OtherSource));
    munger.switch('a');
    assert_eq!(munger.awaits_keyframe(), Some('a'));
    assert_eq!(munger.rewrite('a', &picture(2, 0, 2, false), now), Err(Withheld::AwaitsKeyframe));
    assert!(munger.rewrite('a', &picture(3, 0, 3, true), now).is_ok());
    assert_eq!((munger.awaits_keyframe(), munger.forwarded()), (None, Some('a')));
}

#[test]
fn the_old_source_goes_on_until_the_new_one_has_a_keyframe() {
    let (mut munger, now) = (Munger::video(), clock::now());
    munger.switch('a');
    let first = munger.rewrite('a', &picture(100, 9000, 10, true), now).unwrap();
    munger.switch('b');
    assert_eq!(munger.rewrite('b', &picture(7, 50, 70, false), now), Err(Withheld::AwaitsKeyframe));
    let second = munger.rewrite('a', &picture(101, 12_000, 11, false), now + ms(33)).unwrap();
    assert_eq!(second.sequence, first.sequence.wrapping_add(1));
    let third = munger.rewrite('b', &picture(8, 3050, 71, true), now + ms(73)).unwrap();
    assert_eq!(third.sequence, second.sequence.wrapping_add(1));
    assert_eq!(third.timestamp, second.timestamp.wrapping_add(40 * 90));
    assert_eq!((third.picture_id, third.tl0_pic_idx), (12, 12));
    assert_eq!(munger.rewrite('a', &picture(102, 15_000, 12, false), now + ms(74)), Err(Withheld::OtherSource));
}

#[test]
fn packets_from_before_the_switch_stay_behind_and_late_ones_find_their_place() {
    let (mut munger, now) = (Munger::video(), clock::now());
    munger.switch('a');
    let first = munger.rewrite('a', &picture(0, 0, 0, true), now).unwrap();
    assert_eq!(munger.rewrite('a', &picture(65_535, 0, 0, false), now), Err(Withheld::BeforeSwitch));
    let third = munger.rewrite('a', &picture(2, 0, 0, false), now).unwrap();
    let second = munger.rewrite('a', &picture(1, 0, 0, false), now).unwrap();
    assert_eq!(third.sequence.wrapping_sub(first.sequence), 2);
    assert_eq!(second.sequence.wrapping_sub(first.sequence), 1);
}

#[test]
fn packets_that_overtook_their_keyframe_may_be_offered_again() {
    let (mut munger, now) = (Munger::video(), clock::now());
    munger.switch('a');
    let early = [picture(9, 0, 0, false), picture(11, 3000, 1, false)];
    for packet in &early {
        assert_eq!(munger.rewrite('a', packet, now), Err(Withheld::AwaitsKeyframe));
    }
    let first = munger.rewrite('a', &picture(10, 3000, 1, true), now).unwrap();
    assert_eq!(munger.rewrite('a', &early[0], now), Err(Withheld::BeforeSwitch));
    let second = munger.rewrite('a', &early[1], now).unwrap();
    assert_eq!((second.sequence.wrapping_sub(first.sequence), second.timestamp), (1, first.timestamp));
}

#[test]
fn a_pause_leaves_no_hole() {
    let (mut munger, now) = (Munger::video(), clock::now());
    munger.switch('a');
    let before = munger.rewrite('a', &picture(10, 0, 1, true), now).unwrap();
    munger.pause();
    assert_eq!(munger.rewrite('a', &picture(11, 3000, 2, false), now), Err(Withheld::OtherSource));
    munger.switch('a');
    assert_eq!(munger.awaits_keyframe(), Some('a'));
    let after = munger.rewrite('a', &picture(400, 900_000, 300, true), now + ms(10_000)).unwrap();
    assert_eq!(after.sequence, before.sequence.wrapping_add(1));
    assert_eq!(after.timestamp, before.timestamp.wrapping_add(900_000));
    assert_eq!(after.picture_id, 2);
}

#[test]
fn audio_changes_its_source_at_once() {
    let (mut munger, now) = (Munger::audio(), clock::now());
    munger.switch(1);
    let first = munger.rewrite(1, &Incoming::plain(5, 960, false), now).unwrap();
    munger.switch(2);
    assert_eq!(munger.awaits_keyframe(), None);
    let second = munger.rewrite(2, &Incoming::plain(900, 7, false), now + ms(20)).unwrap();
    assert_eq!(second.sequence, first.sequence.wrapping_add(1));
    assert_eq!(second.timestamp, first.timestamp.wrapping_add(960));
}

#[test]
fn the_payload_is_rewritten_in_place() {
    // X; I and L; a 15-bit picture id 300; TL0PICIDX 9; a keyframe's first byte.
    let mut payload = [0x90, 0xc0, 0x81, 0x2c, 9, 0x10, 1, 2];
    let packet = Incoming::vp8(1, 2, &payload);
    assert_eq!(packet.picture_id, Some(PictureId { value: 300, long: true }));
    assert!(packet.keyframe_start);
    let rewritten = Rewritten { sequence: 0, timestamp: 0, picture_id: 5, tl0_pic_idx: 7 };
    rewritten.apply_vp8(&mut payload);
    assert_eq!(payload, [0x90, 0xc0, 0x80, 5, 7, 0x10, 1, 2]);
}

/// An encoder with arbitrary first numbers.
struct Source {
    sequence: u16,
    timestamp: u32,
    id: u16,
    /// 15, 7 or no bits.
    bits: u8,
    tl0: u8,
}

impl Source {
    fn new(random: &mut StdRng) -> Self {
        Self {
            sequence: random.random(),
            timestamp: random.random(),
            id: random.random(),
            bits: *[15, 15, 7, 0].get(random.random_range(0..4)).unwrap_or(&15),
            tl0: random.random(),
        }
    }

    fn encode(&mut self, keyframe: bool, packets: u16) -> Vec<Incoming> {
        self.timestamp = self.timestamp.wrapping_add(3000);
        self.id = self.id.wrapping_add(1);
        self.tl0 = self.tl0.wrapping_add(1);
        let id = PictureId { value: self.id & ((1 << self.bits) - 1) as u16, long: self.bits == 15 };
        (0..packets)
            .map(|index| {
                self.sequence = self.sequence.wrapping_add(1);
                Incoming {
                    sequence: self.sequence,
                    timestamp: self.timestamp,
                    picture_id: (self.bits > 0).then_some(id),
                    tl0_pic_idx: (self.bits > 0).then_some(self.tl0),
                    keyframe_start: keyframe && index == 0,
                }
            })
            .collect()
    }
}

/// One source's turn, as the subscriber got it: input number to output.
#[derive(Default)]
struct Turn {
    source: usize,
    /// How many packets the network had delivered when the next source took over.
    ended: usize,
    packets: BTreeMap<u64, (Incoming, Rewritten)>,
}

/// Sends some hundred pictures of three sources through a lossy, reordering network and a munger that switches often.
/// Returns the turns, and of each source's packets how many came before.
fn run(seed: u64) -> (Vec<Turn>, Vec<HashMap<u64, usize>>) {
    let random = &mut StdRng::seed_from_u64(seed);
    let (mut munger, start) = (Munger::video(), clock::now());
    let mut sources: Vec<_> = (0..3).map(|_| Source::new(random)).collect();
    let mut numbers: Vec<_> = (0..3).map(|_| Unwrapper::default()).collect();
    let (mut delivered, mut arrivals) = (vec![HashMap::new(); 3], 0);
    let (mut turns, mut recent): (Vec<Turn>, _) = (Vec::new(), vec![VecDeque::new(); 3]);
    munger.switch(0);
    for step in 0..300u64 {
        let now = start + ms(step * 33);
        if random.random_bool(0.08) {
            munger.switch(random.random_range(0..3));
        }
        let mut wire = Vec::new();
        for (index, source) in sources.iter_mut().enumerate() {
            let keyframe =
                random.random_bool(0.15) || munger.awaits_keyframe() == Some(index) && random.random_bool(0.5);
            let count = random.random_range(1..5);
            // Numbered in the order sent, so that the check knows the truth however they arrive.
            wire.extend(
                source
                    .encode(keyframe, count)
                    .into_iter()
                    .map(|packet| (index, numbers[index].extend(packet.sequence), packet)),
            );
        }
        wire.retain(|_| random.random_bool(0.93));
        if random.random_bool(0.3) {
            wire.shuffle(random);
        }
        for (index, number, packet) in wire {
            delivered[index].insert(number, arrivals);
            arrivals += 1;
            let before = munger.forwarded();
            let rewritten = munger.rewrite(index, &packet, now);
            if before != munger.forwarded() {
                assert!(packet.keyframe_start, "a turn begins with a keyframe");
                if let Some(turn) = turns.last_mut() {
                    turn.ended = arrivals;
                }
                let again = recent[index].iter().filter_map(|(number, packet)| {
                    Some((*number, (*packet, munger.rewrite(index, packet, now).ok()?)))
                });
                turns.push(Turn { source: index, packets: again.collect(), ..Turn::default() });
            }
            recent[index].push_back((number, packet));
            if recent[index].len() > 16 {
                recent[index].pop_front();
            }
            let Ok(rewritten) = rewritten else { continue };
            let repeated = turns.last_mut().unwrap().packets.insert(number, (packet, rewritten));
            assert!(repeated.is_none());
        }
    }
    if let Some(turn) = turns.last_mut() {
        turn.ended = arrivals;
    }
    (turns, delivered)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_decoder_sees_one_continuous_stream(seed: u64) {
        let (turns, delivered) = run(seed);
        let (mut sent, mut total) = (HashSet::new(), 0u64);
        // Sequence number, time and picture id of the newest packet of the turn before.
        let mut last = None::<(u16, u32, Option<u16>)>;
        for turn in &turns {
            let (&first, (packet, opening)) = turn.packets.first_key_value().unwrap();
            let (&end, _) = turn.packets.last_key_value().unwrap();
            let bits = packet.picture_id.map_or(0, |id| if id.long { 15 } else { 7 });
            let mask = ((1u32 << bits) - 1) as u16;
            if let Some((sequence, timestamp, id)) = last {
                prop_assert_eq!(opening.sequence, sequence.wrapping_add(1), "no hole and no overlap between turns");
                prop_assert!(time::newer(opening.timestamp, timestamp), "time goes on");
                if let (Some(id), true) = (id, bits > 0) {
                    prop_assert_eq!(opening.picture_id, id.wrapping_add(1) & mask & 0x7f | opening.picture_id & !0x7f);
                }
            }
            for (number, (incoming, rewritten)) in &turn.packets {
                prop_assert_eq!(rewritten.sequence.wrapping_sub(opening.sequence), (number - first) as u16);
                prop_assert_eq!(rewritten.timestamp.wrapping_sub(opening.timestamp), incoming.timestamp.wrapping_sub(packet.timestamp));
                if let (Some(own), Some(start)) = (incoming.picture_id, packet.picture_id) {
                    prop_assert_eq!(rewritten.picture_id.wrapping_sub(opening.picture_id) & mask, own.value.wrapping_sub(start.value) & mask);
                }
                sent.insert(rewritten.sequence);
                total += 1;
            }
            let missing = (first..=end).filter(|number| !turn.packets.contains_key(number));
            for number in missing {
                let came = delivered[turn.source].get(&number).copied();
                prop_assert!(came.is_none_or(|came| came >= turn.ended), "missing, though it came in the turn of its source");
            }
            let newest = turn.packets.values().map(|(_, rewritten)| rewritten);
            let sequence = opening.sequence.wrapping_add((end - first) as u16);
            let timestamp = newest.clone().map(|rewritten| rewritten.timestamp).reduce(|a, b| if time::newer(b, a) { b } else { a });
            let id = if bits == 0 { last.and_then(|last| last.2) } else { turn.packets.get(&end).map(|(_, rewritten)| rewritten.picture_id) };
            last = Some((sequence, timestamp.unwrap_or(0), id));
        }
        prop_assert_eq!(sent.len() as u64, total, "no number twice");
    }
}
