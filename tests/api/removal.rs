//! The end of an account: after its time of grace nothing of it is left, and others' counts are right without it.

use std::time::Duration;

use image::ImageFormat;
use moodcall::base::id::{NoticeId, UserId};
use moodcall::base::timestamp::Timestamp;
use moodcall::mail::Letter;
use moodcall::users::{grams, removal};
use reqwest::Method;
use serde_json::Value;

use super::client::{House, house};
use super::person::Person;
use super::profile::{FOLLOW, FRIENDSHIP};
use super::uploads::picture;

/// Every column that points to a person, as the schema says.
pub fn columns() -> Vec<(String, String)> {
    let schema = concat!(
        include_str!("../../migrations/0001_people.sql"),
        include_str!("../../migrations/0002_rooms.sql"),
        include_str!("../../migrations/0003_posts.sql"),
        include_str!("../../migrations/0004_playlists.sql"),
    );
    let (mut table, mut found) = (String::new(), Vec::new());
    for line in schema.lines() {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            table = rest.split(' ').next().expect("a name").to_owned();
        }
        if line.contains("REFERENCES users") {
            found.push((table.clone(), line.split_whitespace().next().expect("a column").to_owned()));
        }
    }
    assert!(found.len() > 35, "the test reads another schema: {found:?}");
    found
}

impl House {
    pub async fn count(&self, sql: String, user: &str) -> i64 {
        let query = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(user.to_owned());
        query.fetch_one(self.running.app.state.store.read()).await.expect("a count")
    }

    pub async fn leaves_at(&self, who: &Person, at: Timestamp) {
        let write = self.running.app.state.store.write();
        let leave = sqlx::query("UPDATE users SET deletes_at = $1 WHERE id = $2").bind(at).bind(who.id);
        leave.execute(write).await.expect("a farewell");
    }

    async fn set(&self, sql: &'static str, user: UserId) {
        sqlx::query(sql).bind(user).execute(self.running.app.state.store.write()).await.expect("a row");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_an_account_whose_grace_is_over() {
    let house = house().await;
    let (ada, bob, eve) = (house.person("ada").await, house.person("bob").await, house.person("eve").await);
    let state = &house.running.app.state;
    house.edge(FOLLOW, ada.id, bob.id).await;
    house.edge(FOLLOW, eve.id, bob.id).await;
    house.edge(FOLLOW, bob.id, ada.id).await;
    house.edge(FRIENDSHIP, ada.id.min(eve.id), ada.id.max(eve.id)).await;
    house.set("UPDATE users SET follower_count = 2, following_count = 1, unread_count = 5 WHERE id = $1", bob.id).await;
    house.set("UPDATE users SET friend_count = 1, following_count = 1 WHERE id = $1", eve.id).await;
    for (n, read) in [(0, None), (1, None), (2, Some(Timestamp::now()))] {
        sqlx::query(
            "INSERT INTO notifications (id, user_id, kind, actor_id, sameness, created_at, read_at) \
             VALUES ($1, $2, 'followed', $3, $4, 0, $5)",
        )
        .bind(NoticeId::new())
        .bind(bob.id)
        .bind(ada.id)
        .bind(n.to_string())
        .bind(read)
        .execute(state.store.write())
        .await
        .expect("a notification");
    }
    let chosen = house.playlist(&ada, "Rain", true).await;
    let choice = serde_json::json!({ "playlist_id": chosen });
    house.ask(Some(&ada), Method::PUT, "/me/representative-playlist", Some(choice)).await;
    let shared = picture(16, 16, [5, 5, 5], ImageFormat::Png);
    let (own, bobs) = (house.upload(&ada, &shared).await, house.upload(&bob, &shared).await);
    let avatar = house.avatar(&ada, &picture(16, 16, [7, 7, 7], ImageFormat::Png)).await;
    assert_eq!(house.ask(Some(&ada), Method::POST, "/me/exports", None).await.status(), 202);
    let mut transaction = state.store.begin().await.expect("a transaction");
    grams::write(&mut transaction, ada.id, "ada", "ada").await.expect("pieces");
    let letter = Letter::Leaving { at: Timestamp::now() };
    for address in ["ada@example.org", "bob@example.org"] {
        state
            .mail
            .put(&mut transaction, address, moodcall::base::language::Language::En, &letter)
            .await
            .expect("a letter");
    }
    transaction.commit().await.expect("a commit");

    house.leaves_at(&ada, Timestamp::now()).await;
    house.leaves_at(&eve, Timestamp::now().after(Duration::from_secs(3600))).await;
    assert_eq!(house.get(&avatar).await.status(), 404, "hidden before it is deleted");
    removal::round(&house.running.app.users, Timestamp::now()).await.expect("a round");

    let id = ada.id.to_string();
    for (table, column) in columns() {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} = $1");
        assert_eq!(house.count(sql, &id).await, 0, "{table}.{column}");
    }
    assert_eq!(house.count("SELECT COUNT(*) FROM users WHERE id = $1".into(), &id).await, 0);
    let mails = "SELECT COUNT(*) FROM mail_outbox WHERE recipient = $1";
    assert_eq!(house.count(mails.into(), "ada@example.org").await, 0);
    assert_eq!(house.count(mails.into(), "bob@example.org").await, 1);
    let me: Value = house.ask(Some(&bob), Method::GET, "/me", None).await.json().await.expect("JSON");
    assert_eq!(
        me["counts"],
        serde_json::json!({ "followers": 1, "following": 0, "friends": 0, "unread_notifications": 3 })
    );
    let friends = house.count("SELECT friend_count FROM users WHERE id = $1".into(), &eve.id.to_string()).await;
    assert_eq!(friends, 0, "and eve, whose grace is not over, is still there");
    assert_eq!(house.get(&own.url).await.status(), 404);
    assert_eq!(house.get(&bobs.url).await.status(), 200, "an equal picture of somebody else stays");
    assert_eq!(house.kept_files().len(), 1);
    house.stop().await;
}

#[tokio::test]
async fn an_account_within_its_grace_stays() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    house.leaves_at(&ada, Timestamp::now().after(Duration::from_secs(60))).await;
    let users = &house.running.app.users;
    assert_eq!(removal::round(users, Timestamp::now()).await.expect("a round"), 0);
    assert_eq!(removal::round(users, Timestamp::now().after(Duration::from_secs(61))).await.expect("a round"), 1);
    for (who, left) in [(&ada, 0), (&bob, 1)] {
        let sql = "SELECT COUNT(*) FROM users WHERE id = $1";
        assert_eq!(house.count(sql.into(), &who.id.to_string()).await, left, "{}", who.handle);
    }
    house.stop().await;
}
