//! Letters to people: written in their language, put into the outbox in the transaction that causes them, sent from there.

pub mod letter;

use sqlx::AnyConnection;

pub use letter::Letter;

use crate::base::id::MailId;
use crate::base::language::Language;
use crate::base::timestamp::Timestamp;
use crate::store::StoreError;

/// A handle on the outbox; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Mail {}

impl Mail {
    /// Puts a letter into the outbox. It leaves after the transaction is committed, and only then.
    ///
    /// # Errors
    /// The row could not be written.
    pub async fn put(
        &self,
        connection: &mut AnyConnection,
        recipient: &str,
        language: Language,
        letter: &Letter,
    ) -> Result<MailId, StoreError> {
        let (id, now) = (MailId::new(), Timestamp::now());
        let written = letter.write(language);
        sqlx::query(
            "INSERT INTO mail_outbox (id, recipient, language, subject, body_text, body_html, created_at, due_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(id)
        .bind(recipient)
        .bind(language.tag())
        .bind(written.subject)
        .bind(written.text)
        .bind(written.html)
        .bind(now)
        .bind(now)
        .execute(connection)
        .await?;
        Ok(id)
    }
}
