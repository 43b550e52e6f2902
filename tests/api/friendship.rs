//! Friendship: only by agreement, once however often it is asked, and over when either says so.

use futures_util::future::join_all;
use moodcall::social::requests::row::{FriendRequest, RequestStatus};
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{House, house};
use crate::following::{counts, handles, people, refusal};
use crate::person::Person;

pub async fn ask(house: &House, who: &Person, whom: &str) -> (u16, Value) {
    let answer = house.ask(Some(who), Method::POST, "/friend-requests", Some(json!({ "to": whom }))).await;
    (answer.status().as_u16(), answer.json().await.expect("a body"))
}

pub async fn answer(house: &House, who: &Person, id: &Value, status: &str) -> (u16, Value) {
    let path = format!("/friend-requests/{}", id.as_str().expect("an identifier"));
    let answer = house.ask(Some(who), Method::PATCH, &path, Some(json!({ "status": status }))).await;
    (answer.status().as_u16(), answer.json().await.expect("a body"))
}

async fn open(house: &House, who: &Person, direction: &str) -> Vec<FriendRequest> {
    let path = format!("/friend-requests?direction={direction}");
    let answer = house.ask(Some(who), Method::GET, &path, None).await;
    answer.json::<Page<FriendRequest>>().await.expect("a page").items
}

#[tokio::test]
async fn nobody_is_a_friend_before_they_agreed() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let (status, request) = ask(&house, &ada, "bob").await;
    assert_eq!((status, &request["status"], &request["direction"]), (201, &json!("pending"), &json!("outgoing")));
    assert!(people(&house, &ada, "/me/friends").await.items.is_empty());
    assert_eq!(open(&house, &bob, "incoming").await[0].user.handle, "ada");
    assert_eq!(open(&house, &ada, "outgoing").await[0].user.handle, "bob");
    assert!(open(&house, &ada, "incoming").await.is_empty());

    let id = &request["id"];
    assert_eq!(answer(&house, &ada, id, "accepted").await.0, 403, "not by who asked");
    assert_eq!(answer(&house, &eve, id, "accepted").await.0, 404, "not by a stranger");
    assert_eq!(answer(&house, &bob, id, "pending").await.0, 400);
    let (status, accepted) = answer(&house, &bob, id, "accepted").await;
    assert_eq!((status, &accepted["status"]), (200, &json!("accepted")));
    assert_eq!(handles(&people(&house, &ada, "/me/friends").await), ["bob"]);
    assert_eq!(handles(&people(&house, &eve, "/users/bob/friends").await), ["ada"]);
    assert!(people(&house, &ada, "/me/friends").await.items[0].friends);
    assert!(open(&house, &bob, "incoming").await.is_empty());
    assert_eq!(ask(&house, &ada, "bob").await.1["code"], "already");
    assert_eq!(answer(&house, &bob, id, "rejected").await.1["code"], "answered", "a yes stays");
}

#[tokio::test]
async fn a_request_can_be_rejected_and_withdrawn_by_the_right_one_only() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let (_, request) = ask(&house, &ada, "bob").await;
    let path = format!("/friend-requests/{}", request["id"].as_str().expect("an identifier"));
    assert_eq!(refusal(&house, Some(&bob), Method::DELETE, &path).await.0, 403);
    assert_eq!(refusal(&house, Some(&eve), Method::DELETE, &path).await.0, 404);
    assert_eq!(refusal(&house, Some(&ada), Method::DELETE, &path).await.0, 204);
    assert_eq!(refusal(&house, Some(&ada), Method::DELETE, &path).await.0, 204, "again");
    assert_eq!(answer(&house, &bob, &request["id"], "accepted").await.1["code"], "answered", "too late");
    assert_eq!(counts(&house, &bob).await, (0, 0, 0, 0), "its notice went with it");

    let (status, second) = ask(&house, &ada, "bob").await;
    assert_eq!(status, 201);
    let (_, rejected) = answer(&house, &bob, &second["id"], "rejected").await;
    assert_eq!(rejected["status"], "rejected");
    assert_eq!(counts(&house, &ada).await, (0, 0, 0, 0), "a no is not told");
    let path = format!("/friend-requests/{}", second["id"].as_str().expect("an identifier"));
    assert_eq!(refusal(&house, Some(&ada), Method::DELETE, &path).await, (409, "answered".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_requests_at_once_are_one_and_fifty_acceptances_one_friendship() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let asked = join_all((0..50).map(|_| ask(&house, &ada, "bob"))).await;
    assert_eq!(asked.iter().filter(|(status, _)| *status == 201).count(), 1);
    assert!(asked.iter().all(|(status, request)| [200, 201].contains(status) && request["id"] == asked[0].1["id"]));
    assert_eq!(counts(&house, &bob).await, (0, 0, 0, 1));
    let accepted = join_all((0..50).map(|_| answer(&house, &bob, &asked[0].1["id"], "accepted"))).await;
    assert!(accepted.iter().all(|(status, _)| *status == 200), "{accepted:?}");
    assert_eq!(counts(&house, &ada).await, (0, 0, 1, 1));
    assert_eq!(counts(&house, &bob).await, (0, 0, 1, 1));
    let ended = join_all((0..50).map(|_| house.ask(Some(&ada), Method::DELETE, "/me/friends/bob", None))).await;
    assert!(ended.iter().all(|answer| answer.status() == 204));
    assert_eq!(counts(&house, &ada).await.2, 0);
    assert_eq!(counts(&house, &bob).await.2, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_ask_each_other_are_friends() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let (one, other) = tokio::join!(ask(&house, &ada, "bob"), ask(&house, &bob, "ada"));
    let mut statuses = [one.0, other.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201]);
    let accepted = if one.0 == 200 { one.1 } else { other.1 };
    assert_eq!(serde_json::from_value::<FriendRequest>(accepted).expect("a request").status, RequestStatus::Accepted);
    assert_eq!((counts(&house, &ada).await.2, counts(&house, &bob).await.2), (1, 1));
}

#[tokio::test]
async fn oneself_and_nobody_cannot_be_asked() {
    let house = house().await;
    let ada = house.person("ada").await;
    assert_eq!(ask(&house, &ada, "ada").await.1["code"], "oneself");
    assert_eq!(ask(&house, &ada, "nobody").await.0, 404);
    let more = json!({ "to": "ada", "from": "eve" });
    let answer = house.ask(Some(&ada), Method::POST, "/friend-requests", Some(more)).await;
    assert_eq!(answer.status(), 400, "who asks is who is logged in");
}
