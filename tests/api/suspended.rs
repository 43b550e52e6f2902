//! Who is suspended looks and does not write. Made from the API's description: a route that writes and is not named here
//! is tried without anybody's thinking of it.

use reqwest::Method;
use serde_json::json;

use super::client::house;
use super::description::{description, operations, resolved, sample};
use super::following::{counts, refusal};
use super::moderation::act;

/// What somebody may do while they are suspended: look after their account, keep others away, take back what is their
/// own, tell staff; and what needs no account at all.
const ALLOWED: &[&str] = &[
    // One's account and log-ins.
    "logIn",
    "logOut",
    "endSession",
    "signUp",
    "verifyEmail",
    "showCode",
    "forgetPassword",
    "resetPassword",
    "changePassword",
    "editMe",
    "deleteMe",
    "chooseRepresentativePlaylist",
    "decideConsent",
    "requestExport",
    "linkProvider",
    "unlinkProvider",
    // Keeping others away, and taking back.
    "blockUser",
    "unblockUser",
    "unfollowUser",
    "unfriendUser",
    "answerFriendRequest",
    "withdrawFriendRequest",
    "answerCall",
    "deleteAvatar",
    "deleteUpload",
    "deleteComment",
    "deleteMessage",
    "deleteStill",
    "answerStill",
    "deletePost",
    "unlikePost",
    "cancelGeneration",
    "deletePlaylist",
    "unlikePlaylist",
    // What nobody else sees.
    "bookmarkPlaylist",
    "unbookmarkPlaylist",
    "bookmarkPost",
    "unbookmarkPost",
    "changeNotification",
    "moveReadMarker",
    // Leaving, and keeping others out.
    "leaveRoom",
    "removeMember",
    "unbanMember",
    "revokeInvite",
    "deleteRoom",
    // A socket, where it is for no room.
    "createTicket",
    // Telling staff, and being staff.
    "createReport",
    "closeReport",
    "takeDownReported",
    "actOnUser",
    "deleteTag",
];

/// An identifier of nothing: who is suspended is refused before anything is looked for.
const NONE: &str = "01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5f";

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_writes_refuses_who_is_suspended_unless_it_is_named_here() {
    let house = house().await;
    let (ada, mod_) = (house.person("mallory").await, house.staff("watch").await);
    let refused = json!({ "action": "suspend", "days": 7, "note": "spam" });
    assert_eq!(act(&house, &mod_, "mallory", refused).await.0, 201);
    let description = description();
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for operation in operations(&description).iter().filter(|one| one.method != "GET") {
        if ALLOWED.contains(&operation.id.as_str()) {
            continue;
        }
        let schema = &resolved(&description, &operation.text["requestBody"])["content"]["application/json"]["schema"];
        let body = (!schema.is_null()).then(|| sample(&description, schema));
        let method: Method = operation.method.parse().expect("a method");
        let some = operation.path.trim_start_matches("/api/v1").to_owned();
        let path = some.split('/').map(|part| if part.starts_with('{') { NONE } else { part }).collect::<Vec<_>>();
        let answer = house.ask(Some(&ada), method, &path.join("/"), body).await;
        tried += 1;
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap_or_default();
        if status != 403 || !text.contains("\"suspended\"") {
            wrong.push(format!("{} {}: {} {status} {text}", operation.method, operation.path, operation.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried >= 5, "only {tried} were tried: the description was read wrong");
    let known: Vec<String> = operations(&description).into_iter().map(|one| one.id).collect();
    for name in ALLOWED {
        assert!(known.iter().any(|id| id == name), "{name} is no operation");
    }
}

#[tokio::test]
async fn a_suspension_holds_at_once_lets_one_look_and_ends() {
    let house = house().await;
    let (ada, bob, mod_) = (house.person("ada").await, house.person("bob").await, house.staff("watch").await);
    let follow = async || refusal(&house, Some(&ada), Method::PUT, "/me/following/bob").await;
    assert_eq!(follow().await.0, 204);
    assert_eq!(act(&house, &mod_, "ada", json!({ "action": "suspend", "days": 1 })).await.0, 201);
    assert_eq!(follow().await, (403, "suspended".into()));
    for path in ["/me", "/users/bob/followers", "/notifications", "/search?q=bob"] {
        assert_eq!(refusal(&house, Some(&ada), Method::GET, path).await.0, 200, "{path}");
    }
    // How the pages look is their own affair; what others see is not.
    for (body, status) in [(json!({ "theme": "dark" }), 200), (json!({ "about": "still here" }), 403)] {
        assert_eq!(house.ask(Some(&ada), Method::PATCH, "/me", Some(body)).await.status(), status);
    }
    // A no to a request for friendship needs no leave; a yes does.
    let asked = house.ask(Some(&bob), Method::POST, "/friend-requests", Some(json!({ "to": "ada" }))).await;
    let request: serde_json::Value = asked.json().await.expect("a request");
    let path = format!("/friend-requests/{}", request["id"].as_str().expect("an identifier"));
    for (status, expected) in [("accepted", 403), ("rejected", 200)] {
        let answer = house.ask(Some(&ada), Method::PATCH, &path, Some(json!({ "status": status }))).await;
        assert_eq!(answer.status(), expected, "{status}");
    }
    // Nobody is heard in a call who may not write; a socket for what one is told is another matter.
    let room = house.room_row(&bob, "open", "Room").await;
    for (body, status) in [(json!({ "room": room }), 403), (json!({}), 201)] {
        let answer = house.ask(Some(&ada), Method::POST, "/socket-tickets", Some(body)).await;
        assert_eq!(answer.status(), status);
    }
    assert_eq!(act(&house, &mod_, "ada", json!({ "action": "unsuspend" })).await.0, 201);
    assert_eq!(follow().await.0, 204);
    assert_eq!(act(&house, &mod_, "ada", json!({ "action": "suspend", "days": 1 })).await.0, 201);
    assert_eq!(follow().await.0, 403);
    // By itself, when its time is over.
    sqlx::query("UPDATE users SET suspended_until = 1 WHERE id = $1")
        .bind(ada.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a day later");
    house.running.app.users.live.forget_all(ada.id).await.expect("forgotten");
    assert_eq!(follow().await.0, 204);
    assert_eq!(counts(&house, &bob).await.0, 1);
}

#[tokio::test]
async fn staff_cannot_suspend_staff() {
    let house = house().await;
    let (one, other) = (house.staff("one").await, house.staff("other").await);
    for (who, whom) in [(&one, "other"), (&one, "one"), (&other, "one")] {
        let (status, problem) = act(&house, who, whom, json!({ "action": "suspend", "days": 1 })).await;
        assert_eq!((status, &problem["code"]), (403, &json!("forbidden")), "{whom}");
    }
}
