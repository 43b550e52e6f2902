//! Writes one STUN message: attributes in the order of the calls, then the signature, then the fingerprint.

use std::net::{IpAddr, SocketAddr};

use ring::hmac;

use super::parse::mask_v6;
use super::{
    Class, FINGERPRINT, FINGERPRINT_MASK, HEADER, INTEGRITY, Key, MAGIC_COOKIE, Role, TransactionId, attribute, crc32,
};

/// A Binding message under construction.
#[derive(Debug)]
pub struct Builder {
    out: Vec<u8>,
    transaction: TransactionId,
}

impl Builder {
    /// A message without attributes.
    pub fn new(class: Class, transaction: TransactionId) -> Self {
        let kind: u16 = match class {
            Class::Request => 0x0001,
            Class::Indication => 0x0011,
            Class::Success => 0x0101,
            Class::Error => 0x0111,
        };
        let mut out = Vec::with_capacity(128);
        out.extend_from_slice(&kind.to_be_bytes());
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&MAGIC_COOKIE.to_be_bytes());
        out.extend_from_slice(&transaction.0);
        Self { out, transaction }
    }

    /// USERNAME: `receiver` is the fragment of whom it is for, `sender` ours (RFC 8445, section 7.2.2).
    pub fn username(self, receiver: &str, sender: &str) -> Self {
        self.attribute(attribute::USERNAME, format!("{receiver}:{sender}").as_bytes())
    }

    /// PRIORITY.
    pub fn priority(self, priority: u32) -> Self {
        self.attribute(attribute::PRIORITY, &priority.to_be_bytes())
    }

    /// USE-CANDIDATE.
    pub fn use_candidate(self) -> Self {
        self.attribute(attribute::USE_CANDIDATE, &[])
    }

    /// ICE-CONTROLLING or ICE-CONTROLLED.
    pub fn role(self, role: Role) -> Self {
        match role {
            Role::Controlling(tie_breaker) => self.attribute(attribute::ICE_CONTROLLING, &tie_breaker.to_be_bytes()),
            Role::Controlled(tie_breaker) => self.attribute(attribute::ICE_CONTROLLED, &tie_breaker.to_be_bytes()),
        }
    }

    /// XOR-MAPPED-ADDRESS: where the request came from. An IPv4 address in IPv6 clothes is told as IPv4.
    pub fn mapped(self, address: SocketAddr) -> Self {
        let port = address.port() ^ (MAGIC_COOKIE >> 16) as u16;
        let mut value = Vec::with_capacity(20);
        value.push(0);
        match address.ip().to_canonical() {
            IpAddr::V4(ip) => {
                value.push(1);
                value.extend_from_slice(&port.to_be_bytes());
                value.extend_from_slice(&(ip.to_bits() ^ MAGIC_COOKIE).to_be_bytes());
            }
            IpAddr::V6(ip) => {
                value.push(2);
                value.extend_from_slice(&port.to_be_bytes());
                value.extend_from_slice(&(ip.to_bits() ^ mask_v6(self.transaction)).to_be_bytes());
            }
        }
        self.attribute(attribute::XOR_MAPPED_ADDRESS, &value)
    }

    /// ERROR-CODE with an empty reason: an answer to a stranger stays shorter than the question.
    pub fn error(self, code: u16) -> Self {
        self.attribute(attribute::ERROR_CODE, &[0, 0, (code / 100) as u8 & 0x07, (code % 100) as u8])
    }

    /// UNKNOWN-ATTRIBUTES, beside an error 420.
    pub fn unknown(self, kinds: &[u16]) -> Self {
        let value: Vec<u8> = kinds.iter().flat_map(|kind| kind.to_be_bytes()).collect();
        self.attribute(attribute::UNKNOWN_ATTRIBUTES, &value)
    }

    /// MESSAGE-INTEGRITY over everything so far.
    pub fn sign(mut self, key: &Key) -> Self {
        self.write_length(INTEGRITY);
        let tag = hmac::sign(&key.0, &self.out);
        self.attribute(attribute::MESSAGE_INTEGRITY, tag.as_ref())
    }

    /// The message, closed with its FINGERPRINT.
    pub fn finish(mut self) -> Vec<u8> {
        self.write_length(FINGERPRINT);
        let checksum = crc32(&self.out) ^ FINGERPRINT_MASK;
        self.attribute(attribute::FINGERPRINT, &checksum.to_be_bytes()).out
    }

    fn attribute(mut self, kind: u16, value: &[u8]) -> Self {
        self.out.extend_from_slice(&kind.to_be_bytes());
        self.out.extend_from_slice(&(value.len() as u16).to_be_bytes());
        self.out.extend_from_slice(value);
        self.out.resize(self.out.len().next_multiple_of(4), 0);
        self.write_length(0);
        self
    }

    fn write_length(&mut self, to_come: usize) {
        let length = (self.out.len() - HEADER + to_come) as u16;
        self.out[2..4].copy_from_slice(&length.to_be_bytes());
    }
}
