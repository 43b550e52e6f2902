//! VP8's own running numbers (RFC 7741, section 4.2): the picture id, 7 or 15 bits wide or absent, and TL0PICIDX.

use crate::rtp::payload::vp8::PictureId;

/// Picture numbers towards one subscriber.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    /// The newest picture sent, counted on without wrapping.
    newest: Option<u64>,
    ids: Option<Ids>,
    newest_tl0: Option<u8>,
    tl0_offset: Option<u8>,
}

/// How the picture ids of the current source map.
#[derive(Clone, Copy, Debug)]
struct Ids {
    long: bool,
    /// The newest id of the source, extended.
    newest: u64,
    /// Added to extended ids, modulo 2^64.
    offset: u64,
}

impl Pictures {
    /// Another source follows: its first picture comes after the newest one sent.
    pub(super) fn take_over(&mut self) {
        self.ids = None;
        self.tl0_offset = None;
    }

    /// What a packet with these fields is to say, each in its own width.
    pub(super) fn rewrite(&mut self, id: Option<PictureId>, tl0: Option<u8>) -> (u16, u8) {
        (id.map_or(0, |id| self.rewrite_id(id)), tl0.map_or(0, |tl0| self.rewrite_tl0(tl0)))
    }

    fn rewrite_id(&mut self, id: PictureId) -> u16 {
        let bits = if id.long { 15 } else { 7 };
        let modulus = 1u64 << bits;
        let value = u64::from(id.value) % modulus;
        // A source that changes its width in mid-stream is counted anew.
        let (ids, extended) = match self.ids {
            Some(ids) if ids.long == id.long => (ids, nearest(ids.newest, value, modulus)),
            _ => {
                let first = modulus + value;
                let offset = self.newest.map_or(0, |newest| (newest + 1).wrapping_sub(first));
                (Ids { long: id.long, newest: first, offset }, first)
            }
        };
        self.ids = Some(Ids { newest: ids.newest.max(extended), ..ids });
        let picture = extended.wrapping_add(ids.offset);
        self.newest = Some(self.newest.map_or(picture, |newest| newest.max(picture)));
        (picture % modulus) as u16
    }

    fn rewrite_tl0(&mut self, tl0: u8) -> u8 {
        let next = self.newest_tl0.map_or(tl0, |newest| newest.wrapping_add(1));
        let offset = *self.tl0_offset.get_or_insert(next.wrapping_sub(tl0));
        let rewritten = tl0.wrapping_add(offset);
        if self.newest_tl0.is_none_or(|newest| rewritten.wrapping_sub(newest) < 0x80) {
            self.newest_tl0 = Some(rewritten);
        }
        rewritten
    }
}

/// The number nearest to `newest` that is `value` modulo `modulus`.
fn nearest(newest: u64, value: u64, modulus: u64) -> u64 {
    let ahead = value.wrapping_sub(newest) % modulus;
    if ahead < modulus / 2 { newest + ahead } else { (newest + ahead).saturating_sub(modulus) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(value: u16) -> Option<PictureId> {
        Some(PictureId { value, long: true })
    }

    fn short(value: u16) -> Option<PictureId> {
        Some(PictureId { value, long: false })
    }

    #[test]
    fn the_first_source_keeps_its_numbers() {
        let mut pictures = Pictures::default();
        assert_eq!(pictures.rewrite(long(32_767), Some(255)), (32_767, 255));
        assert_eq!(pictures.rewrite(long(0), Some(0)), (0, 0));
        assert_eq!(pictures.rewrite(long(32_767), Some(255)), (32_767, 255), "a late packet keeps its own");
    }

    #[test]
    fn the_next_source_follows_the_newest_picture() {
        let mut pictures = Pictures::default();
        pictures.rewrite(long(32_766), Some(254));
        pictures.take_over();
        assert_eq!(pictures.rewrite(long(17), Some(3)), (32_767, 255));
        assert_eq!(pictures.rewrite(long(18), Some(4)), (0, 0));
        assert_eq!(pictures.rewrite(long(17), Some(3)), (32_767, 255));
        pictures.take_over();
        assert_eq!(pictures.rewrite(long(9), Some(200)), (1, 1));
    }

    #[test]
    fn widths_may_differ_between_sources() {
        let mut pictures = Pictures::default();
        pictures.rewrite(long(1000), None);
        pictures.take_over();
        assert_eq!(pictures.rewrite(short(5), None), (1001 % 128, 0));
        for step in 0..200 {
            assert_eq!(pictures.rewrite(short((5 + step) % 128), None).0, (1001 + step) % 128);
        }
        pictures.take_over();
        assert_eq!(pictures.rewrite(long(7), None).0, 1001 + 200);
    }

    #[test]
    fn a_source_without_picture_ids_leaves_the_count_where_it_stood() {
        let mut pictures = Pictures::default();
        pictures.rewrite(long(50), Some(5));
        pictures.take_over();
        assert_eq!(pictures.rewrite(None, None), (0, 0));
        pictures.take_over();
        assert_eq!(pictures.rewrite(long(9999), Some(77)), (51, 6));
    }
}
