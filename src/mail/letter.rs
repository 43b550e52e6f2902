//! What the server writes to people, in Korean and English, as text and as HTML.

use crate::base::language::Language;
use crate::base::timestamp::Timestamp;

/// A letter, before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// The six digits that prove an address.
    Code {
        /// The digits.
        code: String,
    },
    /// Somebody asked for a code with an address that has an account already.
    AccountExists {
        /// Where to log in or to choose a new password.
        link: String,
    },
    /// A link to choose a new password.
    PasswordReset {
        /// The link, with its token.
        link: String,
    },
    /// The password was changed.
    PasswordChanged,
    /// The account will be deleted.
    Leaving {
        /// When it goes for good.
        at: Timestamp,
    },
}

/// A letter, written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The subject line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
}

impl Letter {
    /// Writes it in `language`.
    pub fn write(&self, language: Language) -> Written {
        let (subject, text) = match (self, language) {
            (Self::Code { code }, Language::En) => {
                (format!("{code} is your Moodcall code"), format!("Your code is {code}. It is valid for 10 minutes."))
            }
            (Self::Code { code }, Language::Ko) => {
                (format!("Moodcall 인증 번호 {code}"), format!("인증 번호는 {code}입니다. 10분 동안 쓸 수 있습니다."))
            }
            (Self::AccountExists { link }, Language::En) => (
                "You have a Moodcall account".into(),
                format!("Somebody tried to sign up with this address. Log in: {link}"),
            ),
            (Self::AccountExists { link }, Language::Ko) => (
                "이미 Moodcall 계정이 있습니다".into(),
                format!("이 주소로 가입하려는 요청이 있었습니다. 로그인: {link}"),
            ),
            (Self::PasswordReset { link }, Language::En) => {
                ("Choose a new Moodcall password".into(), format!("Within 30 minutes, open {link}"))
            }
            (Self::PasswordReset { link }, Language::Ko) => {
                ("Moodcall 비밀번호 다시 정하기".into(), format!("30분 안에 여세요: {link}"))
            }
            (Self::PasswordChanged, Language::En) => {
                ("Your Moodcall password was changed".into(), "If that was not you, choose a new one now.".into())
            }
            (Self::PasswordChanged, Language::Ko) => {
                ("Moodcall 비밀번호가 바뀌었습니다".into(), "본인이 아니라면 지금 비밀번호를 다시 정하세요.".into())
            }
            (Self::Leaving { at }, Language::En) => (
                "Your Moodcall account will be deleted".into(),
                format!("It goes for good at {at}. Log in before to keep it."),
            ),
            (Self::Leaving { at }, Language::Ko) => (
                "Moodcall 계정이 삭제될 예정입니다".into(),
                format!("{at}에 완전히 삭제됩니다. 그 전에 로그인하면 되돌립니다."),
            ),
        };
        let html = format!("<p>{}</p>", text.replace('&', "&amp;").replace('<', "&lt;"));
        Written { subject, text, html }
    }
}
