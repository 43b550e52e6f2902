//! Letters leave after their transaction, through failures and restarts, once each, and not for ever.

use std::time::Duration;

use moodcall::base::id::MailId;
use moodcall::base::language::Language;
use moodcall::base::shutdown::{Phase, Shutdown};
use moodcall::base::timestamp::Timestamp;
use moodcall::mail::{Letter, Mail, Options};
use moodcall::store::Store;
use tokio_util::task::TaskTracker;

use super::client::{SOON, house, house_in, house_with};
use super::smtp::{Fate, Smtp};

/// Mail of its own on a house's database, with retries after milliseconds.
struct Post {
    mail: Mail,
    store: Store,
    shutdown: Shutdown,
    tasks: TaskTracker,
}

impl Post {
    fn start(store: &Store, smtp: &Smtp, change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options::new(Some(smtp.url()), "Moodcall <call@example.org>".into());
        options.first_retry = Duration::from_millis(20);
        options.longest_retry = Duration::from_millis(100);
        change(&mut options);
        let (shutdown, tasks) = (Shutdown::default(), TaskTracker::new());
        let mail = Mail::start(store.clone(), options, shutdown.clone(), &tasks).expect("options that can be used");
        Self { mail, store: store.clone(), shutdown, tasks }
    }

    async fn put(&self, recipient: &str) -> MailId {
        let mut transaction = self.store.begin().await.expect("a transaction");
        let letter = Letter::Code { code: "042137".into() };
        let id = self.mail.put(&mut transaction, recipient, Language::Ko, &letter).await.expect("a row");
        transaction.commit().await.expect("a commit");
        id
    }

