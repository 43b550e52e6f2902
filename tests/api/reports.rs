//! Reports: of what one sees, once, with what it said; read and closed by staff.

use futures_util::future::join_all;
use moodcall::base::id::{MessageId, ParticipantId, RoomId};
use moodcall::moderation::audit::Act;
use moodcall::moderation::case::Case;
use moodcall::moderation::report::Report;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{House, house, house_with};
use crate::comments::{delete, post, said};
use crate::person::Person;

impl House {
    /// Somebody who is staff.
    pub async fn staff(&self, handle: &str) -> Person {
        let person = self.person(handle).await;
        sqlx::query("UPDATE users SET is_staff = 1 WHERE id = $1")
            .bind(person.id)
            .execute(self.running.app.state.store.write())
            .await
            .expect("staff");
        person
    }

    /// A room, put into its table.
    pub async fn room_row(&self, host: &Person, visibility: &str, title: &str) -> RoomId {
        let id = RoomId::new();
        sqlx::query(
            "INSERT INTO rooms (id, host_id, title, visibility, capacity, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, 2, 0, 0)",
        )
        .bind(id)
        .bind(host.id)
        .bind(title)
        .bind(visibility)
        .execute(self.running.app.state.store.write())
        .await
        .expect("a room");
        id
    }

    /// A line of chat, put into its table.
    pub async fn line(&self, room: RoomId, who: &Person, body: &str) -> MessageId {
        let id = MessageId::new();
        sqlx::query(
            "INSERT INTO messages (id, room_id, seq, user_id, participant_id, name, body, created_at) \
             SELECT $1, $2, COUNT(*) + 1, $3, $4, $5, $6, 0 FROM messages WHERE room_id = $2",
        )
        .bind(id)
        .bind(room)
        .bind(who.id)
        .bind(ParticipantId::new())
        .bind(&who.handle)
        .bind(body)
        .execute(self.running.app.state.store.write())
        .await
        .expect("a line");
        id
    }
}

pub async fn report(house: &House, who: &Person, kind: &str, id: impl ToString) -> (u16, Value) {
    let new = json!({ "subject": { "kind": kind, "id": id.to_string() }, "reason": "spam", "note": "again" });
    let answer = house.ask(Some(who), Method::POST, "/reports", Some(new)).await;
    (answer.status().as_u16(), answer.json().await.expect("a body"))
}

async fn queue(house: &House, staff: &Person, query: &str) -> Page<Case> {
    let answer = house.ask(Some(staff), Method::GET, &format!("/admin/reports{query}"), None).await;
    assert_eq!(answer.status(), 200, "{query}");
    answer.json().await.expect("a page")
}

async fn close(house: &House, staff: &Person, report: &Value, status: &str) -> (u16, Value) {
    let path = format!("/admin/reports/{}", report["id"].as_str().expect("an identifier"));
    let answer = house.ask(Some(staff), Method::PATCH, &path, Some(json!({ "status": status, "note": "seen" }))).await;
    (answer.status().as_u16(), answer.json().await.expect("a body"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_person_reports_each_thing_once_however_often_they_ask() {
    let house = house().await;
    let (ada, bob, mod_) = (house.person("ada").await, house.person("bob").await, house.staff("watch").await);
    let comment = said(&house, &ada, post(&house, &ada, "public").await, "buy now", None).await;
    let answers = join_all((0..20).map(|_| report(&house, &bob, "comment", comment.id))).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|(status, body)| [200, 201].contains(status) && *body == answers[0].1));
    let first: Report = serde_json::from_value(answers[0].1.clone()).expect("a report");
    assert_eq!(first.note, "again");
    delete(&house, &ada, &comment).await;
    assert_eq!(report(&house, &bob, "comment", comment.id).await, (200, answers[0].1.clone()), "when it is gone, too");
    let page = queue(&house, &mod_, "").await;
    let [case] = &page.items[..] else { panic!("{page:?}") };
    assert_eq!((case.id, case.excerpt.as_str()), (first.id, "buy now"), "what it said is kept");
    let names = [&case.author, &case.reporter].map(|card| card.as_ref().expect("somebody").handle.clone());
    assert_eq!(names, ["ada", "bob"]);
}

#[tokio::test]
async fn only_what_one_sees_can_be_reported_and_not_oneself() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    house.ask(Some(&ada), Method::PUT, "/me/blocks/eve", None).await;
    let (open, closed) = (post(&house, &ada, "public").await, post(&house, &ada, "private").await);
    let comment = said(&house, &ada, open, "here", None).await;
    let secret = said(&house, &ada, closed, "there", None).await;
    let (listed, invited) = (house.room_row(&ada, "open", "Room").await, house.room_row(&ada, "invite", "Room").await);
    let line = house.line(listed, &ada, "line").await;
    let whisper = house.line(invited, &ada, "whisper").await;
    for (kind, id, bobs, eves) in [
        ("user", ada.id.to_string(), 201, 404),
        ("post", open.to_string(), 201, 404),
        ("post", closed.to_string(), 404, 404),
        ("comment", comment.id.to_string(), 201, 404),
        ("comment", secret.id.to_string(), 404, 404),
        ("room", listed.to_string(), 201, 404),
        ("room", invited.to_string(), 404, 404),
        ("message", line.to_string(), 201, 404),
        ("message", whisper.to_string(), 404, 404),
        ("post", comment.id.to_string(), 404, 404),
    ] {
        assert_eq!(report(&house, &bob, kind, &id).await.0, bobs, "{kind} by bob");
        assert_eq!(report(&house, &eve, kind, &id).await.0, eves, "{kind} by eve");
        let own = report(&house, &ada, kind, &id).await;
        assert!(own.0 == 409 && own.1["code"] == "oneself" || own.0 == 404, "{kind} by ada: {own:?}");
    }
    assert_eq!(report(&house, &ada, "user", eve.id).await.0, 201, "whom one has blocked can be reported");
    for (body, status) in [
        (json!({ "subject": { "kind": "planet", "id": ada.id }, "reason": "spam" }), 400),
        (json!({ "subject": { "kind": "user", "id": "ada" }, "reason": "spam" }), 400),
        (json!({ "subject": { "kind": "user", "id": ada.id }, "reason": "boredom" }), 400),
        (json!({ "subject": { "kind": "user", "id": ada.id }, "reason": "spam", "reporter": eve.id }), 400),
        (json!({ "subject": { "kind": "user", "id": ada.id }, "reason": "spam", "note": "a".repeat(501) }), 422),
    ] {
        assert_eq!(house.ask(Some(&bob), Method::POST, "/reports", Some(body)).await.status(), status);
    }
    let nobody = json!({ "subject": { "kind": "post", "id": open }, "reason": "spam" });
    assert_eq!(house.ask(None, Method::POST, "/reports", Some(nobody)).await.status(), 401);
}

