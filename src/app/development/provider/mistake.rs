//! The mistakes that the provider makes when it is asked to, for tests and for looking at what people see then.

use serde::Deserialize;

/// One mistake, or one unusual thing that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mistake {
    /// The person says no.
    Denied,
    /// The code is too old when it is exchanged.
    ExpiredCode,
    /// The code was exchanged before.
    ReplayedCode,
    /// The answer belongs to another visit.
    WrongState,
    /// The answer says that it comes from another provider.
    OtherIssuer,
    /// The ID token carries another nonce.
    WrongNonce,
    /// The ID token is for somebody else.
    WrongAudience,
    /// The ID token is by somebody else.
    WrongIssuer,
    /// The ID token is over.
    OldToken,
    /// The ID token's key is shown nowhere.
    UnknownKey,
    /// Another key signed than the one that is named.
    BadSignature,
    /// Nobody signed (`alg` is `none`).
    Unsigned,
    /// Signed with the client's secret instead of the provider's key.
    SharedSecret,
    /// A new key signs from now on; no mistake.
    RotatedKey,
    /// No address is told; no mistake.
    NoEmail,
    /// The address is told and not proved; no mistake.
    UnverifiedEmail,
}

impl Mistake {
    /// All of them as they stand in addresses, with what the page says.
    pub const ALL: &[(&str, &str, &str)] = &[
        ("denied", "the person says no", "본인이 거절함"),
        ("expired-code", "the code is too old", "코드가 만료됨"),
        ("replayed-code", "the code was used before", "이미 쓴 코드"),
        ("wrong-state", "the answer belongs to another visit", "다른 방문의 응답"),
        ("other-issuer", "the answer comes from another provider", "다른 제공자의 응답"),
        ("wrong-nonce", "the token carries another nonce", "nonce가 다름"),
        ("wrong-audience", "the token is for somebody else", "aud가 다름"),
        ("wrong-issuer", "the token is by somebody else", "iss가 다름"),
        ("old-token", "the token is over", "토큰이 만료됨"),
        ("unknown-key", "the token's key is shown nowhere", "알 수 없는 키"),
        ("bad-signature", "the signature is wrong", "서명이 틀림"),
        ("unsigned", "nobody signed the token", "서명이 없음"),
        ("shared-secret", "the token is signed with the client's secret", "클라이언트 비밀로 서명"),
        ("rotated-key", "a new key signs (fine)", "새 키로 서명(정상)"),
        ("no-email", "no address is told (fine)", "이메일 없음(정상)"),
        ("unverified-email", "the address is not proved (fine)", "확인되지 않은 이메일(정상)"),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_offers_every_mistake_by_its_name() {
        for (name, ..) in Mistake::ALL {
            assert!(serde_json::from_value::<Mistake>((*name).into()).is_ok(), "{name}");
        }
    }
}
