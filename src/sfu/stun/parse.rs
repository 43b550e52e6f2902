//! Reads one STUN message and checks who signed it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ring::hmac;

use super::{
    BINDING, Class, FINGERPRINT, FINGERPRINT_MASK, HEADER, INTEGRITY, Key, MAGIC_COOKIE, Role, TransactionId,
    attribute, crc32, looks_like,
};

/// Unknown attributes remembered for the answer; more are refused all the same.
const MAX_UNKNOWN: usize = 8;

/// Why bytes are not a STUN message that we would look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Another protocol, or a cut header.
    #[error("not a STUN message")]
    NotStun,
    /// A method other than Binding.
    #[error("not a Binding message")]
    Method,
    /// The length in the header is not the message's.
    #[error("the length field is wrong")]
    Length,
    /// An attribute reaches over the end or has the wrong size.
    #[error("attribute {0:#06x} is malformed")]
    Attribute(u16),
    /// The checksum at the end is wrong.
    #[error("the fingerprint does not match")]
    Fingerprint,
}

/// A Binding message, borrowed from its datagram. Only signed attributes count once [`Message::verify`] said yes: what
/// stands behind MESSAGE-INTEGRITY is not read, except for the fingerprint (RFC 8489, section 14.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    raw: &'a [u8],
    integrity_at: Option<usize>,
    /// What it is.
    pub class: Class,
    /// The request that it is, or answers.
    pub transaction: TransactionId,
    /// USERNAME: the receiver's fragment, a colon, the sender's.
    pub username: Option<&'a str>,
    /// PRIORITY that a peer-reflexive candidate would get.
    pub priority: Option<u32>,
    /// USE-CANDIDATE: the controlling agent nominates this pair.
    pub use_candidate: bool,
    /// ICE-CONTROLLING or ICE-CONTROLLED.
    pub role: Option<Role>,
    /// XOR-MAPPED-ADDRESS: the request's source as its receiver saw it.
    pub mapped: Option<SocketAddr>,
    /// The code of an ERROR-CODE, 300 to 699.
    pub error: Option<u16>,
    /// Attributes that we ought to understand and do not.
    pub unknown: Vec<u16>,
}

impl<'a> Message<'a> {
    /// Parses a whole datagram.
    ///
    /// # Errors
    /// A [`ParseError`] for whatever is not one well-formed Binding message. A message without fingerprint passes.
    pub fn parse(raw: &'a [u8]) -> Result<Self, ParseError> {
        if !looks_like(raw) {
            return Err(ParseError::NotStun);
        }
        let kind = u16::from_be_bytes([raw[0], raw[1]]);
        // RFC 8489, figure 3: the class bits lie inside the method's.
        if kind & 0x000f | (kind & 0x00e0) >> 1 | (kind & 0x3e00) >> 2 != BINDING {
            return Err(ParseError::Method);
        }
        let length = usize::from(u16::from_be_bytes([raw[2], raw[3]]));
        if length % 4 != 0 || length + HEADER != raw.len() {
            return Err(ParseError::Length);
        }
        let mut transaction = TransactionId([0; 12]);
        transaction.0.copy_from_slice(&raw[8..HEADER]);
        let class = match (kind & 0x0100 != 0, kind & 0x0010 != 0) {
            (false, false) => Class::Request,
            (false, true) => Class::Indication,
            (true, false) => Class::Success,
            (true, true) => Class::Error,
        };
        let mut message = Self {
            raw,
            integrity_at: None,
            class,
            transaction,
            username: None,
            priority: None,
            use_candidate: false,
            role: None,
            mapped: None,
            error: None,
            unknown: Vec::new(),
        };
        message.read_attributes()?;
        Ok(message)
    }

    /// Whether the message carries a signature at all.
    pub fn signed(&self) -> bool {
        self.integrity_at.is_some()
    }

    /// Whether `key` signed this message (MESSAGE-INTEGRITY, RFC 8489, section 14.5), compared in constant time.
    pub fn verify(&self, key: &Key) -> bool {
        let Some(at) = self.integrity_at else { return false };
        // The signature covers the header as if the message ended with the signature.
        let length = (at + INTEGRITY - HEADER) as u16;
        let mut text = Vec::with_capacity(at);
        text.extend_from_slice(&self.raw[..at]);
        text[2..4].copy_from_slice(&length.to_be_bytes());
        hmac::verify(&key.0, &text, &self.raw[at + 4..at + INTEGRITY]).is_ok()
    }

