//! Sends what is due in the outbox over SMTP (RFC 5321): at least once, one sender for a row at a time, again after a
//! failure with growing waits, never again after a refusal for good.
//!
//! Neither codes nor links nor what a server says about them are logged.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use rand::Rng as _;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::Options;
use crate::base::id::MailId;
use crate::base::shutdown::{Phase, Shutdown};
use crate::base::timestamp::Timestamp;
use crate::store::{Store, StoreError};

/// Letters on their way at a time.
const AT_ONCE: usize = 4;
/// Longest time for one letter, from connecting to its acceptance.
const SENDING: Duration = Duration::from_secs(60);
/// How long a claimed row belongs to its sender; whoever died with it leaves it to the next after that.
const CLAIM: Duration = Duration::from_secs(120);
/// First and longest wait for the commit of an announced row, and when it is taken as rolled back.
const COMMIT: (Duration, Duration) = (Duration::from_millis(2), Duration::from_millis(500));
const ROLLED_BACK: Duration = Duration::from_secs(30);
/// How long a row that another node wrote may stay unnoticed.
const LOOK: Duration = Duration::from_secs(60);
/// Wait after the database failed.
const DATABASE: Duration = Duration::from_secs(5);
/// How often it is tried to note what became of a letter.
const NOTING: usize = 5;
/// How often old rows are removed.
const SWEEP: Duration = Duration::from_secs(3600);
/// What is kept of a server's refusal, in characters.
const ERROR: usize = 300;

/// A claimed row.
#[derive(sqlx::FromRow)]
struct Due {
    id: MailId,
    recipient: String,
    subject: String,
    body_text: String,
    body_html: String,
    created_at: Timestamp,
    tries: i64,
}

/// Why a letter did not leave.
struct Failure {
    /// Whether another try is of no use.
    for_good: bool,
    /// For the row.
    told: String,
    /// For the log: nothing that a server said.
    kind: String,
}

/// `Auto-Submitted` (RFC 3834): no automatic answers, please.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Sends letters through one server.
pub(super) struct Sender {
    store: Store,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    options: Options,
}

