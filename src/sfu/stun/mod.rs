//! STUN as ICE uses it: Binding requests and their answers (RFC 8489, RFC 8445 section 7), read, signed and written.
//! Nothing here allocates before a message is well formed, and nothing panics, whatever the bytes.

mod build;
mod parse;
#[cfg(test)]
mod tests;

use ring::hmac;

pub use build::Builder;
pub use parse::{Message, ParseError};

/// First 32 bits after type and length of every message (RFC 8489, section 5).
const MAGIC_COOKIE: u32 = 0x2112_a442;
/// Bytes before the first attribute.
const HEADER: usize = 20;
/// Bytes of the MESSAGE-INTEGRITY attribute with its own header.
const INTEGRITY: usize = 24;
/// Bytes of the FINGERPRINT attribute with its own header.
const FINGERPRINT: usize = 8;
/// The method that ICE uses.
const BINDING: u16 = 0x001;

/// Attribute types (RFC 8489, section 18.3; RFC 8445, section 16.1).
mod attribute {
    pub const USERNAME: u16 = 0x0006;
    pub const MESSAGE_INTEGRITY: u16 = 0x0008;
    pub const ERROR_CODE: u16 = 0x0009;
    pub const UNKNOWN_ATTRIBUTES: u16 = 0x000a;
    pub const XOR_MAPPED_ADDRESS: u16 = 0x0020;
    pub const PRIORITY: u16 = 0x0024;
    pub const USE_CANDIDATE: u16 = 0x0025;
    pub const FINGERPRINT: u16 = 0x8028;
    pub const ICE_CONTROLLED: u16 = 0x8029;
    pub const ICE_CONTROLLING: u16 = 0x802a;

    /// Those that a receiver must know before it may accept the message.
    pub fn must_be_understood(kind: u16) -> bool {
        kind < 0x8000
    }
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Wants an answer.
    Request,
    /// Wants none.
    Indication,
    /// Answers a request.
    Success,
    /// Refuses a request.
    Error,
}

/// The sender's role and its tie-breaker (RFC 8445, section 16.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Decides which pair is used.
    Controlling(u64),
    /// Follows.
    Controlled(u64),
}

/// Ties an answer to its request: 96 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransactionId(pub [u8; 12]);

impl TransactionId {
    /// A fresh one.
    pub fn fresh() -> Self {
        Self(rand::random())
    }
}

/// A short-term credential ready to sign with: HMAC-SHA1 over the password (RFC 8489, section 9.1).
#[derive(Clone, Debug)]
pub struct Key(hmac::Key);

impl Key {
    /// The key of `password`.
    pub fn new(password: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()))
    }
}

/// Whether a datagram is STUN by its first byte and cookie, without parsing it (RFC 7983, section 7).
pub fn looks_like(datagram: &[u8]) -> bool {
    datagram.len() >= HEADER && datagram[0] < 4 && datagram[4..8] == MAGIC_COOKIE.to_be_bytes()
}

/// CRC-32 of ITU-T V.42, as FINGERPRINT asks (RFC 8489, section 14.7), before its XOR.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| CRC_TABLE[usize::from(crc as u8 ^ byte)] ^ (crc >> 8))
}

/// XORed onto the checksum, so that a protocol that uses the same one does not match by accident.
const FINGERPRINT_MASK: u32 = 0x5354_554e;

const CRC_TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let (mut value, mut bit) = (index as u32, 0);
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
};
