//! Passwords: how strong they must be, and the slow hash that is kept of them (Argon2id, RFC 9106, as a PHC string).
//!
//! A hash costs 19 MiB and tens of milliseconds of a core on purpose. So as many run at once as there are cores, on
//! threads that may block, each in memory that is kept for the next: a thousand log-ins at once wait in line and cost the
//! others neither their latency nor the machine its memory.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use parking_lot::Mutex;
use rand::RngCore as _;
use thiserror::Error;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;
use zxcvbn::Score;

use crate::protocol::code::Code;
use crate::web::error::{ApiError, FieldError};

/// Characters of a password at least.
pub const SHORTEST: usize = 8;
/// And at most: more would only make the server work.
pub const LONGEST: usize = 128;
/// Memory of a hash in KiB.
const MEMORY: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Characters that the estimate of strength looks at; its time grows faster than their number.
const ESTIMATED: usize = 100;
/// Longest wait in line for a hash.
const PATIENCE: Duration = Duration::from_secs(15);

/// What comparing a password with a hash found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password, or there is none to compare with.
    Wrong,
    /// The password.
    Right,
    /// The password, and its hash was made by weaker rules than today's: make a new one.
    Outdated,
}

/// Why there is no hash.
#[derive(Debug, Error)]
pub enum PasswordError {
    /// Too many wait already.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// The library or the runtime failed, or the row holds no hash.
    #[error("a password cannot be hashed: {0}")]
    Failed(String),
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        tracing::warn!(%error, "a password was not hashed");
        match error {
            PasswordError::Busy => Self::Unavailable(Code::Unavailable),
            PasswordError::Failed(_) => Self::Internal,
        }
    }
}

/// Hashes and compares; clones share the line and the memory.
#[derive(Clone)]
pub struct Passwords {
    line: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
    /// A hash of nothing, to spend on accounts that are not there the time that one takes.
    nobody: Arc<str>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::side_by_side(std::thread::available_parallelism().map_or(2, usize::from))
    }
}

impl Passwords {
    /// So many hashes at once.
    pub fn side_by_side(width: usize) -> Self {
        let nobody = encode(&random::<16>(), &random::<32>()).unwrap_or_default();
        Self { line: Arc::new(Semaphore::new(width)), memory: Arc::default(), nobody: nobody.into() }
    }

    /// Checks that a password is good enough, given what an attacker would try first: the person's own names.
    ///
    /// # Errors
    /// 422 with `pointer`: too short, too long, or `weak-password`. 503 when too many wait.
    pub async fn check(&self, password: &str, names: &[&str], pointer: &'static str) -> Result<(), ApiError> {
        let password = normal(password);
        let length = password.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            let detail = format!("The password must have {SHORTEST} to {LONGEST} characters.");
            return Err(ApiError::field(pointer, detail));
        }
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let score = self
            .in_line(move |_| {
                let seen: String = password.chars().take(ESTIMATED).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                Ok(zxcvbn::zxcvbn(&seen, &names).score())
            })
            .await?;
        if score < Score::Three {
            let detail = "The password is too easy to guess: make it longer, or less usual.".into();
            return Err(ApiError::Invalid(vec![FieldError {
                pointer: pointer.into(),
                code: Code::WeakPassword,
                detail,
            }]));
        }
        Ok(())
    }

    /// What to keep of a password.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let password = normal(password);
        self.in_line(move |memory| {
            let (salt, mut output) = (random::<16>(), [0; 32]);
            run(&rules()?, &password, &salt, &mut output, memory)?;
            encode(&salt, &output).ok_or_else(|| PasswordError::Failed("the hash cannot be written".into()))
        })
        .await
    }

    /// Compares a password with what was kept. Without a hash it takes the same time and the password is wrong.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn verify(&self, password: &str, kept: Option<&str>) -> Result<Verdict, PasswordError> {
        let password = normal(password);
        let (known, kept) = (kept.is_some(), kept.unwrap_or(&self.nobody).to_owned());
        self.in_line(move |memory| {
            let failed = |error: &dyn std::fmt::Display| PasswordError::Failed(error.to_string());
            let kept = PasswordHash::new(&kept).map_err(|error| failed(&error))?;
            let (Some(salt), Some(expected)) = (&kept.salt, &kept.hash) else {
                return Err(PasswordError::Failed("a hash without its parts".into()));
            };
            let params = Params::try_from(&kept).map_err(|error| failed(&error))?;
            let mut output = vec![0; expected.len()];
            run(&params, &password, salt, &mut output, memory)?;
            // `Output` compares in a time that tells nothing.
            let right = Output::new(&output).map_err(|error| failed(&error))? == *expected;
            let weaker = params.m_cost() < MEMORY || params.t_cost() < PASSES || expected.len() < 32;
            Ok(match (known && right, weaker) {
                (false, _) => Verdict::Wrong,
                (true, false) => Verdict::Right,
                (true, true) => Verdict::Outdated,
            })
        })
        .await
    }

    /// Runs `work` when it is its turn, on a thread that may block. Whoever stops waiting for the answer does not free
    /// the place before the work is done.
    async fn in_line<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = tokio::time::timeout(PATIENCE, self.line.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| PasswordError::Busy)?.map_err(|error| PasswordError::Failed(error.to_string()))?;
        let kept = self.memory.clone();
        let done = tokio::task::spawn_blocking(move || {
            let mut memory = kept.lock().pop().unwrap_or_default();
            let result = work(&mut memory);
            kept.lock().push(memory);
            drop(turn);
            result
        });
        done.await.map_err(|error| PasswordError::Failed(error.to_string()))?
    }
}

