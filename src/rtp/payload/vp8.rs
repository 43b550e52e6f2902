//! The VP8 payload descriptor (RFC 7741, section 4.2): parse, write, rewrite in place. Nothing here panics, whatever the bytes.

/// `X` in the first octet: an extension octet follows.
const EXTENDED: u8 = 0x80;
/// `N` in the first octet: the picture is no reference for others.
const NON_REFERENCE: u8 = 0x20;
/// `S` in the first octet: a partition starts in this packet.
const START: u8 = 0x10;
/// `I`, `L`, `T`, `K` in the extension octet.
const HAS_PICTURE_ID: u8 = 0x80;
const HAS_TL0: u8 = 0x40;
const HAS_TID: u8 = 0x20;
const HAS_KEY_INDEX: u8 = 0x10;
/// `M` in the first octet of the picture id: it has 15 bits instead of 7.
const LONG_PICTURE_ID: u8 = 0x80;

/// A parsed payload descriptor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Descriptor {
    /// `S`: the first octet after the descriptor starts a VP8 partition.
    pub start_of_partition: bool,
    /// `PID`: which partition, 0 to 7; 0 begins with the frame header.
    pub partition: u8,
    /// `N`: no other picture refers to this one.
    pub non_reference: bool,
    /// The running number of the picture.
    pub picture_id: Option<PictureId>,
    /// The running number of base-layer pictures.
    pub tl0_pic_idx: Option<u8>,
    /// Temporal layer and its sync bit.
    pub temporal_layer: Option<TemporalLayer>,
    /// Temporal key frame index, 5 bits.
    pub key_index: Option<u8>,
    /// Octets that the descriptor takes. Written descriptors take as many as their fields need; `len` 2 without any
    /// field keeps an empty extension octet.
    pub len: usize,
}

/// The picture id and how wide it is on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PictureId {
    /// 7 or 15 bits.
    pub value: u16,
    /// Whether it takes 15 bits.
    pub long: bool,
}

/// `TID` and `Y`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TemporalLayer {
    /// Layer 0 to 3.
    pub id: u8,
    /// Depends on the base layer only.
    pub sync: bool,
}

/// Why a payload has no descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DescriptorError {
    /// The payload ends inside its descriptor.
    #[error("the VP8 payload descriptor is cut short")]
    Truncated,
}

/// Where the fields of a descriptor lie in its payload.
#[derive(Clone, Copy, Default)]
struct Layout {
    picture_id: Option<(usize, bool)>,
    tl0_pic_idx: Option<usize>,
    tid_key: Option<usize>,
    len: usize,
}

impl Layout {
    fn of(payload: &[u8]) -> Option<Self> {
        let first = *payload.first()?;
        let mut layout = Self { len: 1, ..Self::default() };
        if first & EXTENDED == 0 {
            return Some(layout);
        }
        let extension = *payload.get(1)?;
        layout.len = 2;
        if extension & HAS_PICTURE_ID != 0 {
            let long = *payload.get(layout.len)? & LONG_PICTURE_ID != 0;
            layout.picture_id = Some((layout.len, long));
            layout.len += if long { 2 } else { 1 };
        }
        if extension & HAS_TL0 != 0 {
            layout.tl0_pic_idx = Some(layout.len);
            layout.len += 1;
        }
        if extension & (HAS_TID | HAS_KEY_INDEX) != 0 {
            layout.tid_key = Some(layout.len);
            layout.len += 1;
        }
        (layout.len <= payload.len()).then_some(layout)
    }
}