    async fn stop(self) {
        self.shutdown.advance(Phase::Stopping);
        self.tasks.close();
        tokio::time::timeout(SOON, self.tasks.wait()).await.expect("the sender stops");
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    subject: String,
    body_text: String,
    due_at: Option<Timestamp>,
    tries: i64,
    sent_at: Option<Timestamp>,
    error: Option<String>,
}

/// The row, once it is no more due.
async fn settled(store: &Store, id: MailId) -> Row {
    let looking = async {
        loop {
            let row: Row = sqlx::query_as(
                "SELECT subject, body_text, due_at, tries, sent_at, error FROM mail_outbox WHERE id = $1",
            )
            .bind(id)
            .fetch_one(store.read())
            .await
            .expect("the row");
            if row.due_at.is_none() {
                return row;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, looking).await.expect("an end of the tries")
}

#[tokio::test]
async fn a_letter_leaves_with_both_bodies_and_its_words_are_forgotten() {
    let house = house().await;
    let smtp = Smtp::start(&[]).await;
    let post = Post::start(&house.running.app.state.store, &smtp, |_| {});
    let id = post.put("ada@example.org").await;
    let accepted = smtp.until(1).await;
    assert_eq!(accepted[0].recipient, "ada@example.org");
    let source = &accepted[0].source;
    for part in ["multipart/alternative", "text/plain", "text/html", "Auto-Submitted: auto-generated"] {
        assert!(source.contains(part), "{part} in {source}");
    }
    assert!(source.contains(&format!("Message-ID: <{id}@example.org>")), "{source}");
    let row = settled(&post.store, id).await;
    assert!(row.sent_at.is_some() && row.error.is_none() && row.tries == 1, "{row:?}");
    assert!(row.subject.is_empty() && row.body_text.is_empty(), "{row:?}");
    post.stop().await;
    house.stop().await;
}

#[tokio::test]
async fn a_letter_leaves_after_the_commit_and_never_without_it() {
    let house = house().await;
    let store = &house.running.app.state.store;
    let smtp = Smtp::start(&[]).await;
    let post = Post::start(store, &smtp, |_| {});
    let letter = Letter::PasswordChanged;
    let mut undone = store.begin().await.expect("a transaction");
    post.mail.put(&mut undone, "undone@example.org", Language::En, &letter).await.expect("a row");
    undone.rollback().await.expect("an end");
    // A later letter overtakes the one whose transaction takes long, where the database lets two write at once.
    let mut slow = store.begin().await.expect("a transaction");
    post.mail.put(&mut slow, "slow@example.org", Language::En, &letter).await.expect("a row");
    tokio::task::yield_now().await;
    assert!(smtp.accepted().is_empty(), "nothing is committed yet");
    slow.commit().await.expect("a commit");
    assert_eq!(smtp.until(1).await[0].recipient, "slow@example.org");
    post.put("last@example.org").await;
    let accepted = smtp.until(2).await;
    assert_eq!(accepted[1].recipient, "last@example.org");
    post.stop().await;
    house.stop().await;
}

#[tokio::test]
async fn a_server_that_says_later_or_breaks_off_is_tried_again() {
    let house = house().await;
    let smtp = Smtp::start(&[Fate::Later, Fate::Lost, Fate::Later]).await;
    let post = Post::start(&house.running.app.state.store, &smtp, |_| {});
    let id = post.put("ada@example.org").await;
    smtp.until(1).await;
    let row = settled(&post.store, id).await;
    assert!(row.sent_at.is_some() && row.error.is_none(), "{row:?}");
    assert_eq!((row.tries, smtp.tries()), (4, 4));
    post.stop().await;
    house.stop().await;
}

#[tokio::test]
async fn a_refusal_for_good_and_an_address_that_is_none_are_given_up_at_once() {
    let house = house().await;
    let smtp = Smtp::start(&[Fate::Never]).await;
    let post = Post::start(&house.running.app.state.store, &smtp, |_| {});
    let refused = post.put("nobody@example.org").await;
    let row = settled(&post.store, refused).await;
    assert!(row.sent_at.is_none() && row.tries == 1, "{row:?}");
    assert!(row.error.as_deref().is_some_and(|error| error.contains("550")), "{row:?}");
    let nonsense = post.put("no address\r\nBcc: victim@example.org").await;
    let row = settled(&post.store, nonsense).await;
    assert!(row.sent_at.is_none() && row.error.is_some() && row.tries == 1, "{row:?}");
    assert_eq!(smtp.tries(), 1, "the server never saw the second");
    post.stop().await;
    house.stop().await;
}

#[tokio::test]
async fn a_letter_that_never_gets_through_is_given_up_in_the_end_and_says_why() {
    let house = house().await;
    let smtp = Smtp::start(&[Fate::Later; 1000]).await;
    let post = Post::start(&house.running.app.state.store, &smtp, |options| {
        options.give_up_after = Duration::from_millis(400);
    });
    let id = post.put("ada@example.org").await;
    let row = settled(&post.store, id).await;
    assert!(row.sent_at.is_none() && (3..30).contains(&row.tries), "{row:?}");
    assert!(row.error.as_deref().is_some_and(|error| error.contains("451")), "{row:?}");
    post.stop().await;
    house.stop().await;
}

#[tokio::test]
async fn of_two_senders_one_sends_each_letter() {
    let house = house().await;
    let smtp = Smtp::start(&[]).await;
    let one = Post::start(&house.running.app.state.store, &smtp, |_| {});
    let two = Post::start(&house.running.app.state.store, &smtp, |_| {});
    let mut ids = Vec::new();
    for number in 0..30 {
        let post = if number % 2 == 0 { &one } else { &two };
        ids.push(post.put(&format!("person{number}@example.org")).await);
    }
    for id in ids {
        let row = settled(&one.store, id).await;
        assert!(row.sent_at.is_some() && row.tries == 1, "{row:?}");
    }
    let mut recipients: Vec<String> = smtp.accepted().into_iter().map(|letter| letter.recipient).collect();
    recipients.sort();
    recipients.dedup();
    assert_eq!((recipients.len(), smtp.accepted().len()), (30, 30));
    one.stop().await;
    two.stop().await;
    house.stop().await;
}

#[tokio::test]
async fn what_was_due_when_the_server_stopped_leaves_after_the_next_start() {
    // Nobody listens on this port any more.
    let nobody = Smtp::start(&[]).await.address.port();
    let first = house_with(|config| config.mail.smtp_url = Some(format!("smtp://127.0.0.1:{}", nobody.max(1)))).await;
    let state = &first.running.app.state;
    let url = state.config.database.url.clone();
    // Due, and claimed by nobody: as a row is whose server stopped between commit and sending.
    let (id, now) = (MailId::new(), Timestamp::now());
    sqlx::query(
        "INSERT INTO mail_outbox (id, recipient, language, subject, body_text, body_html, created_at, due_at) \
         VALUES ($1, 'ada@example.org', 'en', 'Hello', 'text', 'html', $2, $3)",
    )
    .bind(id)
    .bind(now)
    .bind(now.after(Duration::from_millis(300)))
    .execute(state.store.write())
    .await
    .expect("a row");
    let folder = first.stop().await;
    let smtp = Smtp::start(&[]).await;
    let second = house_in(folder, |config| {
        config.database.url = url;
        config.mail.smtp_url = Some(smtp.url());
    })
    .await;
    assert_eq!(smtp.until(1).await[0].recipient, "ada@example.org");
    assert!(settled(&second.running.app.state.store, id).await.sent_at.is_some());
    second.stop().await;
}

#[tokio::test]
async fn without_a_server_letters_are_kept_readable_and_old_rows_go() {
    let first = house().await;
    let state = &first.running.app.state;
    let url = state.config.database.url.clone();
    let mut transaction = state.store.begin().await.expect("a transaction");
    let letter = Letter::Code { code: "042137".into() };
    let kept = state.mail.put(&mut transaction, "ada@example.org", Language::En, &letter).await.expect("a row");
    let old = state.mail.put(&mut transaction, "bob@example.org", Language::En, &letter).await.expect("a row");
    sqlx::query("UPDATE mail_outbox SET created_at = $1 WHERE id = $2")
        .bind(Timestamp::now().before(Duration::from_secs(31 * 86_400)))
        .bind(old)
        .execute(&mut *transaction)
        .await
        .expect("an older row");
    transaction.commit().await.expect("a commit");
    let row = settled(&state.store, kept).await;
    assert!(row.sent_at.is_none() && row.error.is_none() && row.tries == 0, "{row:?}");
    assert!(row.body_text.contains("042137"), "{row:?}");
    // With a server from now on, a letter of before is not sent late; and the start removes what is old.
    let folder = first.stop().await;
    let smtp = Smtp::start(&[]).await;
    let second = house_in(folder, |config| {
        config.database.url = url;
        config.mail.smtp_url = Some(smtp.url());
    })
    .await;
    let store = &second.running.app.state.store;
    let swept = async {
        while sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM mail_outbox").fetch_one(store.read()).await.ok()
            != Some(1)
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, swept).await.expect("the old row goes");
    assert!(settled(store, kept).await.sent_at.is_none());
    assert_eq!(smtp.tries(), 0);
    second.stop().await;
}
