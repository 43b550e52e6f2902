//! What others see of a person: the profile and how the two stand, never the address, and nothing across a block.

use moodcall::base::id::{FriendRequestId, PlaylistId, UserId};
use moodcall::base::timestamp::Timestamp;
use moodcall::users::profile::{OpenRequest, Profile, Relation};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::client::{House, house};
use super::person::Person;

impl House {
    /// What `viewer` sees of somebody.
    pub async fn profile(&self, viewer: Option<&Person>, user: &str) -> (StatusCode, Value) {
        let answer = self.ask(viewer, Method::GET, &format!("/users/{user}"), None).await;
        (answer.status(), answer.json().await.expect("JSON"))
    }

    async fn relation(&self, viewer: &Person, user: &str) -> Relation {
        let (_, value) = self.profile(Some(viewer), user).await;
        serde_json::from_value::<Profile>(value).expect("a profile").relation.expect("a relation")
    }

    /// A playlist, put into its table.
    pub async fn playlist(&self, owner: &Person, title: &str, public: bool) -> PlaylistId {
        let id = PlaylistId::new();
        sqlx::query(
            "INSERT INTO playlists (id, owner_id, title, is_public, created_at, updated_at) VALUES ($1, $2, $3, $4, 0, 0)",
        )
        .bind(id)
        .bind(owner.id)
        .bind(title)
        .bind(i16::from(public))
        .execute(self.running.app.state.store.write())
        .await
        .expect("a playlist");
        id
    }

    /// A row that says that the first follows, or blocks, the second.
    pub async fn edge(&self, insert: &'static str, from: UserId, to: UserId) {
        let write = self.running.app.state.store.write();
        sqlx::query(insert).bind(from).bind(to).bind(Timestamp::now()).execute(write).await.expect("an edge");
    }
}

pub const FOLLOW: &str = "INSERT INTO follows (follower_id, followee_id, created_at) VALUES ($1, $2, $3)";
pub const BLOCK: &str = "INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES ($1, $2, $3)";
pub const FRIENDSHIP: &str = "INSERT INTO friendships (low_id, high_id, created_at) VALUES ($1, $2, $3)";

#[tokio::test]
async fn a_person_is_found_by_identifier_and_by_handle_and_their_address_is_in_neither() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    for viewer in [None, Some(&bob), Some(&ada)] {
        for user in [ada.id.to_string(), "ada".to_owned(), "Ada".to_owned(), ada.id.to_string().to_uppercase()] {
            let (status, value) = house.profile(viewer, &user).await;
            assert_eq!(status, 200, "{user}");
            assert!(!value.to_string().contains("example.org") && value.get("email").is_none(), "{value}");
            let profile: Profile = serde_json::from_value(value).expect("a profile");
            assert_eq!((profile.id, profile.handle.as_str()), (ada.id, "ada"));
            assert_eq!(profile.relation.is_some(), viewer.is_some_and(|viewer| viewer.id == bob.id));
        }
    }
    let unknown = [UserId::new().to_string(), "nobody".into(), "a%00b".into(), "%F0%9F%8E%B5".into(), "x".repeat(3000)];
    for user in unknown {
        assert_eq!(house.profile(Some(&bob), &user).await.0, 404, "{user}");
    }
    house.stop().await;
}

