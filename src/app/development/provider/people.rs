//! The people whom the provider has invented.

/// Somebody with an account at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Somebody {
    /// Their name in tokens.
    pub subject: String,
    /// What they are called.
    pub name: String,
    /// Their address.
    pub email: Option<String>,
    /// Whether it is proved.
    pub verified: bool,
}

/// Identifier, name, address, whether that is proved.
pub const PEOPLE: &[(&str, &str, Option<&str>, bool)] = &[
    ("mina", "미나", Some("mina@people.example"), true),
    ("noah", "Noah", Some("noah@people.example"), true),
    ("haru", "하루", None, false),
    ("june", "June", Some("june@people.example"), false),
];

/// The invented person of that identifier.
pub fn invented(id: &str) -> Option<Somebody> {
    let (subject, name, email, verified) = PEOPLE.iter().find(|(known, ..)| *known == id)?;
    Some(Somebody {
        subject: (*subject).to_owned(),
        name: (*name).to_owned(),
        email: email.map(str::to_owned),
        verified: *verified,
    })
}
