//! Copies of one's data: everything that is about somebody, for nobody but them, for a time.

use std::io::{Cursor, Read as _};
use std::time::Duration;

use image::ImageFormat;
use moodcall::base::id::{ExportId, NoticeId};
use moodcall::base::timestamp::Timestamp;
use moodcall::users::export::{Export, ExportState, work};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use zip::ZipArchive;

use super::client::{House, SOON, house, house_in};
use super::person::Person;
use super::profile::{BLOCK, FOLLOW, FRIENDSHIP};
use super::uploads::picture;

impl House {
    async fn export(&self, who: &Person, id: ExportId) -> Option<Export> {
        let answer = self.ask(Some(who), Method::GET, &format!("/me/exports/{id}"), None).await;
        if answer.status() == StatusCode::OK { Some(answer.json().await.expect("a copy")) } else { None }
    }

    /// Waits until a copy is not being made any more.
    async fn made(&self, who: &Person, id: ExportId) -> Export {
        let waiting = async {
            loop {
                match self.export(who, id).await {
                    Some(export) if export.state != ExportState::Pending => return export,
                    _ => tokio::time::sleep(Duration::from_millis(5)).await,
                }
            }
        };
        tokio::time::timeout(SOON, waiting).await.expect("a copy in time")
    }

    async fn ask_for_copy(&self, who: &Person) -> Export {
        let answer = self.ask(Some(who), Method::POST, "/me/exports", None).await;
        assert_eq!(answer.status(), 202);
        let location = answer.headers()["location"].to_str().expect("text").to_owned();
        let export: Export = answer.json().await.expect("a copy");
        assert_eq!(location, format!("/api/v1/me/exports/{}", export.id));
        export
    }

    /// A copy of somebody's data, as they fetch it.
    pub async fn copy(&self, who: &Person) -> ZipArchive<Cursor<Vec<u8>>> {
        let asked = self.ask_for_copy(who).await;
        let export = self.made(who, asked.id).await;
        assert_eq!(export.state, ExportState::Ready);
        let answer = self.ask(Some(who), Method::GET, &format!("/me/exports/{}/file", export.id), None).await;
        ZipArchive::new(Cursor::new(answer.bytes().await.expect("bytes").to_vec())).expect("an archive")
    }

    /// Asks for a copy behind the back of whoever makes them.
    async fn pending_row(&self, who: &Person) -> ExportId {
        let id = ExportId::new();
        sqlx::query(
            "INSERT INTO exports (id, user_id, state, created_at, expires_at) VALUES ($1, $2, 'pending', $3, $4)",
        )
        .bind(id)
        .bind(who.id)
        .bind(Timestamp::now())
        .bind(Timestamp::now().after(Duration::from_secs(3600)))
        .execute(self.running.app.state.store.write())
        .await
        .expect("a row");
        id
    }

