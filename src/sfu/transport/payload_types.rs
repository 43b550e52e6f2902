//! Which payload type carries the retransmissions of which: negotiated by the driver, read by the interceptors.

use std::sync::atomic::{AtomicU8, Ordering};

const NONE: u8 = 0xff;

/// Pairs of payload types in both directions.
pub(super) struct PayloadTypes {
    rtx_of: [AtomicU8; 128],
    primary_of: [AtomicU8; 128],
}

impl Default for PayloadTypes {
    fn default() -> Self {
        let none = || std::array::from_fn(|_| AtomicU8::new(NONE));
        Self { rtx_of: none(), primary_of: none() }
    }
}

impl PayloadTypes {
    /// Notes what a section negotiated.
    pub(super) fn pair(&self, primary: u8, rtx: Option<u8>) {
        if let Some(slot) = self.rtx_of.get(usize::from(primary)) {
            slot.store(rtx.unwrap_or(NONE), Ordering::Relaxed);
        }
        if let Some(slot) = rtx.and_then(|rtx| self.primary_of.get(usize::from(rtx))) {
            slot.store(primary, Ordering::Relaxed);
        }
    }

    /// The payload type that retransmissions of `primary` have.
    pub(super) fn rtx_of(&self, primary: u8) -> Option<u8> {
        load(&self.rtx_of, primary)
    }

    /// The payload type that `rtx` retransmits.
    pub(super) fn primary_of(&self, rtx: u8) -> Option<u8> {
        load(&self.primary_of, rtx)
    }
}

fn load(table: &[AtomicU8; 128], number: u8) -> Option<u8> {
    let found = table.get(usize::from(number))?.load(Ordering::Relaxed);
    (found != NONE).then_some(found)
}