    /// The whole datagram.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    fn read_attributes(&mut self) -> Result<(), ParseError> {
        let raw = self.raw;
        let mut at = HEADER;
        while at < raw.len() {
            let (Some(&[k0, k1]), Some(&[l0, l1])) = (raw[at..].first_chunk(), raw[at + 2..].first_chunk()) else {
                return Err(ParseError::Length);
            };
            let (kind, length) = (u16::from_be_bytes([k0, k1]), usize::from(u16::from_be_bytes([l0, l1])));
            let value = raw.get(at + 4..at + 4 + length).ok_or(ParseError::Attribute(kind))?;
            let end = at + 4 + length.next_multiple_of(4);
            if end > raw.len() {
                return Err(ParseError::Attribute(kind));
            }
            match kind {
                attribute::FINGERPRINT => self.check_fingerprint(at, value)?,
                _ if self.integrity_at.is_some() => {}
                attribute::MESSAGE_INTEGRITY if value.len() + 4 == INTEGRITY => self.integrity_at = Some(at),
                attribute::MESSAGE_INTEGRITY => return Err(ParseError::Attribute(kind)),
                _ => self.read_attribute(kind, value)?,
            }
            at = end;
        }
        Ok(())
    }

    fn read_attribute(&mut self, kind: u16, value: &'a [u8]) -> Result<(), ParseError> {
        let malformed = ParseError::Attribute(kind);
        let long = || value.try_into().map(u64::from_be_bytes).map_err(|_| malformed);
        match kind {
            attribute::USERNAME => {
                // RFC 8489, section 14.3: fewer than 509 bytes.
                let text = std::str::from_utf8(value).ok().filter(|text| text.len() < 509).ok_or(malformed)?;
                self.username.get_or_insert(text);
            }
            attribute::PRIORITY => {
                let priority = value.try_into().map(u32::from_be_bytes).map_err(|_| malformed)?;
                self.priority.get_or_insert(priority);
            }
            attribute::USE_CANDIDATE => self.use_candidate = true,
            attribute::ICE_CONTROLLING => {
                let role = Role::Controlling(long()?);
                self.role.get_or_insert(role);
            }
            attribute::ICE_CONTROLLED => {
                let role = Role::Controlled(long()?);
                self.role.get_or_insert(role);
            }
            attribute::XOR_MAPPED_ADDRESS => {
                let address = unmask(value, self.transaction).ok_or(malformed)?;
                self.mapped.get_or_insert(address);
            }
            attribute::ERROR_CODE => {
                let [_, _, class, number, ..] = value else { return Err(malformed) };
                let code = u16::from(class & 0x07) * 100 + u16::from(*number);
                if !(3..=6).contains(&(class & 0x07)) || *number > 99 {
                    return Err(malformed);
                }
                self.error.get_or_insert(code);
            }
            attribute::UNKNOWN_ATTRIBUTES => {}
            other if attribute::must_be_understood(other) && self.unknown.len() < MAX_UNKNOWN => {
                self.unknown.push(other);
            }
            _ => {}
        }
        Ok(())
    }

    fn check_fingerprint(&self, at: usize, value: &[u8]) -> Result<(), ParseError> {
        let value: [u8; 4] = value.try_into().map_err(|_| ParseError::Attribute(attribute::FINGERPRINT))?;
        let last = at + FINGERPRINT == self.raw.len();
        if last && u32::from_be_bytes(value) == crc32(&self.raw[..at]) ^ FINGERPRINT_MASK {
            Ok(())
        } else {
            Err(ParseError::Fingerprint)
        }
    }
}

/// Reads the value of XOR-MAPPED-ADDRESS (RFC 8489, section 14.2).
fn unmask(value: &[u8], transaction: TransactionId) -> Option<SocketAddr> {
    let (&[_, family, p0, p1], address) = value.split_first_chunk()?;
    let port = u16::from_be_bytes([p0, p1]) ^ (MAGIC_COOKIE >> 16) as u16;
    let ip = match family {
        1 => IpAddr::V4(Ipv4Addr::from(u32::from_be_bytes(address.try_into().ok()?) ^ MAGIC_COOKIE)),
        2 => IpAddr::V6(Ipv6Addr::from(u128::from_be_bytes(address.try_into().ok()?) ^ mask_v6(transaction))),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

/// The cookie followed by the transaction: what hides an IPv6 address.
pub(super) fn mask_v6(transaction: TransactionId) -> u128 {
    let mut mask = [0; 16];
    mask[..4].copy_from_slice(&MAGIC_COOKIE.to_be_bytes());
    mask[4..].copy_from_slice(&transaction.0);
    u128::from_be_bytes(mask)
}