impl Sender {
    pub(super) fn new(store: Store, url: &str, from: Mailbox, options: Options) -> Result<Self, smtp::Error> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(SENDING / 2)).build();
        Ok(Self { store, transport, from, options })
    }

    /// Sends until the shutdown stops everything; what is under way then may end.
    pub(super) async fn run(self: Arc<Self>, mut announced: mpsc::UnboundedReceiver<MailId>, shutdown: Shutdown) {
        let stopping = shutdown.reached(Phase::Stopping);
        tokio::pin!(stopping);
        // Tasks of their own: a letter that waits for the database's one writer must not wait for this loop to look at it.
        let mut sending = JoinSet::new();
        // Rows that are there once their transaction is committed, and since when they are looked for.
        let mut expected: HashMap<MailId, Timestamp> = HashMap::new();
        let mut pause = COMMIT.0;
        loop {
            let mut wait = LOOK;
            while sending.len() < AT_ONCE {
                match self.claim().await {
                    Ok(Some(due)) => {
                        expected.remove(&due.id);
                        sending.spawn(self.clone().deliver(due));
                    }
                    Ok(None) => {
                        wait = self.until_next().await;
                        break;
                    }
                    Err(error) => {
                        tracing::warn!(%error, "the outbox cannot be read");
                        wait = DATABASE;
                        break;
                    }
                }
            }
            let now = Timestamp::now();
            expected.retain(|_, since| now.since(*since) < ROLLED_BACK);
            if !expected.is_empty() {
                wait = wait.min(pause);
                pause = (pause * 2).min(COMMIT.1);
            }
            tokio::select! {
                () = &mut stopping => break,
                Some(_) = sending.join_next() => {}
                Some(id) = announced.recv() => {
                    expected.insert(id, now);
                    pause = COMMIT.0;
                }
                () = tokio::time::sleep(wait) => {}
            }
        }
        while sending.join_next().await.is_some() {}
    }

    /// Takes a row that is due, so that nobody else does.
    async fn claim(&self) -> Result<Option<Due>, StoreError> {
        let now = Timestamp::now();
        Ok(sqlx::query_as(
            "UPDATE mail_outbox SET due_at = $1, tries = tries + 1 \
             WHERE due_at <= $2 AND id = (SELECT id FROM mail_outbox WHERE due_at <= $2 ORDER BY due_at LIMIT 1) \
             RETURNING id, recipient, subject, body_text, body_html, created_at, tries",
        )
        .bind(now.after(CLAIM))
        .bind(now)
        .fetch_optional(self.store.write())
        .await?)
    }

    /// How long nothing will be due that is known now.
    async fn until_next(&self) -> Duration {
        let next: Result<Option<Timestamp>, _> =
            sqlx::query_scalar("SELECT MIN(due_at) FROM mail_outbox WHERE due_at IS NOT NULL")
                .fetch_one(self.store.read())
                .await;
        match next {
            Ok(Some(next)) => next.since(Timestamp::now()).clamp(COMMIT.0, LOOK),
            Ok(None) => LOOK,
            Err(_) => DATABASE,
        }
    }

    async fn deliver(self: Arc<Self>, due: Due) {
        let (id, tries) = (due.id, due.tries);
        let result = self.send(&due).await;
        let outcome = match &result {
            Ok(()) => "sent",
            Err(failure) if failure.for_good => "refused",
            Err(_) => "failed",
        };
        metrics::counter!("moodcall_mails_total", "outcome" => outcome).increment(1);
        let again = result.as_ref().err().map(|failure| self.next_try(&due, failure));
        match &result {
            Ok(()) => tracing::info!(mail = %id, tries, "mail sent"),
            Err(failure) => {
                let given_up = again == Some(None);
                tracing::warn!(mail = %id, tries, given_up, reason = failure.kind, "mail not sent");
            }
        }
        // A letter whose outcome is forgotten is sent again when its claim ends, so a busy database is asked once more.
        for _ in 0..NOTING {
            let noted = match &result {
                Ok(()) => self.note_sent(id).await,
                Err(failure) => self.note_failure(id, again.flatten(), failure).await,
            };
            let Err(error) = noted else { return };
            tracing::warn!(mail = %id, %error, "a mail's outcome could not be noted");
            tokio::time::sleep(DATABASE).await;
        }
    }

    async fn send(&self, due: &Due) -> Result<(), Failure> {
        let message = self.message(due)?;
        let Ok(sent) = tokio::time::timeout(SENDING, self.transport.send(message)).await else {
            let told = "the server took too long".to_owned();
            return Err(Failure { for_good: false, kind: told.clone(), told });
        };
        sent.map(|_| ()).map_err(|error| Failure {
            for_good: error.is_permanent(),
            kind: error.status().map_or_else(|| "no answer".to_owned(), |code| code.to_string()),
            told: told(&error),
        })
    }

    fn message(&self, due: &Due) -> Result<Message, Failure> {
        let unusable = |kind: &str, error: &dyn std::fmt::Display| Failure {
            for_good: true,
            kind: kind.to_owned(),
            told: format!("{kind}: {error}"),
        };
        let to = due.recipient.parse().map_err(|error| unusable("the recipient is no address", &error))?;
        // The same for every try, so that a mailbox which got it twice can tell.
        let name = format!("<{}@{}>", due.id, self.from.email.domain());
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&due.subject)
            .message_id(Some(name))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(due.body_text.clone(), due.body_html.clone()))
            .map_err(|error| unusable("the letter cannot be written", &error))
    }

    /// When to try again; never when it is of no use or the letter is too old.
    fn next_try(&self, due: &Due, failure: &Failure) -> Option<Timestamp> {
        let now = Timestamp::now();
        let doublings = u32::try_from(due.tries.clamp(1, 20) - 1).unwrap_or(0);
        let wait = (self.options.first_retry * 2u32.pow(doublings)).min(self.options.longest_retry);
        let again = now.after(wait.mul_f64(rand::rng().random_range(0.8..1.2)));
        (!failure.for_good && again.since(due.created_at) < self.options.give_up_after).then_some(again)
    }

    /// What was sent is in its mailbox; here its words, which may hold a code, have no more use.
    async fn note_sent(&self, id: MailId) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE mail_outbox SET sent_at = $1, due_at = NULL, error = NULL, subject = '', body_text = '', \
             body_html = '' WHERE id = $2",
        )
        .bind(Timestamp::now())
        .bind(id)
        .execute(self.store.write())
        .await?;
        Ok(())
    }

    async fn note_failure(&self, id: MailId, again: Option<Timestamp>, failure: &Failure) -> Result<(), StoreError> {
        sqlx::query("UPDATE mail_outbox SET due_at = $1, error = $2 WHERE id = $3")
            .bind(again)
            .bind(failure.told.chars().take(ERROR).collect::<String>())
            .bind(id)
            .execute(self.store.write())
            .await?;
        Ok(())
    }
}

/// An error with its causes, without what could steer a terminal or break a row (PostgreSQL takes no NUL).
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Removes rows that are older than `kept`, now and every hour.
pub(super) async fn sweep(store: Store, kept: Duration, shutdown: Shutdown) {
    loop {
        let removed = sqlx::query("DELETE FROM mail_outbox WHERE created_at < $1")
            .bind(Timestamp::now().before(kept))
            .execute(store.write())
            .await;
        if let Err(error) = removed {
            tracing::warn!(%error, "old mails could not be removed");
        }
        tokio::select! {
            () = shutdown.reached(Phase::Stopping) => return,
            () = tokio::time::sleep(SWEEP) => {}
        }
    }
}
