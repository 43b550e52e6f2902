//! E-mail addresses: what is taken for one, and what they are compared by.

use std::str::FromStr as _;

use crate::web::error::ApiError;

/// Longest address in bytes (RFC 5321, section 4.5.3.1.3).
pub const LONGEST: usize = 254;

/// An address as somebody typed it, and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// What letters go to.
    pub address: String,
    /// What is compared: in lower case.
    pub key: String,
}

impl Email {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// 422 with `pointer`: no ASCII address of the form `name@host`.
    pub fn parse(typed: &str, pointer: &'static str) -> Result<Self, ApiError> {
        let address = typed.trim();
        let formed = address.is_ascii()
            && address.len() <= LONGEST
            && lettre::Address::from_str(address).is_ok_and(|parsed| named_host(parsed.domain()));
        if !formed {
            return Err(ApiError::field(pointer, "This must be an e-mail address such as ada@example.org."));
        }
        Ok(Self { address: address.to_owned(), key: key(address) })
    }
}

/// What addresses are compared by.
pub fn key(address: &str) -> String {
    address.trim().to_lowercase()
}

/// A host by name and not by number, so that nobody has letters sent to machines inside our network.
fn named_host(domain: &str) -> bool {
    !domain.starts_with('[')
        && domain.split('.').next_back().is_some_and(|top| !top.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_trimmed_and_compared_without_case() {
        let ada = Email::parse(" Ada.L@Example.org ", "/email").unwrap();
        assert_eq!((ada.address.as_str(), ada.key.as_str()), ("Ada.L@Example.org", "ada.l@example.org"));
        let long = format!("{}@example.org", "a".repeat(LONGEST));
        for bad in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "a b@example.org",
            "ada@x.org\r\nBcc: b@x.org",
            "ada@[127.0.0.1]",
            "ada@127.0.0.1",
            "에이다@example.org",
            "ada@example.org,bob@example.org",
            &long,
        ] {
            assert!(Email::parse(bad, "/email").is_err(), "{bad:?}");
        }
    }
}
