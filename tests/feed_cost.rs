//! A page of a feed costs a fixed number of statements, however many posts are on it. In a program of its own, because every
//! statement of the process is counted.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use moodcall::app::Running;
use moodcall::base::id::{PostId, SessionId, TagId, UploadId, UserId};
use moodcall::base::timestamp::Timestamp;
use moodcall::config::Config;
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// Statements that were run.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, _: &Field, value: &dyn std::fmt::Debug) {
        self.0.push_str(&format!("{value:?} "));
    }
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut words = Words(String::new());
            event.record(&mut words);
            self.0.lock().expect("the list").push(words.0);
        }
    }
}

impl Statements {
    /// Those about posts since the last time. What the server does by itself now and then is not among them: it deletes.
    fn take(&self) -> Vec<String> {
        let all = std::mem::take(&mut *self.0.lock().expect("the list"));
        all.into_iter().filter(|words| words.contains("SELECT") && words.contains("post")).collect()
    }
}

/// Posts of people whom somebody follows, each with a picture and a tag. A token of the follower.
async fn fill(running: &Running) -> String {
    let (state, now) = (&running.app.state, Timestamp::now());
    let write = state.store.write();
    let (fan, tag) = (UserId::new(), TagId::new());
    let person = async |id: UserId, name: String| {
        sqlx::query(
            "INSERT INTO users (id, email, email_key, handle, nickname, nickname_key, created_at, updated_at) \
             VALUES ($1, $2, $2, $2, $2, $2, 0, 0)",
        )
        .bind(id)
        .bind(name)
        .execute(write)
        .await
        .expect("an account");
    };
    person(fan, "fan".into()).await;
    sqlx::query("INSERT INTO tags (id, name, item_count, created_at) VALUES ($1, 'rain', 120, 0)")
        .bind(tag)
        .execute(write)
        .await
        .expect("a tag");
    let mut transaction = state.store.begin().await.expect("a transaction");
    for number in 0..12 {
        let author = UserId::new();
        sqlx::query(
            "INSERT INTO users (id, email, email_key, handle, nickname, nickname_key, created_at, updated_at) \
             VALUES ($1, $2, $2, $2, $2, $2, 0, 0)",
        )
        .bind(author)
        .bind(format!("author{number}"))
        .execute(&mut *transaction)
        .await
        .expect("an account");
        sqlx::query("INSERT INTO follows (follower_id, followee_id, created_at) VALUES ($1, $2, 0)")
            .bind(fan)
            .bind(author)
            .execute(&mut *transaction)
            .await
            .expect("a follow");
        for turn in 0..10_i64 {
            let (post, upload) = (PostId::new(), UploadId::new());
            for (sql, first, second) in [
                (
                    "INSERT INTO posts (id, author_id, title, visibility, created_at) VALUES ($1, $2, 'x', 'public', $3)",
                    post.to_string(),
                    author.to_string(),
                ),
                (
                    "INSERT INTO uploads (id, owner_id, public_name, blob, media_type, width, height, bytes, created_at) \
                     VALUES ($1, $2, $1, $1, 'image/png', 1, 1, 1, $3)",
                    upload.to_string(),
                    author.to_string(),
                ),
                (
                    "INSERT INTO post_pictures (post_id, upload_id, position) VALUES ($1, $2, $3)",
                    post.to_string(),
                    upload.to_string(),
                ),
                (
                    "INSERT INTO post_tags (post_id, tag_id, created_at) VALUES ($1, $2, $3)",
                    post.to_string(),
                    tag.to_string(),
                ),
            ] {
                let query = sqlx::query(sql).bind(first).bind(second).bind(number * 100 + turn);
                query.execute(&mut *transaction).await.expect("a row");
            }
        }
    }
    sqlx::query("INSERT INTO post_bookmarks (post_id, user_id, created_at) SELECT id, $1, created_at FROM posts")
        .bind(fan)
        .execute(&mut *transaction)
        .await
        .expect("bookmarks");
    transaction.commit().await.expect("a commit");
    let session = SessionId::new();
    sqlx::query(
        "INSERT INTO sessions (id, user_id, method, created_at, used_at, expires_at) \
         VALUES ($1, $2, 'password', $3, $3, $3 + 100000000)",
    )
    .bind(session)
    .bind(fan)
    .bind(now)
    .execute(write)
    .await
    .expect("a log-in");
    running.app.users.access.issue(fan, session, now).expect("a token").0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_costs_three_statements_however_long_it_is() {
    let statements = Statements::default();
    let subscriber = tracing_subscriber::registry().with(statements.clone());
    tracing::subscriber::set_global_default(subscriber).expect("the only one");
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = Config::default();
    config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config.server.data_dir = folder.path().to_owned();
    config.media.public_address = vec![[127, 0, 0, 1].into()];
    config.filter.enabled = false;
    let running = Running::start(config).await.expect("the server starts");
    let token = fill(&running).await;
    let client = reqwest::Client::new();
    let ask = async |path: &str| -> Value {
        let url = format!("http://{}/api/v1{path}", running.address());
        client.get(url).bearer_auth(&token).send().await.expect("an answer").json().await.expect("JSON")
    };
    // Whoever asks is known from now on.
    ask("/me").await;
    for (feed, cost) in [
        ("/feeds/latest", 3),
        ("/feeds/popular", 3),
        ("/feeds/following", 3),
        ("/posts", 3),
        ("/tags/rain/items", 3),
        ("/me/bookmarks", 3),
    ] {
        for limit in [1, 20, 100] {
            statements.take();
            let page = ask(&format!("{feed}?limit={limit}")).await;
            let items = page["items"].as_array().expect("items");
            assert_eq!(items.len(), limit, "{feed}");
            for item in items {
                let post = item.get("post").unwrap_or(item);
                assert_eq!((&post["tags"][0], &post["pictures"][0]["width"]), (&"rain".into(), &1.into()), "{feed}");
            }
            let run = statements.take();
            assert_eq!(run.len(), cost, "{feed} {limit}: {run:#?}");
        }
    }
    statements.take();
    let home = ask("/feeds/home").await;
    assert_eq!(home["following"]["items"].as_array().map(Vec::len), Some(10));
    assert_eq!(statements.take().len(), 5, "a statement for each section, one for all pictures, one for all tags");
    running.stop().await;
}
