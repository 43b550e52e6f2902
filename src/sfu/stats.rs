//! Counters of the driver thread: written there, read from anywhere, exported through the `metrics` crate.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    (gauges { $($(#[$gauge_doc:meta])* $gauge:ident = $gauge_name:literal,)* }
     totals { $($(#[$total_doc:meta])* $total:ident = $total_name:literal,)* }) => {
        /// What the SFU holds now, and what it has counted since it started.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Stats {
            $($(#[$gauge_doc])* pub $gauge: u64,)*
            $($(#[$total_doc])* pub $total: u64,)*
        }

        /// The same, shared between the driver thread, which alone writes, and everybody who reads.
        #[derive(Debug, Default)]
        pub(super) struct Counters {
            $(pub(super) $gauge: Cell,)*
            $(pub(super) $total: Cell,)*
        }

        impl Counters {
            /// A copy, each figure from about the same moment.
            pub(super) fn snapshot(&self) -> Stats {
                Stats { $($gauge: self.$gauge.load(),)* $($total: self.$total.load(),)* }
            }

            /// Hands the figures to the installed `metrics` recorder.
            pub(super) fn export(&self) {
                $(metrics::gauge!($gauge_name).set(self.$gauge.load() as f64);)*
                $(metrics::counter!($total_name).absolute(self.$total.load());)*
            }
        }
    };
}

counters! {
    gauges {
        /// Rooms with somebody in them.
        rooms = "moodcall_sfu_rooms",
        /// Participants who have joined.
        participants = "moodcall_sfu_participants",
        /// Transports, connected or connecting.
        transports = "moodcall_sfu_transports",
        /// Publications.
        publications = "moodcall_sfu_publications",
        /// Subscriptions that have a section.
        subscriptions = "moodcall_sfu_subscriptions",
        /// Attached taps.
        taps = "moodcall_sfu_taps",
        /// Open injectors.
        injectors = "moodcall_sfu_injectors",
        /// Addresses that an authenticated check has put into the map.
        addresses = "moodcall_sfu_addresses",
        /// Open TCP connections.
        tcp_connections = "moodcall_sfu_tcp_connections",
    }
    totals {
        /// Datagrams and TCP frames received.
        received_datagrams = "moodcall_sfu_received_datagrams_total",
        /// Datagrams and TCP frames sent.
        sent_datagrams = "moodcall_sfu_sent_datagrams_total",
        /// Bytes received, without UDP or TCP headers.
        received_bytes = "moodcall_sfu_received_bytes_total",
        /// Bytes sent, without UDP or TCP headers.
        sent_bytes = "moodcall_sfu_sent_bytes_total",
        /// Media packets received from publishers, repeated ones left out.
        published_packets = "moodcall_sfu_published_packets_total",
        /// Media packets handed to subscribers' transports.
        forwarded_packets = "moodcall_sfu_forwarded_packets_total",
        /// Packets that an injector brought in.
        injected_packets = "moodcall_sfu_injected_packets_total",
        /// Dropped: not STUN, and from an address that no authenticated check has validated.
        dropped_unvalidated = "moodcall_sfu_dropped_unvalidated_datagrams_total",
        /// Dropped: STUN that was malformed, for nobody, or with a wrong MESSAGE-INTEGRITY.
        dropped_stun = "moodcall_sfu_dropped_stun_datagrams_total",
        /// Dropped: a repeated sequence number.
        dropped_duplicate = "moodcall_sfu_dropped_duplicate_packets_total",
        /// Dropped: an SSRC or payload type that no publication of the sender has.
        dropped_unknown_source = "moodcall_sfu_dropped_unknown_source_packets_total",
        /// Dropped: a subscriber's path was blocked and their queue full.
        dropped_queue = "moodcall_sfu_dropped_queue_datagrams_total",
        /// Dropped: retransmissions asked for beyond what a subscriber may have.
        dropped_retransmission = "moodcall_sfu_dropped_retransmission_requests_total",
        /// Keyframe requests that subscribers sent or that a switch needed.
        keyframe_requests = "moodcall_sfu_keyframe_requests_total",
        /// Picture loss indications sent to publishers.
        keyframe_requests_sent = "moodcall_sfu_keyframe_requests_sent_total",
        /// Offers answered.
        offers = "moodcall_sfu_offers_total",
        /// Offers refused.
        offers_refused = "moodcall_sfu_offers_refused_total",
        /// Times that a path moved to another address.
        path_changes = "moodcall_sfu_path_changes_total",
        /// Participants ended because their input made our code panic.
        panics = "moodcall_sfu_panics_total",
    }
}

/// One figure. Only the driver thread writes it, so that plain loads and stores do.
#[derive(Debug, Default)]
pub(super) struct Cell(AtomicU64);

impl Cell {
    /// Adds to it.
    pub(super) fn add(&self, amount: u64) {
        self.0.store(self.load().wrapping_add(amount), Ordering::Relaxed);
    }

    /// Sets it.
    pub(super) fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// Reads it.
    pub(super) fn load(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