/// What is hashed: the password in normal form C, so that a syllable typed on one device is the same on another.
fn normal(password: &str) -> String {
    // A code point of this form is made of at most three or so; what is much longer is refused for its length anyway.
    password.nfc().take(LONGEST + 1).collect()
}

fn rules() -> Result<Params, PasswordError> {
    Params::new(MEMORY, PASSES, 1, Some(32)).map_err(|error| PasswordError::Failed(error.to_string()))
}

fn run(
    params: &Params,
    password: &str,
    salt: &[u8],
    output: &mut [u8],
    memory: &mut Vec<Block>,
) -> Result<(), PasswordError> {
    memory.resize(memory.len().max(params.block_count()), Block::new());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    argon2
        .hash_password_into_with_memory(password.as_bytes(), salt, output, &mut memory[..params.block_count()])
        .map_err(|error| PasswordError::Failed(error.to_string()))
}

/// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
fn encode(salt: &[u8], output: &[u8]) -> Option<String> {
    let hash = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&rules().ok()?).ok()?,
        salt: Some(Salt::new(salt).ok()?),
        hash: Some(Output::new(output).ok()?),
    };
    Some(hash.to_string())
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_is_argon2id_salted_and_knows_its_password_again() {
        let passwords = Passwords::default();
        let kept = passwords.hash("correct horse 말").await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_ne!(passwords.hash("correct horse 말").await.unwrap(), kept, "each hash has its own salt");
        assert_eq!(passwords.verify("correct horse 말", Some(&kept)).await.unwrap(), Verdict::Right);
        let typed_apart = "correct horse \u{1106}\u{1161}\u{11af}";
        assert_eq!(passwords.verify(typed_apart, Some(&kept)).await.unwrap(), Verdict::Right);
        assert_eq!(passwords.verify("correct horse", Some(&kept)).await.unwrap(), Verdict::Wrong);
        assert_eq!(passwords.verify("", None).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_by_weaker_rules_is_right_and_outdated() {
        // Argon2id, version 19, 8 MiB, one pass, of "password": made by the reference program.
        let kept = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$";
        let params = Params::new(8192, 1, 1, Some(32)).unwrap();
        let mut output = [0; 32];
        run(&params, "password", b"somesaltsomesalt", &mut output, &mut Vec::new()).unwrap();
        let kept = format!("{kept}{}", Output::new(&output).unwrap());
        let passwords = Passwords::default();
        assert_eq!(passwords.verify("password", Some(&kept)).await.unwrap(), Verdict::Outdated);
        assert_eq!(passwords.verify("Password", Some(&kept)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn no_more_run_at_once_than_there_is_room_for() {
        let passwords = Passwords::side_by_side(2);
        let many = (0..24).map(|n| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.verify(&n.to_string(), None).await.unwrap() })
        });
        for one in many.collect::<Vec<_>>() {
            assert_eq!(one.await.unwrap(), Verdict::Wrong);
        }
        // Each that runs takes a piece of memory out and puts it back: as many pieces as ever ran side by side.
        let pieces = passwords.memory.lock().len();
        assert!((1..=2).contains(&pieces), "{pieces} pieces of memory");
    }

    #[tokio::test]
    async fn what_is_easy_to_guess_is_refused_however_long() {
        let passwords = Passwords::default();
        let names = ["ada@example.org", "ada_lovelace", "에이다"];
        for weak in
            ["password", "passw0rd1", "ada_lovelace1", "12345678", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "qwertyuiop"]
        {
            let refused = passwords.check(weak, &names, "/password").await.unwrap_err();
            assert!(matches!(&refused, ApiError::Invalid(fields) if fields[0].code == Code::WeakPassword), "{weak}");
        }
        for length in [0, 7, 129, 10_000] {
            let refused = passwords.check(&"xK9#".repeat(length)[..length], &names, "/password").await.unwrap_err();
            assert!(matches!(&refused, ApiError::Invalid(fields) if fields[0].code == Code::Invalid), "{length}");
        }
        for strong in ["violet-kettle-27-harbor", "나무는 밤에 노래를 부른다", &"xK9#vQ2!mW7_".repeat(11)[..128]]
        {
            passwords.check(strong, &names, "/password").await.unwrap();
        }
    }
}
