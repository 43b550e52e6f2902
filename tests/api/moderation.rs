//! What staff do: to whom, at once, written down; and nobody else.

use moodcall::base::timestamp::Timestamp;
use moodcall::moderation::appoint;
use moodcall::moderation::audit::Act;
use moodcall::moderation::overview::{AdapterState, Overview};
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{House, house};
use crate::comments::{comments, counted, post, said, under};
use crate::following::{counts, refusal};
use crate::person::Person;
use crate::reports::report;

pub async fn act(house: &House, staff: &Person, whom: &str, act: Value) -> (u16, Value) {
    let answer = house.ask(Some(staff), Method::POST, &format!("/admin/users/{whom}/actions"), Some(act)).await;
    (answer.status().as_u16(), answer.json().await.expect("a body"))
}

async fn log(house: &House, staff: &Person, query: &str) -> Page<Act> {
    let answer = house.ask(Some(staff), Method::GET, &format!("/admin/audit-log{query}"), None).await;
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("a page")
}

#[tokio::test]
async fn for_everybody_else_there_are_no_staff_pages() {
    let house = house().await;
    let (ada, mod_) = (house.person("ada").await, house.staff("watch").await);
    for path in ["/admin/reports", "/admin/audit-log", "/admin/overview"] {
        assert_eq!(refusal(&house, Some(&ada), Method::GET, path).await, (404, "not-found".into()), "{path}");
        assert_eq!(refusal(&house, None, Method::GET, path).await.0, 401, "{path}");
        assert_eq!(refusal(&house, Some(&mod_), Method::GET, path).await.0, 200, "{path}");
    }
    let suspend = json!({ "action": "suspend", "days": 1 });
    assert_eq!(act(&house, &ada, "watch", suspend).await.0, 404);
}

#[tokio::test]
async fn staff_take_down_what_somebody_wrote_and_each_act_is_written_down() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    let mod_ = house.staff("watch").await;
    let written = post(&house, &ada, "public").await;
    let comment = said(&house, &bob, written, "buy now", None).await;
    let reply = said(&house, &bob, written, "and here", Some(&comment)).await;
    let line = house.line(house.room_row(&ada, "open", "Room").await, &bob, "buy").await;

    let remove = |id: &dyn ToString| json!({ "action": "remove-comment", "id": id.to_string(), "note": "spam" });
    assert_eq!(act(&house, &mod_, "ada", remove(&comment.id)).await.0, 404, "it is not ada's");
    let (status, done) = act(&house, &mod_, "bob", remove(&reply.id)).await;
    assert_eq!((status, &done["action"], &done["note"]), (201, &json!("remove-comment"), &json!("spam")));
    assert_eq!(act(&house, &mod_, "bob", remove(&reply.id)).await.0, 404, "it is gone");
    assert_eq!(act(&house, &mod_, &bob.id.to_string(), remove(&comment.id)).await.0, 201);
    assert!(under(&house, Some(&bob), written).await.is_empty());
    assert_eq!((counted(&house, written).await, counts(&house, &ada).await.3), ((0, 0), 0));

    let hide = json!({ "action": "hide-post", "id": written });
    assert_eq!(act(&house, &mod_, "bob", hide.clone()).await.0, 404, "it is not bob's");
    assert_eq!(act(&house, &mod_, "ada", hide.clone()).await.0, 201);
    for who in [Some(&ada), Some(&bob), None] {
        let path = format!("/posts/{written}/comments");
        assert_eq!(refusal(&house, who, Method::GET, &path).await.0, 404);
    }
    assert_eq!(act(&house, &mod_, "ada", hide.clone()).await.0, 404, "it is hidden already");
    let show = json!({ "action": "show-post", "id": written });
    assert_eq!(act(&house, &mod_, "ada", show.clone()).await.0, 201);
    assert!(comments(&house, Some(&bob), &format!("/posts/{written}/comments")).await.items.is_empty());
    assert_eq!(act(&house, &mod_, "ada", show.clone()).await.0, 404, "it is not hidden");
    // What its author had deleted before stays deleted.
    let store = &house.running.app.state.store;
    let deleted = sqlx::query("UPDATE posts SET deleted_at = $1 WHERE id = $2").bind(Timestamp::now()).bind(written);
    deleted.execute(store.write()).await.expect("a deletion");
    assert_eq!(act(&house, &mod_, "ada", hide).await.0, 201);
    assert_eq!(act(&house, &mod_, "ada", show).await.0, 201);
    assert_eq!(refusal(&house, Some(&ada), Method::GET, &format!("/posts/{written}/comments")).await.0, 404);

    assert_eq!(act(&house, &mod_, "bob", json!({ "action": "remove-message", "id": line })).await.0, 201);
    let (body, gone): (String, Option<Timestamp>) =
        sqlx::query_as("SELECT body, deleted_at FROM messages").fetch_one(store.read()).await.expect("the line");
    assert!(body.is_empty() && gone.is_some());
    assert_eq!(act(&house, &mod_, "bob", json!({ "action": "remove-message", "id": line })).await.0, 404);

    let acts = log(&house, &mod_, "").await.items;
    let told: Vec<&str> = acts.iter().rev().map(|act| act.action.as_str()).collect();
    let expected =
        ["remove-comment", "remove-comment", "hide-post", "show-post", "hide-post", "show-post", "remove-message"];
    assert_eq!(told, expected);
    assert!(acts.iter().all(|act| act.actor.as_ref().is_some_and(|actor| actor.handle == "watch")));
    let page = log(&house, &mod_, "?limit=4").await;
    let rest = log(&house, &mod_, &format!("?limit=4&cursor={}", page.next_cursor.expect("a next page"))).await;
    assert_eq!([page.items, rest.items].concat(), acts);
}

