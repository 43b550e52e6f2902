//! What the server writes to people, in Korean and English.

use time::{OffsetDateTime, UtcOffset};

use super::page::{self, Part};
use crate::base::language::Language;
use crate::base::timestamp::Timestamp;

/// A letter, before it is written.
#[derive(Clone, PartialEq, Eq)]
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

impl std::fmt::Debug for Letter {
    /// Only its kind: a code or a link in a log is a key under the mat.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code { .. } => "Code",
            Self::AccountExists { .. } => "AccountExists",
            Self::PasswordReset { .. } => "PasswordReset",
            Self::PasswordChanged => "PasswordChanged",
            Self::Leaving { .. } => "Leaving",
        })
    }
}

/// A letter, written.
#[derive(Clone, PartialEq, Eq)]
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
        let (subject, parts) = match language {
            Language::En => self.english(),
            Language::Ko => self.korean(),
        };
        let footer = match language {
            Language::En => {
                "Moodcall wrote this because of something done with this address. Nobody reads answers to it."
            }
            Language::Ko => "이 주소로 한 일이 있어 Moodcall이 보낸 메일입니다. 회신해도 받는 사람이 없습니다.",
        };
        let text = page::text(&parts, footer);
        let html = page::html(language.tag(), &subject, &parts, footer);
        Written { subject, text, html }
    }

    fn english(&self) -> (String, Vec<Part>) {
        match self {
            Self::Code { code } => (
                format!("{code} is your Moodcall code"),
                vec![
                    words("Enter these six digits where you were asked for them. They hold for 10 minutes."),
                    Part::Code(code.clone()),
                    words(
                        "If you did not ask for a code, ignore this letter; nothing happens without it. Never tell the \
                           code to anybody, whoever they say they are.",
                    ),
                ],
            ),
            Self::AccountExists { link } => (
                "You already have a Moodcall account".into(),
                vec![
                    words(
                        "Somebody, probably you, tried to sign up with this address. It has an account already, so \
                           there is nothing to sign up for: just log in. If the password is forgotten, the same page \
                           lets you choose a new one.",
                    ),
                    Part::Link { words: "Log in", address: link.clone() },
                    words(
                        "If it was not you, ignore this letter. Whoever it was has not been told that the account \
                           exists.",
                    ),
                ],
            ),
            Self::PasswordReset { link } => (
                "Choose a new Moodcall password".into(),
                vec![
                    words(
                        "You asked to choose a new password. The link works once, within 30 minutes. Afterwards every \
                           device has to log in again.",
                    ),
                    Part::Link { words: "Choose a new password", address: link.clone() },
                    words("If you did not ask for it, ignore this letter; the password stays as it is."),
                ],
            ),
            Self::PasswordChanged => (
                "Your Moodcall password was changed".into(),
                vec![
                    words("The password of your account was changed just now, and the other log-ins were ended."),
                    words(
                        "If that was not you, choose a new password right away with “Forgot password” on the log-in \
                           page, and look after this mailbox: whoever can read it can do the same.",
                    ),
                ],
            ),
            Self::Leaving { at } => (
                "Your Moodcall account will be deleted".into(),
                vec![
                    words(&format!(
                        "As you asked, your account is closed. On {} (UTC) it goes for good, with everything in it.",
                        day(*at, UtcOffset::UTC)
                    )),
                    words("If you change your mind, log in before then: that takes the account back, as it was."),
                ],
            ),
        }
    }

    fn korean(&self) -> (String, Vec<Part>) {
        match self {
            Self::Code { code } => (
                format!("Moodcall 인증 번호 {code}"),
                vec![
                    words("아래 여섯 자리 숫자를 인증 번호 칸에 입력해 주세요. 10분 동안 쓸 수 있습니다."),
                    Part::Code(code.clone()),
                    words(
                        "직접 요청하지 않았다면 이 메일은 무시하셔도 됩니다. 번호를 입력하지 않으면 아무 일도 일어나지 \
                           않습니다. 누가 물어보더라도 번호를 알려주지 마세요.",
                    ),
                ],
            ),
            Self::AccountExists { link } => (
                "이미 Moodcall 계정이 있어요".into(),
                vec![
                    words(
                        "방금 이 이메일 주소로 가입하려는 시도가 있었습니다. 이미 가입된 주소이니 그대로 로그인하시면 \
                           됩니다. 비밀번호가 기억나지 않으면 같은 화면에서 새로 정할 수 있습니다.",
                    ),
                    Part::Link { words: "로그인하기", address: link.clone() },
                    words(
                        "본인이 아니라면 무시하셔도 됩니다. 가입을 시도한 사람에게는 계정이 있다는 사실을 알리지 \
                           않았습니다.",
                    ),
                ],
            ),
            Self::PasswordReset { link } => (
                "Moodcall 비밀번호를 새로 정해 주세요".into(),
                vec![
                    words(
                        "비밀번호를 다시 정하는 링크를 보내드립니다. 링크는 30분 안에 한 번만 쓸 수 있고, 비밀번호를 \
                           바꾸면 모든 기기에서 다시 로그인해야 합니다.",
                    ),
                    Part::Link { words: "새 비밀번호 정하기", address: link.clone() },
                    words("직접 요청하지 않았다면 무시하셔도 됩니다. 비밀번호는 그대로입니다."),
                ],
            ),
            Self::PasswordChanged => (
                "Moodcall 비밀번호가 바뀌었습니다".into(),
                vec![
                    words("방금 계정의 비밀번호가 바뀌었고, 다른 기기의 로그인은 모두 끊겼습니다."),
                    words(
                        "본인이 한 일이 아니라면 지금 바로 로그인 화면의 ‘비밀번호 찾기’로 비밀번호를 다시 정해 주세요. \
                           이 메일함을 볼 수 있는 사람은 누구나 같은 일을 할 수 있으니 메일 계정도 함께 살펴보세요.",
                    ),
                ],
            ),
            Self::Leaving { at } => (
                "Moodcall 계정이 삭제될 예정입니다".into(),
                vec![
                    words(&format!(
                        "요청하신 대로 계정을 닫았습니다. {}(한국 시각)에 계정과 그 안의 모든 것이 완전히 삭제됩니다.",
                        day(*at, KOREA)
                    )),
                    words("마음이 바뀌면 그 전에 로그인해 주세요. 계정이 예전 그대로 돌아옵니다."),
                ],
            ),
        }
    }
}

