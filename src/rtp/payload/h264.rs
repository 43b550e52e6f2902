//! As much of H.264's payload format (RFC 6184) as forwarding needs: does this packet begin a picture that can be
//! decoded on its own? Every length is checked, because others' parsers have panicked on exactly these bytes.

/// NAL unit types (ITU-T H.264, table 7-1, and RFC 6184, section 5.2).
const IDR: u8 = 5;
const SPS: u8 = 7;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;
/// `S` in the FU header: first fragment.
const FU_START: u8 = 0x80;

fn unit_type(header: u8) -> u8 {
    header & 0x1f
}

fn begins_keyframe(unit: u8) -> bool {
    matches!(unit, IDR | SPS)
}

/// Whether the payload holds an IDR slice or a sequence parameter set: alone, in a STAP-A, or as the first fragment of an
/// FU-A. A malformed payload does not.
#[must_use]
pub fn is_keyframe_start(payload: &[u8]) -> bool {
    let Some((&header, rest)) = payload.split_first() else { return false };
    match unit_type(header) {
        STAP_A => units(rest).any(|unit| begins_keyframe(unit_type(unit))),
        FU_A => rest.first().is_some_and(|fu| fu & FU_START != 0 && begins_keyframe(unit_type(*fu))),
        unit => begins_keyframe(unit),
    }
}

/// The header octets of the units in a STAP-A, up to the first one whose length is wrong.
fn units(mut rest: &[u8]) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let (size, body) = rest.split_first_chunk::<2>()?;
        let unit = body.get(..usize::from(u16::from_be_bytes(*size)))?;
        rest = &body[unit.len()..];
        unit.first().copied()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tells_keyframes_in_each_packaging() {
        assert!(is_keyframe_start(&[0x65, 0x88]), "single IDR");
        assert!(is_keyframe_start(&[0x67, 0x42]), "single SPS");
        assert!(!is_keyframe_start(&[0x41, 0x9a]), "single delta slice");
        assert!(is_keyframe_start(&[0x78, 0, 2, 0x67, 0x42, 0, 1, 0x68]), "STAP-A with an SPS first");
        assert!(is_keyframe_start(&[0x78, 0, 1, 0x09, 0, 1, 0x65]), "STAP-A with an IDR second");
        assert!(!is_keyframe_start(&[0x78, 0, 1, 0x41]), "STAP-A of a delta slice");
        assert!(is_keyframe_start(&[0x7c, 0x85, 0x88]), "first FU-A of an IDR");
        assert!(!is_keyframe_start(&[0x7c, 0x05, 0x88]), "later FU-A of an IDR");
        assert!(!is_keyframe_start(&[0x7c, 0x81]), "first FU-A of a delta slice");
    }

    #[test]
    fn survives_lengths_that_point_outside() {
        for payload in [&[][..], &[0x78], &[0x78, 0], &[0x78, 0, 9, 0x65], &[0x78, 0, 0, 0, 0], &[0x7c]] {
            assert!(!is_keyframe_start(payload), "{payload:02x?}");
        }
    }

    proptest! {
        #[test]
        fn takes_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = is_keyframe_start(&bytes);
        }
    }
}