#[tokio::test]
async fn what_is_no_act_does_nothing_and_is_not_written_down() {
    let house = house().await;
    let (ada, mod_) = (house.person("ada").await, house.staff("watch").await);
    for (body, status) in [
        (json!({}), 400),
        (json!({ "action": "banish" }), 400),
        (json!({ "action": "suspend" }), 400),
        (json!({ "action": "suspend", "days": 0 }), 422),
        (json!({ "action": "suspend", "days": 3651 }), 422),
        (json!({ "action": "suspend", "days": -1 }), 400),
        (json!({ "action": "suspend", "days": 1, "actor": ada.id }), 400),
        (json!({ "action": "suspend", "days": 1, "note": "a".repeat(501) }), 422),
        (json!({ "action": "hide-post", "id": "nonsense" }), 400),
        (json!({ "action": "hide-post", "id": ada.id }), 404),
    ] {
        assert_eq!(act(&house, &mod_, "ada", body.clone()).await.0, status, "{body}");
    }
    assert_eq!(act(&house, &mod_, "nobody", json!({ "action": "unsuspend" })).await.0, 404);
    assert!(log(&house, &mod_, "").await.items.is_empty());
}

#[tokio::test]
async fn a_tag_is_deleted_from_everything() {
    let house = house().await;
    let (ada, mod_) = (house.person("ada").await, house.staff("watch").await);
    let (written, tag) = (post(&house, &ada, "public").await, moodcall::base::id::TagId::new());
    let store = &house.running.app.state.store;
    for sql in [
        "INSERT INTO tags (id, name, item_count, created_at) VALUES ($1, 'spam', 1, 0)",
        "INSERT INTO post_tags (post_id, tag_id, created_at) VALUES ($2, $1, 0)",
    ] {
        let query = sqlx::query(sql).bind(tag);
        let query = if sql.contains("$2") { query.bind(written) } else { query };
        query.execute(store.write()).await.expect("a tag");
    }
    let path = format!("/admin/tags/{tag}");
    assert_eq!(refusal(&house, Some(&ada), Method::DELETE, &path).await.0, 404);
    assert_eq!(refusal(&house, Some(&mod_), Method::DELETE, &path).await.0, 204);
    assert_eq!(refusal(&house, Some(&mod_), Method::DELETE, &path).await.0, 404);
    let left: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM post_tags").fetch_one(store.read()).await.expect("a count");
    assert_eq!(left, 0);
    let acts = log(&house, &mod_, "").await.items;
    assert_eq!((acts[0].action.as_str(), acts[0].note.as_str(), acts.len()), ("delete-tag", "spam", 1));

    sqlx::query("INSERT INTO tags (id, name, item_count, created_at) VALUES ($1, '비', 1, 0)")
        .bind(tag)
        .execute(store.write())
        .await
        .expect("a tag");
    for (path, status) in [("/admin/tags/a,b", 404), ("/admin/tags/%EB%B9%84", 204), ("/admin/tags/%EB%B9%84", 404)] {
        assert_eq!(refusal(&house, Some(&mod_), Method::DELETE, path).await.0, status, "{path}: by its word");
    }
}