const KOREA: UtcOffset = match UtcOffset::from_hms(9, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

fn words(text: &str) -> Part {
    Part::Words(text.to_owned())
}

/// The day and the minute, as a clock at `offset` shows them.
fn day(at: Timestamp, offset: UtcOffset) -> String {
    let time = OffsetDateTime::from_unix_timestamp(at.seconds() as i64).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let time = time.to_offset(offset);
    format!("{} {:02}:{:02}", time.date(), time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Letter> {
        let link = "https://call.example.org/reset?token=a&b".to_owned();
        vec![
            Letter::Code { code: "042137".into() },
            Letter::AccountExists { link: link.clone() },
            Letter::PasswordReset { link },
            Letter::PasswordChanged,
            Letter::Leaving { at: Timestamp::from_millis(1_790_000_000_000) },
        ]
    }

    #[test]
    fn every_letter_says_the_same_as_text_and_as_html_in_both_languages() {
        for letter in all() {
            let (english, korean) = (letter.write(Language::En), letter.write(Language::Ko));
            assert_ne!(english.subject, korean.subject);
            for written in [&english, &korean] {
                assert!(!written.subject.contains('\n') && !written.subject.is_empty());
                let secret = match &letter {
                    Letter::Code { code } => code.clone(),
                    Letter::AccountExists { link } | Letter::PasswordReset { link } => link.clone(),
                    Letter::PasswordChanged => continue,
                    Letter::Leaving { .. } => "2026-09-21".into(),
                };
                assert!(written.text.contains(&secret), "{}", written.text);
                assert!(written.html.contains(&page::escaped(&secret)), "{}", written.html);
            }
            assert!(english.text.is_ascii() || english.text.contains('“'), "{}", english.text);
            assert!(korean.text.contains("Moodcall") && korean.text.contains("니다"), "{}", korean.text);
        }
    }

    #[test]
    fn a_day_is_told_by_the_readers_clock() {
        let letter = Letter::Leaving { at: Timestamp::from_millis(1_790_000_000_000) };
        assert!(letter.write(Language::En).text.contains("2026-09-21 14:13 (UTC)"));
        assert!(letter.write(Language::Ko).text.contains("2026-09-21 23:13(한국 시각)"));
    }

    #[test]
    fn what_is_printed_for_a_log_holds_no_secret() {
        for letter in all() {
            let printed = format!("{letter:?}");
            assert!(!printed.contains("042137") && !printed.contains("token"), "{printed}");
        }
    }
}
