//! Close codes of the socket (RFC 6455, section 7.4): why it ended, for clients that missed the message before it.

/// The person left.
pub const NORMAL: u16 = 1000;
/// The socket broke the rules: no hello, a bad ticket, a flood.
pub const POLICY: u16 = 1008;
/// A message was far above the limit.
pub const TOO_BIG: u16 = 1009;
/// Our fault.
pub const INTERNAL: u16 = 1011;
/// The server restarts; come back.
pub const RESTART: u16 = 1012;
/// The client did not read fast enough; come back.
pub const SLOW: u16 = 1013;
/// Another socket took the seat over.
pub const REPLACED: u16 = 4001;
/// The host removed this person.
pub const KICKED: u16 = 4003;
/// The room is no longer there for this person.
pub const ENDED: u16 = 4004;