#[tokio::test]
async fn staff_see_what_waits_and_how_every_adapter_is() {
    let house = house().await;
    let (ada, bob, mod_) = (house.person("ada").await, house.person("bob").await, house.staff("watch").await);
    report(&house, &bob, "user", ada.id).await;
    act(&house, &mod_, "ada", json!({ "action": "suspend", "days": 1 })).await;
    let answer = house.ask(Some(&mod_), Method::GET, "/admin/overview", None).await;
    let overview: Overview = answer.json().await.expect("an overview");
    let queues = &overview.queues;
    assert_eq!((queues.open_reports, queues.suspended_people, queues.due_mails), (1, 1, 0));
    assert!(queues.oldest_report_at.is_some());
    for name in ["database", "bus", "blobs", "mail"] {
        let adapter = overview.adapters.iter().find(|adapter| adapter.name == name).expect(name);
        assert_eq!(adapter.state, AdapterState::Fine, "{adapter:?}");
    }
    let filter = overview.adapters.iter().find(|adapter| adapter.name == "mood filter").expect("the filter");
    assert_eq!(filter.state, AdapterState::Off, "this house has none");
    let text = serde_json::to_string(&overview).expect("JSON");
    assert!(!text.contains("postgres://") && !text.contains("127.0.0.1"), "no addresses: {text}");
}

#[tokio::test]
async fn staff_are_made_at_the_terminal_and_it_is_written_down() {
    let house = house().await;
    let (ada, mod_) = (house.person("ada").await, house.staff("watch").await);
    let store = &house.running.app.state.store;
    act(&house, &mod_, "ada", json!({ "action": "suspend", "days": 1 })).await;
    assert!(appoint::appoint(store, "@Ada", true).await.expect("a change"));
    assert!(!appoint::appoint(store, "ada", true).await.expect("no change"));
    appoint::appoint(store, "nobody", true).await.expect_err("nobody");
    house.running.app.users.live.forget_all(ada.id).await.expect("forgotten");
    assert_eq!(refusal(&house, Some(&ada), Method::GET, "/admin/overview").await.0, 200);
    assert_eq!(act(&house, &mod_, "ada", json!({ "action": "suspend", "days": 1 })).await.0, 403);
    assert!(appoint::appoint(store, "ada", false).await.expect("a change"));
    house.running.app.users.live.forget_all(ada.id).await.expect("forgotten");
    assert_eq!(refusal(&house, Some(&ada), Method::GET, "/admin/overview").await.0, 404);
    assert_eq!(refusal(&house, Some(&ada), Method::PUT, "/me/following/watch").await.0, 204, "and not suspended");
    let acts = log(&house, &mod_, "").await.items;
    let told: Vec<(&str, bool)> = acts.iter().map(|act| (act.action.as_str(), act.actor.is_some())).collect();
    assert_eq!(told, [("remove-staff", false), ("add-staff", false), ("suspend", true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_makes_staff_of_a_handle() {
    let house = house().await;
    let ada = house.person("ada").await;
    let config = &house.running.app.state.config;
    let run = |verb: &str, handle: &str| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_moodcall"));
        program.args(["staff", verb, handle, "--data-dir"]).arg(&config.server.data_dir);
        if let Some(url) = &config.database.url {
            program.args(["--database-url", url]);
        }
        let output = program.output().expect("it runs");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    assert_eq!(run("add", "ada"), (true, "they are staff now".into()));
    assert_eq!(run("add", "ada"), (true, "they were staff before".into()));
    house.running.app.users.live.forget_all(ada.id).await.expect("forgotten");
    assert_eq!(log(&house, &ada, "").await.items.len(), 1, "which ada may read now");
    assert_eq!(run("remove", "ada"), (true, "they are staff no more".into()));
    assert!(!run("add", "nobody").0);
}

/// Not what the database says, which has no word for it: what the program says.
#[test]
fn no_statement_of_the_program_changes_or_deletes_a_row_of_the_audit_log() {
    fn walk(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            if entry.path().is_dir() {
                walk(&entry.path(), found);
            } else {
                found.push(std::fs::read_to_string(entry.path()).expect("text"));
            }
        }
    }
    let mut sources = Vec::new();
    walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    let naming = |words: &str| sources.iter().filter(|text| text.contains(words)).count();
    assert_eq!(naming("INSERT INTO audit_log"), 1, "one statement writes");
    assert_eq!((naming("UPDATE audit_log"), naming("DELETE FROM audit_log")), (0, 0));
}