    fn export_files(&self) -> usize {
        std::fs::read_dir(self.running.app.state.config.server.data_dir.join("exports")).expect("the folder").count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_holds_everything_about_its_owner_and_nobody_elses_address() {
    let house = house().await;
    let (ada, bob, eve) = (house.person("ada").await, house.person("bob").await, house.person("eve").await);
    let write = house.running.app.state.store.write();
    house.edge(FOLLOW, ada.id, bob.id).await;
    house.edge(FOLLOW, eve.id, ada.id).await;
    house.edge(FRIENDSHIP, ada.id.min(bob.id), ada.id.max(bob.id)).await;
    house.edge(BLOCK, ada.id, eve.id).await;
    house.playlist(&ada, "Secret", false).await;
    house.hosted(&ada, json!({ "title": "Tea", "guests": false, "tags": ["mugs"] })).await;
    house.ask(Some(&ada), Method::PUT, "/me/consents/news", Some(json!({ "granted": false, "version": "7" }))).await;
    sqlx::query(
        "INSERT INTO identities (issuer, subject, user_id, provider, created_at) VALUES ('i', 's', $1, 'sky', 7)",
    )
    .bind(ada.id)
    .execute(write)
    .await
    .expect("an identity");
    sqlx::query(
        "INSERT INTO notifications (id, user_id, kind, actor_id, sameness, created_at) VALUES ($1, $2, 'followed', $3, 'x', 9)",
    )
    .bind(NoticeId::new())
    .bind(ada.id)
    .bind(eve.id)
    .execute(write)
    .await
    .expect("a notification");
    let call = house.ring(&ada, &bob).await;
    for sql in [
        "INSERT INTO messages (id, room_id, seq, user_id, participant_id, name, body, created_at) \
         VALUES ('m', $2, 1, $1, 'p', 'ada', 'what I said', 3)",
        "INSERT INTO stills (id, owner_id, room_id, width, height, created_at) VALUES ('s', $1, $2, 4, 3, 5)",
        "INSERT INTO still_people (still_id, participant_id, user_id, name, consent) \
         SELECT id, 'p', $1, 'ada', 'given' FROM stills WHERE room_id = $2",
    ] {
        sqlx::query(sql).bind(ada.id).bind(call.room).execute(write).await.expect("a row");
    }
    house.running.app.state.blobs.put(&"s.png".parse().expect("a name"), &b"a still"[..]).await.expect("a file");
    let upload = house.upload(&ada, &picture(20, 10, [9, 9, 9], ImageFormat::Png)).await;
    let avatar = house.avatar(&ada, &picture(20, 10, [9, 9, 9], ImageFormat::Png)).await;

    let pictures = json!([{ "upload": upload.id, "description": "grey" }]);
    let own = json!({ "title": "Mine", "tags": ["rain"], "pictures": pictures, "visibility": "private" });
    house.post_by(&ada, own).await;
    let liked = house.post_by(&bob, json!({ "title": "Of bob" })).await.id;
    for mark in ["like", "bookmark"] {
        house.ask(Some(&ada), Method::PUT, &format!("/posts/{liked}/{mark}"), None).await;
    }

    let asked = house.ask_for_copy(&ada).await;
    let export = house.made(&ada, asked.id).await;
    assert_eq!(export.state, ExportState::Ready);
    let file = export.file.expect("an address");
    let path = file.strip_prefix("/api/v1").expect("an address of the API");
    assert_eq!(house.ask(Some(&bob), Method::GET, path, None).await.status(), 404);
    assert_eq!(house.ask(None, Method::GET, path, None).await.status(), 401);
    assert!(house.export(&bob, export.id).await.is_none());
    let answer = house.ask(Some(&ada), Method::GET, path, None).await;
    assert_eq!(answer.headers()["content-type"], "application/zip");
    assert!(answer.headers()["content-disposition"].to_str().expect("text").starts_with("attachment; filename="));
    let bytes = answer.bytes().await.expect("bytes");
    assert_eq!(bytes.len() as i64, export.bytes.expect("a size"));

    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap_or_else(|error| panic!("{name}: {error}")).read_to_end(&mut bytes).expect("bytes");
        bytes
    };
    let mut all = String::new();
    let mut json = |name: &str| -> Value {
        let text = String::from_utf8(read(name)).expect("text");
        all.push_str(&text);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"))
    };
    assert_eq!(json("profile.json")["email"], "ada@example.org");
    assert_eq!(json("log-ins.json")[0]["remember"], false);
    assert_eq!(json("consents.json")[0]["version"], "7");
    assert_eq!(json("providers.json"), json!([{ "provider": "sky", "created_at": "1970-01-01T00:00:00.007Z" }]));
    assert_eq!(json("following.json")[0]["handle"], "bob");
    assert_eq!(json("followers.json")[0]["handle"], "eve");
    assert_eq!(json("friends.json")[0]["handle"], "bob");
    assert_eq!(json("friend-requests.json"), json!([]));
    assert_eq!(json("blocks.json")[0]["handle"], "eve");
    assert_eq!(json("notifications.json")[0]["actor"], "eve");
    let room = json("rooms.json");
    assert_eq!(
        (&room[0]["title"], &room[0]["guests"], &room[0]["capacity"]),
        (&json!("Tea"), &json!(false), &json!(2))
    );
    assert_eq!(json("room-tags.json")[0]["tag"], "mugs");
    let call = json("calls.json");
    assert_eq!(
        (&call[0]["caller"], &call[0]["status"], &call[0]["video"]),
        (&json!("ada"), &json!("ringing"), &json!(true))
    );
    assert_eq!(json("messages.json")[0]["text"], "what I said");
    assert_eq!(json("stills.json")[0]["width"], 4);
    assert_eq!(json("still-consents.json")[0]["consent"], "given");
    assert_eq!(json("playlists.json")[0]["is_public"], false);
    let posts = json("posts.json");
    assert_eq!(
        (&posts[0]["title"], &posts[0]["like_count"], posts.as_array().map(Vec::len)),
        (&json!("Mine"), &json!(0), Some(1))
    );
    assert_eq!(json("post-tags.json")[0]["tag"], "rain");
    assert_eq!(json("post-pictures.json")[0]["description"], "grey");
    for file in ["likes.json", "bookmarks.json"] {
        assert_eq!(json(file)[0]["post_id"], json!(liked), "{file}");
    }
    assert_eq!(json("uploads.json").as_array().map(Vec::len), Some(2));
    assert!(!all.contains("bob@example.org") && !all.contains("eve@example.org"), "{all}");
    assert_eq!(read("stills/s.png"), b"a still");
    for url in [upload.url, avatar] {
        let name = url.rsplit('/').next().expect("a name");
        assert_eq!(read(&format!("pictures/{name}")), house.get(&url).await.bytes().await.expect("bytes"), "{url}");
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_lists_are_whole() {
    let house = house().await;
    let ada = house.person("ada").await;
    let mut transaction = house.running.app.state.store.begin().await.expect("a transaction");
    for n in 0..1200 {
        sqlx::query(
            "INSERT INTO notifications (id, user_id, kind, sameness, created_at) VALUES ($1, $2, 'followed', $3, $4)",
        )
        .bind(NoticeId::new())
        .bind(ada.id)
        .bind(n.to_string())
        .bind(n / 700)
        .execute(&mut *transaction)
        .await
        .expect("a notification");
    }
    transaction.commit().await.expect("a commit");
    let mut archive = house.copy(&ada).await;
    let list: Vec<Value> =
        serde_json::from_reader(archive.by_name("notifications.json").expect("the list")).expect("JSON");
    let ids: std::collections::BTreeSet<&str> = list.iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!((list.len(), ids.len()), (1200, 1200));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_copy_is_made_at_a_time_and_a_stop_only_delays_it() {
    let first = house().await;
    let ada = first.person("ada").await;
    let pending = first.pending_row(&ada).await;
    let url = first.running.app.state.config.database.url.clone();
    let folder = first.stop().await;
    let second = house_in(folder, |config| config.database.url = url).await;
    assert_eq!(second.made(&ada, pending).await.state, ExportState::Ready);
    // Nobody is woken for this row, so it waits while the same person asks again.
    let waiting = second.pending_row(&ada).await;
    assert_eq!(second.ask_for_copy(&ada).await.id, waiting);
    second.made(&ada, waiting).await;
    let page = second.ask(Some(&ada), Method::GET, "/me/exports?limit=1", None).await;
    let page: Value = page.json().await.expect("JSON");
    assert_eq!(page["items"][0]["id"], json!(waiting));
    let next = format!("/me/exports?limit=1&cursor={}", page["next_cursor"].as_str().expect("a cursor"));
    let page: Value = second.ask(Some(&ada), Method::GET, &next, None).await.json().await.expect("JSON");
    assert_eq!((&page["items"][0]["id"], &page["next_cursor"]), (&json!(pending), &Value::Null));
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_five_copies_a_day() {
    let house = house().await;
    let ada = house.person("ada").await;
    for _ in 0..5 {
        let asked = house.ask_for_copy(&ada).await;
        house.made(&ada, asked.id).await;
    }
    let refused = house.ask(Some(&ada), Method::POST, "/me/exports", None).await;
    assert_eq!(refused.status(), 429);
    let wait: u64 = refused.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((80_000..=86_400).contains(&wait), "{wait}");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_gone_after_its_time_and_so_is_what_a_crash_left() {
    let house = house().await;
    let ada = house.person("ada").await;
    let asked = house.ask_for_copy(&ada).await;
    let export = house.made(&ada, asked.id).await;
    let hours = house.running.app.state.config.accounts.export();
    assert_eq!(export.expires_at, export.created_at.after(hours));
    let state = &house.running.app.state;
    state.exports.put(&"0.zip".parse().expect("a name"), &b"left"[..]).await.expect("a file");
    let users = &house.running.app.users;
    assert_eq!(house.export_files(), 2);
    assert_eq!(work::sweep(users, Timestamp::now().after(Duration::from_secs(3600))).await.expect("a sweep"), 1);
    assert_eq!(house.export_files(), 1);
    sqlx::query("UPDATE exports SET expires_at = $1")
        .bind(Timestamp::now())
        .execute(state.store.write())
        .await
        .expect("an old copy");
    assert!(house.export(&ada, export.id).await.is_none(), "it is over before it is swept");
    assert_eq!(work::expire(users, Timestamp::now()).await.expect("a sweep"), 1);
    assert_eq!(house.export_files(), 0);
    house.stop().await;
}