#[tokio::test]
async fn staff_close_every_report_of_a_thing_at_once_and_it_is_written_down() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let (mod_, other) = (house.staff("watch").await, house.staff("other").await);
    let (bad, fine) = (post(&house, &ada, "public").await, post(&house, &ada, "public").await);
    let (_, first) = report(&house, &bob, "post", bad).await;
    let (_, second) = report(&house, &eve, "post", bad).await;
    let (_, third) = report(&house, &eve, "post", fine).await;
    let ids = |page: Page<Case>| page.items.into_iter().map(|case| json!(case.id)).collect::<Vec<_>>();
    let [one, two, three] = [&first, &second, &third].map(|report| report["id"].clone());
    assert_eq!(ids(queue(&house, &mod_, "").await), [one.clone(), two.clone(), three.clone()], "the oldest first");
    let page = queue(&house, &mod_, "?limit=2").await;
    let next = format!("?limit=2&cursor={}", page.next_cursor.expect("a next page"));
    assert_eq!(ids(queue(&house, &mod_, &next).await), std::slice::from_ref(&three));

    assert_eq!(close(&house, &bob, &first, "upheld").await.0, 404, "staff only");
    let (status, case) = close(&house, &mod_, &first, "upheld").await;
    assert_eq!((status, &case["status"], &case["closed_by"]["handle"]), (200, &json!("upheld"), &json!("watch")));
    assert_eq!(ids(queue(&house, &mod_, "?status=upheld").await), [two, one]);
    assert_eq!(close(&house, &other, &second, "upheld").await.0, 200, "so it is already");
    assert_eq!(close(&house, &other, &second, "dismissed").await.1["code"], "answered");
    assert_eq!(close(&house, &other, &third, "dismissed").await.0, 200);
    assert!(queue(&house, &mod_, "?status=open").await.items.is_empty());
    let answer = house.ask(Some(&mod_), Method::GET, "/admin/audit-log", None).await;
    let log: Page<Act> = answer.json().await.expect("a page");
    let told: Vec<(String, &str)> =
        log.items.iter().map(|act| (act.actor.as_ref().expect("staff").handle.clone(), act.action.as_str())).collect();
    assert_eq!(told, [("other".into(), "dismiss-report"), ("watch".into(), "uphold-report")]);
    assert_eq!((&log.items[1].note, &log.items[1].subject_kind), (&"seen".into(), &"report".into()));
    for wrong in ["?status=lost", "?status=", "?status=open,upheld"] {
        let answer = house.ask(Some(&mod_), Method::GET, &format!("/admin/reports{wrong}"), None).await;
        assert_eq!(answer.status(), 422, "{wrong}");
    }
}

#[tokio::test]
async fn nobody_fills_the_queue_alone() {
    // So many transactions at once that a count without a lock would be wrong.
    let house = house_with(|config| config.database.connections = 20).await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let mut posts = Vec::new();
    for _ in 0..70 {
        posts.push(post(&house, &ada, "public").await);
    }
    let at_once = async || {
        let answers = join_all(posts.iter().map(|post| report(&house, &bob, "post", *post))).await;
        let count = |wanted: u16| answers.iter().filter(|(status, _)| *status == wanted).count();
        (count(201), count(200), count(429))
    };
    assert_eq!(at_once().await, (50, 0, 20), "however many at once");
    assert_eq!(at_once().await, (0, 50, 20), "the same again is answered as before");
    assert_eq!(house.number("SELECT COUNT(*) FROM reports").await, 50);
    let store = house.running.app.state.store.write();
    sqlx::query("UPDATE reports SET created_at = created_at - 86401000").execute(store).await.expect("a day");
    assert_eq!(report(&house, &bob, "post", post(&house, &ada, "public").await).await.0, 201);
}
