//! Who looks at something, as a row may know them for a while: a person by identifier, a guest by a keyed hash of the
//! address, which says nothing to whoever reads the table.

use ring::hmac;

use crate::web::rate::Caller;

/// Names visitors.
#[derive(Clone)]
pub struct Visitors(hmac::Key);

impl Visitors {
    /// With the key of the data folder.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The same for the same visitor.
    #[must_use]
    pub fn name(&self, caller: Caller) -> String {
        match caller {
            Caller::Person(user) => user.to_string(),
            Caller::Address(address) => hex::encode(hmac::sign(&self.0, address.to_string().as_bytes())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::UserId;

    #[test]
    fn a_guest_is_known_again_by_this_server_only() {
        let caller = |address: &str| Caller::new(None, address.parse().unwrap());
        let (one, other) = (Visitors::new(&[1; 32]), Visitors::new(&[2; 32]));
        assert_eq!(one.name(caller("192.0.2.1")), one.name(caller("192.0.2.1")));
        assert_ne!(one.name(caller("192.0.2.1")), one.name(caller("192.0.2.2")));
        assert_ne!(one.name(caller("192.0.2.1")), other.name(caller("192.0.2.1")));
        assert!(!one.name(caller("192.0.2.1")).contains("192"));
        let ada = UserId::new();
        assert_eq!(one.name(Caller::new(Some(ada), "192.0.2.1".parse().unwrap())), ada.to_string());
    }
}