impl Descriptor {
    /// Reads the descriptor at the start of `payload`. Reserved bits are ignored.
    ///
    /// # Errors
    /// [`DescriptorError::Truncated`] if the payload ends inside the descriptor.
    pub fn parse(payload: &[u8]) -> Result<Self, DescriptorError> {
        let layout = Layout::of(payload).ok_or(DescriptorError::Truncated)?;
        let at = |index: usize| payload.get(index).copied().ok_or(DescriptorError::Truncated);
        let first = at(0)?;
        let mut descriptor = Self {
            start_of_partition: first & START != 0,
            partition: first & 0x07,
            non_reference: first & NON_REFERENCE != 0,
            len: layout.len,
            ..Self::default()
        };
        if let Some((index, long)) = layout.picture_id {
            let high = u16::from(at(index)? & !LONG_PICTURE_ID);
            let value = if long { high << 8 | u16::from(at(index + 1)?) } else { high };
            descriptor.picture_id = Some(PictureId { value, long });
        }
        if let Some(index) = layout.tl0_pic_idx {
            descriptor.tl0_pic_idx = Some(at(index)?);
        }
        if let Some(index) = layout.tid_key {
            let (flags, octet) = (at(1)?, at(index)?);
            if flags & HAS_TID != 0 {
                descriptor.temporal_layer = Some(TemporalLayer { id: octet >> 6, sync: octet & 0x20 != 0 });
            }
            if flags & HAS_KEY_INDEX != 0 {
                descriptor.key_index = Some(octet & 0x1f);
            }
        }
        Ok(descriptor)
    }

    /// Appends the descriptor to `out`. What was parsed comes out as the same octets, reserved bits as zero; values too
    /// big for their field lose their high bits.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut extension = 0;
        extension |= if self.picture_id.is_some() { HAS_PICTURE_ID } else { 0 };
        extension |= if self.tl0_pic_idx.is_some() { HAS_TL0 } else { 0 };
        extension |= if self.temporal_layer.is_some() { HAS_TID } else { 0 };
        extension |= if self.key_index.is_some() { HAS_KEY_INDEX } else { 0 };
        let extended = extension != 0 || self.len == 2;

        let mut first = self.partition & 0x07;
        first |= if extended { EXTENDED } else { 0 };
        first |= if self.non_reference { NON_REFERENCE } else { 0 };
        first |= if self.start_of_partition { START } else { 0 };
        out.push(first);
        if !extended {
            return;
        }
        out.push(extension);
        if let Some(PictureId { value, long }) = self.picture_id {
            let [high, low] = value.to_be_bytes();
            if long {
                out.extend_from_slice(&[high | LONG_PICTURE_ID, low]);
            } else {
                out.push(low & !LONG_PICTURE_ID);
            }
        }
        out.extend(self.tl0_pic_idx);
        if self.temporal_layer.is_some() || self.key_index.is_some() {
            let TemporalLayer { id, sync } = self.temporal_layer.unwrap_or_default();
            out.push((id & 0x03) << 6 | u8::from(sync) << 5 | self.key_index.unwrap_or(0) & 0x1f);
        }
    }
}

/// Whether this packet begins a keyframe: it starts partition 0 and the frame header says so (RFC 6386, section 9.1).
#[must_use]
pub fn is_keyframe_start(payload: &[u8]) -> bool {
    let Ok(descriptor) = Descriptor::parse(payload) else { return false };
    descriptor.start_of_partition
        && descriptor.partition == 0
        && payload.get(descriptor.len).is_some_and(|header| header & 1 == 0)
}

