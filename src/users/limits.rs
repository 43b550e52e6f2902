//! How often an address, and anybody at all for one account, may try what only guessers try often.

use std::net::IpAddr;

use crate::base::net::customer;
use crate::web::error::ApiError;
use crate::web::rate::{Caller, Rate};

/// How much more may be tried for one account from all addresses together than from a single one.
const EVERYWHERE: u32 = 10;
/// How much more often a name may be looked up than a password tried.
const NAMES: u32 = 6;

/// What is tried for an account. Each is counted by itself: one limit must not tell what another one knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Try {
    /// A log-in, or the present password when it is changed.
    LogIn,
    /// A code for a new address.
    Code,
    /// A link for a forgotten password.
    Link,
}

/// The limits; one of them for each kind of key, all in this process.
pub struct Limits {
    addresses: Rate<Caller>,
    here: Rate<(Try, String, IpAddr)>,
    everywhere: Rate<(Try, String)>,
    names: Rate<Caller>,
}

impl Limits {
    /// `address` tries of one address a minute, `account` tries for one account from one address an hour.
    pub fn new(address: u32, account: u32) -> Self {
        Self {
            addresses: Rate::per_minute(address),
            here: Rate::per_hour(account),
            everywhere: Rate::per_hour(account.saturating_mul(EVERYWHERE)),
            names: Rate::per_minute(address.saturating_mul(NAMES)),
        }
    }

    /// Counts a try of an address.
    ///
    /// # Errors
    /// 429.
    pub fn address(&self, caller: Caller) -> Result<(), ApiError> {
        self.addresses.admit(&caller)
    }

    /// Counts a try for an account, known or not, which is named by what was typed. A stranger uses up what their own
    /// address may, and only many together keep somebody out of their account.
    ///
    /// # Errors
    /// 429.
    pub fn account(&self, what: Try, account: &str, address: IpAddr) -> Result<(), ApiError> {
        self.here.admit(&(what, account.to_owned(), customer(address)))?;
        self.everywhere.admit(&(what, account.to_owned()))
    }

    /// Counts a question whether a name is free.
    ///
    /// # Errors
    /// 429.
    pub fn name(&self, caller: Caller) -> Result<(), ApiError> {
        self.names.admit(&caller)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_uses_up_their_own_share_of_tries_for_an_account() {
        let limits = Limits::new(1000, 3);
        let (stranger, owner) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        assert_eq!((0..10).filter(|_| limits.account(Try::LogIn, "ada", stranger).is_ok()).count(), 3);
        limits.account(Try::LogIn, "ada", owner).unwrap();
        limits.account(Try::LogIn, "bob", stranger).unwrap();
        limits.account(Try::Code, "ada", stranger).unwrap();
        let others = (10..60).map(|n| IpAddr::from([198, 51, 100, n]));
        assert_eq!(others.filter(|other| limits.account(Try::LogIn, "ada", *other).is_ok()).count(), 26);
    }
}