#[tokio::test]
async fn a_profile_says_how_the_two_stand() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let nothing = Relation { following: false, followed_by: false, friends: false, request: OpenRequest::None };
    assert_eq!(house.relation(&ada, "bob").await, nothing);
    house.edge(FOLLOW, ada.id, bob.id).await;
    assert_eq!(house.relation(&ada, "bob").await, Relation { following: true, ..nothing });
    assert_eq!(house.relation(&bob, "ada").await, Relation { followed_by: true, ..nothing });
    // Requests count while they are open, whichever of the two has the lower identifier.
    for (from, to, status) in [(&ada, &bob, "pending"), (&bob, &ada, "rejected")] {
        sqlx::query(
            "INSERT INTO friend_requests (id, from_id, to_id, low_id, high_id, status, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 0)",
        )
        .bind(FriendRequestId::new())
        .bind(from.id)
        .bind(to.id)
        .bind(ada.id.min(bob.id))
        .bind(ada.id.max(bob.id))
        .bind(status)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a request");
    }
    assert_eq!(house.relation(&ada, "bob").await.request, OpenRequest::Sent);
    assert_eq!(house.relation(&bob, "ada").await.request, OpenRequest::Received);
    house.edge(FRIENDSHIP, ada.id.min(bob.id), ada.id.max(bob.id)).await;
    assert!(house.relation(&ada, "bob").await.friends && house.relation(&bob, "ada").await.friends);
    house.stop().await;
}

#[tokio::test]
async fn a_block_and_a_farewell_look_like_nobody() {
    let house = house().await;
    let (ada, bob, eve) = (house.person("ada").await, house.person("bob").await, house.person("eve").await);
    house.edge(BLOCK, ada.id, bob.id).await;
    sqlx::query("UPDATE users SET deletes_at = $1 WHERE id = $2")
        .bind(Timestamp::now())
        .bind(eve.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a farewell");
    let nobody = |user: &str, mut value: Value| {
        value["instance"] = user.replace(user, "").into();
        value
    };
    let (_, unknown) = house.profile(Some(&ada), "nobody").await;
    let unknown = nobody("nobody", unknown);
    for (viewer, user) in [(&ada, "bob"), (&bob, "ada"), (&ada, "eve"), (&bob, "eve")] {
        let (status, value) = house.profile(Some(viewer), user).await;
        assert_eq!((status, nobody(user, value)), (StatusCode::NOT_FOUND, unknown.clone()), "{user}");
    }
    assert_eq!(house.profile(None, "ada").await.0, 200);
    house.stop().await;
}

#[tokio::test]
async fn only_a_public_playlist_of_ones_own_can_be_shown() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let (public, private) = (house.playlist(&ada, "Rain", true).await, house.playlist(&ada, "Secret", false).await);
    let theirs = house.playlist(&bob, "Theirs", true).await;
    let choose = async |body: Value| {
        house.ask(Some(&ada), Method::PUT, "/me/representative-playlist", Some(body)).await.status().as_u16()
    };
    assert_eq!(choose(json!({ "playlist_id": public })).await, 200);
    for (body, status) in [
        (json!({ "playlist_id": private }), 422),
        (json!({ "playlist_id": theirs }), 404),
        (json!({ "playlist_id": PlaylistId::new() }), 404),
        (json!({}), 400),
        (json!({ "playlist_id": public, "owner_id": bob.id }), 400),
    ] {
        assert_eq!(choose(body.clone()).await, status, "{body}");
    }
    let (_, seen) = house.profile(Some(&bob), "ada").await;
    assert_eq!(seen["representative_playlist"], json!({ "id": public, "title": "Rain" }));
    // Made private later, it is there for its owner only.
    let write = house.running.app.state.store.write();
    sqlx::query("UPDATE playlists SET is_public = 0 WHERE id = $1")
        .bind(public)
        .execute(write)
        .await
        .expect("a change");
    assert_eq!(house.profile(Some(&bob), "ada").await.1["representative_playlist"], Value::Null);
    assert_eq!(house.profile(None, "ada").await.1["representative_playlist"], Value::Null);
    assert_eq!(house.profile(Some(&ada), "ada").await.1["representative_playlist"]["title"], "Rain");
    // Deleted, nobody shows it; and none can be chosen.
    sqlx::query("DELETE FROM playlists WHERE id = $1").bind(public).execute(write).await.expect("a change");
    assert_eq!(house.profile(Some(&ada), "ada").await.1["representative_playlist"], Value::Null);
    assert_eq!(choose(json!({ "playlist_id": null })).await, 200);
    house.stop().await;
}