/// Sets the picture id and TL0PICIDX in place, in the width that they have there; a field that is absent stays absent,
/// and a payload without a whole descriptor is left alone.
pub fn rewrite(payload: &mut [u8], picture_id: u16, tl0_pic_idx: u8) {
    let Some(layout) = Layout::of(payload) else { return };
    if let Some((index, long)) = layout.picture_id {
        let [high, low] = picture_id.to_be_bytes();
        if long {
            payload[index] = high | LONG_PICTURE_ID;
            payload[index + 1] = low;
        } else {
            payload[index] = low & !LONG_PICTURE_ID;
        }
    }
    if let Some(index) = layout.tl0_pic_idx {
        payload[index] = tl0_pic_idx;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What Chromium sends: X=1, I, L, T, 15-bit picture id.
    const CHROMIUM: [u8; 7] = [0x90, 0xe0, 0x92, 0x34, 0x05, 0x20, 0x9c];

    #[test]
    fn reads_the_descriptor_that_chromium_sends() {
        let descriptor = Descriptor::parse(&CHROMIUM).unwrap();
        assert_eq!(
            descriptor,
            Descriptor {
                start_of_partition: true,
                partition: 0,
                non_reference: false,
                picture_id: Some(PictureId { value: 0x1234, long: true }),
                tl0_pic_idx: Some(5),
                temporal_layer: Some(TemporalLayer { id: 0, sync: true }),
                key_index: None,
                len: 6,
            }
        );
        assert!(is_keyframe_start(&CHROMIUM));
    }

    #[test]
    fn reads_the_shortest_descriptor_and_tells_delta_frames() {
        assert_eq!(Descriptor::parse(&[0x10]).unwrap().len, 1);
        assert!(!is_keyframe_start(&[0x10]), "no header octet yet");
        assert!(is_keyframe_start(&[0x10, 0x00]));
        assert!(!is_keyframe_start(&[0x10, 0x01]), "P bit set");
        assert!(!is_keyframe_start(&[0x00, 0x00]), "not a start");
        assert!(!is_keyframe_start(&[0x11, 0x00]), "partition 1");
    }

    #[test]
    fn refuses_every_cut() {
        assert_eq!(Descriptor::parse(&[]), Err(DescriptorError::Truncated));
        for len in 0..6 {
            assert_eq!(Descriptor::parse(&CHROMIUM[..len]), Err(DescriptorError::Truncated), "cut to {len}");
        }
    }

    #[test]
    fn keeps_the_width_and_the_absence_of_fields() {
        let mut short = [0x90, 0x80, 0x05, 0x00];
        rewrite(&mut short, 0x7fff, 9);
        assert_eq!(short, [0x90, 0x80, 0x7f, 0x00]);
        let mut none = [0x10, 0x00];
        rewrite(&mut none, 1, 2);
        assert_eq!(none, [0x10, 0x00]);
    }

    fn descriptors() -> impl Strategy<Value = Descriptor> {
        let id = prop::option::of(prop_oneof![
            (0u16..128).prop_map(|value| PictureId { value, long: false }),
            (0u16..32768).prop_map(|value| PictureId { value, long: true }),
        ]);
        let layer = prop::option::of((0u8..4, any::<bool>()).prop_map(|(id, sync)| TemporalLayer { id, sync }));
        (any::<bool>(), 0u8..8, any::<bool>(), id, prop::option::of(any::<u8>()), layer, prop::option::of(0u8..32))
            .prop_map(
                |(start_of_partition, partition, non_reference, picture_id, tl0_pic_idx, temporal_layer, key_index)| {
                    Descriptor {
                        start_of_partition,
                        partition,
                        non_reference,
                        picture_id,
                        tl0_pic_idx,
                        temporal_layer,
                        key_index,
                        len: 0,
                    }
                },
            )
    }

    proptest! {
        #[test]
        fn writes_what_it_reads(mut descriptor in descriptors()) {
            let mut bytes = Vec::new();
            descriptor.write(&mut bytes);
            descriptor.len = bytes.len();
            prop_assert_eq!(Descriptor::parse(&bytes), Ok(descriptor));
            let mut again = Vec::new();
            Descriptor::parse(&bytes).unwrap().write(&mut again);
            prop_assert_eq!(bytes, again);
        }

        #[test]
        fn takes_any_bytes(mut bytes in prop::collection::vec(any::<u8>(), 0..16), id: u16, tl0: u8) {
            let before = Descriptor::parse(&bytes);
            let _ = is_keyframe_start(&bytes);
            let len = bytes.len();
            rewrite(&mut bytes, id, tl0);
            prop_assert_eq!(bytes.len(), len);
            if let Ok(before) = before {
                let after = Descriptor::parse(&bytes).unwrap();
                let picture_id = before.picture_id.map(|was| PictureId {
                    value: if was.long { id & 0x7fff } else { id & 0x7f },
                    long: was.long,
                });
                let tl0_pic_idx = before.tl0_pic_idx.map(|_| tl0);
                prop_assert_eq!(after, Descriptor { picture_id, tl0_pic_idx, ..before });
            }
        }
    }
}
