//! Letters to people: written in their language, put into the outbox in the transaction that causes them, sent from there.
//!
//! A row of the outbox is due (`due_at`), sent (`sent_at`), given up (`error` without `due_at`) or kept (none of these):
//! without an SMTP server letters are only kept, for a developer to read, and never sent later when their codes are old.

pub mod letter;
pub mod page;
mod sender;

use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use sqlx::AnyConnection;
use thiserror::Error;
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

pub use letter::Letter;

use crate::base::id::MailId;
use crate::base::language::Language;
use crate::base::shutdown::Shutdown;
use crate::base::timestamp::Timestamp;
use crate::store::{Store, StoreError};
use sender::Sender;

/// How letters leave.
#[derive(Clone)]
pub struct Options {
    /// `smtp://` or `smtps://`; none keeps letters in the outbox.
    pub smtp_url: Option<String>,
    /// Who the letters come from.
    pub from: String,
    /// Wait after the first failure; it doubles with each.
    pub first_retry: Duration,
    /// Longest wait between two tries.
    pub longest_retry: Duration,
    /// Age at which a letter that could not be sent is given up.
    pub give_up_after: Duration,
    /// Age at which a row is removed.
    pub kept: Duration,
}

impl Options {
    /// With the waits of a server: half a minute first, an hour at most, a day in all.
    pub fn new(smtp_url: Option<String>, from: String) -> Self {
        Self {
            smtp_url,
            from,
            first_retry: Duration::from_secs(30),
            longest_retry: Duration::from_secs(3600),
            give_up_after: Duration::from_secs(86_400),
            kept: Duration::from_secs(30 * 86_400),
        }
    }
}

/// The settings of mail cannot be used.
#[derive(Debug, Error)]
pub enum MailError {
    /// `from` is no mailbox.
    #[error("mail.from is no mailbox such as \"Moodcall <call@example.org>\"")]
    From,
    /// The URL is not one of a server. It is not shown, because it may hold a password.
    #[error("mail.smtp_url is no address of an SMTP server")]
    Server,
}

/// A handle on the outbox; clones share it.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Tells the sender what to look for; none when nothing is sent.
    announce: Option<mpsc::UnboundedSender<MailId>>,
}

impl Mail {
    /// Starts sending what is due, also from before, and removing what is old, until the shutdown stops everything.
    ///
    /// # Errors
    /// [`MailError`].
    pub fn start(store: Store, options: Options, shutdown: Shutdown, tasks: &TaskTracker) -> Result<Self, MailError> {
        let from: Mailbox = options.from.parse().map_err(|_| MailError::From)?;
        tasks.spawn(sender::sweep(store.clone(), options.kept, shutdown.clone()));
        let Some(url) = &options.smtp_url else { return Ok(Self { announce: None }) };
        let sender = Sender::new(store, url, from, options.clone()).map_err(|_| MailError::Server)?;
        let (announce, announced) = mpsc::unbounded_channel();
        tasks.spawn(Arc::new(sender).run(announced, shutdown));
        Ok(Self { announce: Some(announce) })
    }

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
        .bind(self.announce.is_some().then_some(now))
        .execute(connection)
        .await?;
        if let Some(announce) = &self.announce {
            // The row cannot be seen before the commit, so the sender looks for this one until it can. When the sender
            // has stopped, the row waits for the next start.
            let _ = announce.send(id);
        }
        Ok(id)
    }
}
