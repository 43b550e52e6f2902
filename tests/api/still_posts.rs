//! A picture of a call in a post: only with everybody's consent, and no longer than they give it.

use image::ImageFormat;
use moodcall::base::id::{ParticipantId, StillId, UserId};
use moodcall::base::timestamp::Timestamp;
use moodcall::posts::post::Post;
use moodcall::posts::sweep;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{House, house};
use super::person::Person;
use super::posting::refused;
use super::uploads::picture;

impl House {
    /// A still of somebody's, with these people in it.
    async fn still(&self, owner: &Person, people: &[(Option<UserId>, &str)]) -> StillId {
        let (id, state) = (StillId::new(), &self.running.app.state);
        let insert =
            sqlx::query("INSERT INTO stills (id, owner_id, width, height, created_at) VALUES ($1, $2, 40, 30, 1)");
        insert.bind(id).bind(owner.id).execute(state.store.write()).await.expect("a still");
        for (user, consent) in people {
            sqlx::query(
                "INSERT INTO still_people (still_id, participant_id, user_id, name, consent) VALUES ($1, $2, $3, 'x', $4)",
            )
            .bind(id)
            .bind(ParticipantId::new())
            .bind(*user)
            .bind(*consent)
            .execute(state.store.write())
            .await
            .expect("somebody in it");
        }
        let name = format!("{id}.png").parse().expect("a name");
        state.blobs.put(&name, picture(40, 30, [9, 8, 7], ImageFormat::Png)).await.expect("a file");
        id
    }

    async fn consents(&self, who: &Person, consent: &str) {
        sqlx::query("UPDATE still_people SET consent = $2 WHERE user_id = $1")
            .bind(who.id)
            .bind(consent)
            .execute(self.running.app.state.store.write())
            .await
            .expect("an answer");
    }
}

#[tokio::test]
async fn a_still_is_posted_by_whose_it_is_when_everybody_else_agrees() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let still = house.still(&ada, &[(Some(ada.id), "pending"), (Some(bob.id), "pending")]).await;
    let of_guest = house.still(&ada, &[(Some(ada.id), "given"), (None, "pending")]).await;
    let body = |still: StillId| json!({ "title": "x", "pictures": [{ "still": still, "description": "us" }] });
    let post = async |who, still| house.ask(Some(who), Method::POST, "/posts", Some(body(still))).await;
    assert_eq!(refused(post(&ada, still).await).await, (409, "not-agreed".into(), String::new()));
    house.consents(&bob, "refused").await;
    assert_eq!(refused(post(&ada, still).await).await.0, 409);
    assert_eq!(refused(post(&ada, of_guest).await).await.0, 409, "nobody can answer for a guest");
    assert_eq!(refused(post(&bob, still).await).await, (422, "invalid".into(), "/pictures/0/still".into()));
    assert_eq!(house.number("SELECT COUNT(*) FROM uploads").await, 0, "nothing was made of it");
    house.consents(&bob, "given").await;
    let answer = post(&ada, still).await;
    assert_eq!(answer.status(), 201);
    let shown: Post = answer.json().await.expect("a post");
    let picture = &shown.pictures[0];
    assert_eq!((picture.width, picture.height, picture.from_call), (40, 30, true));
    assert_eq!(picture.description, "us");
    let served = house.get(&picture.url).await;
    assert_eq!(served.headers()["cache-control"], "private, no-cache", "somebody in it may want it gone");
    post(&ada, still).await;
    assert_eq!(house.number("SELECT COUNT(*) FROM uploads").await, 1, "one picture of one still");
    house.stop().await;
}

#[tokio::test]
async fn a_picture_is_hidden_everywhere_when_somebody_takes_their_consent_back() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let still = house.still(&ada, &[(Some(ada.id), "pending"), (Some(bob.id), "given")]).await;
    let plain = house.upload(&ada, &picture(8, 8, [1, 2, 3], ImageFormat::Png)).await;
    let pictures = json!([{ "still": still }, { "upload": plain.id }]);
    let post = house.post_by(&ada, json!({ "title": "x", "tags": ["rain"], "pictures": pictures })).await;
    let of_call = post.pictures[0].clone();
    let everywhere = async || {
        let mut shown = Vec::new();
        for who in [Some(&ada), None] {
            shown.push(house.post_seen(who, post.id).await.expect("a post").pictures.len());
            for list in ["/posts", "/feeds/latest", "/feeds/popular", "/users/ada/posts"] {
                shown.push(house.feed(who, list).await.items[0].pictures.len());
            }
            let tagged: Value =
                house.ask(who, Method::GET, "/tags/rain/items", None).await.json().await.expect("a page");
            shown.push(tagged["items"][0]["post"]["pictures"].as_array().expect("a list").len());
        }
        (shown, house.get(&of_call.url).await.status().as_u16())
    };
    assert_eq!(everywhere().await, (vec![2; 12], 200));
    house.consents(&bob, "refused").await;
    assert_eq!(everywhere().await, (vec![1; 12], 404), "its address answers nothing either");
    let again = json!({ "title": "y", "pictures": [{ "upload": of_call.upload }] });
    let again = house.ask(Some(&ada), Method::POST, "/posts", Some(again)).await;
    assert_eq!(refused(again).await, (409, "not-agreed".into(), String::new()), "not by another name either");
    house.consents(&bob, "given").await;
    assert_eq!(everywhere().await, (vec![2; 12], 200));
    house.stop().await;
}

#[tokio::test]
async fn what_was_made_of_a_still_goes_with_the_still_and_with_its_last_post() {
    let house = house().await;
    let ada = house.person("ada").await;
    let (one, two) = (house.still(&ada, &[]).await, house.still(&ada, &[]).await);
    let first = house.post_by(&ada, json!({ "title": "x", "pictures": [{ "still": one }, { "still": two }] })).await;
    let second = house.post_by(&ada, json!({ "title": "y", "pictures": [{ "still": two }] })).await;
    let [of_one, of_two] = [0, 1].map(|at| first.pictures[at].clone());
    sqlx::query("DELETE FROM stills WHERE id = $1")
        .bind(one)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a still that is deleted");
    assert_eq!(house.get(&of_one.url).await.status(), 404);
    assert_eq!(house.post_seen(None, first.id).await.expect("a post").pictures.len(), 1);
    let kept = json!({ "pictures": [{ "upload": of_two.upload, "description": "new" }] });
    let edited: Post = house.patch_post(&ada, first.id, None, kept).await.json().await.expect("a post");
    assert_eq!((edited.pictures[0].description.as_str(), edited.pictures[0].from_call), ("new", true));
    house.patch_post(&ada, first.id, None, json!({ "pictures": [] })).await;
    assert_eq!(house.get(&of_two.url).await.status(), 200, "another post has it");
    house.ask(Some(&ada), Method::DELETE, &format!("/posts/{}", second.id), None).await;
    sqlx::query("UPDATE posts SET deleted_at = deleted_at - 600001")
        .execute(house.running.app.state.store.write())
        .await
        .expect("an old deletion");
    assert_eq!(sweep::round(&house.running.app.users, Timestamp::now()).await.expect("a round"), 1);
    assert_eq!(house.get(&of_two.url).await.status(), 404);
    assert_eq!(house.number("SELECT COUNT(*) FROM uploads").await, 0);
    house.stop().await;
}

#[tokio::test]
async fn a_still_is_deleted_with_its_pictures_even_when_a_file_of_it_cannot_be() {
    let house = house().await;
    let ada = house.person("ada").await;
    let still = house.still(&ada, &[]).await;
    let post = house.post_by(&ada, json!({ "title": "x", "pictures": [{ "still": still }] })).await;
    assert_eq!(house.kept_files().len(), 1);
    // A folder in place of the file: the store fails.
    let folder = house.running.app.state.config.server.data_dir.join("stills");
    let stuck = folder.join(format!("{still}.png"));
    std::fs::remove_file(&stuck).expect("a file");
    std::fs::create_dir_all(stuck.join("inside")).expect("a folder");
    let webp = format!("{still}.webp").parse().expect("a name");
    house.running.app.state.blobs.put(&webp, &b"RIFF"[..]).await.expect("a file");

    assert_eq!(house.ask(Some(&ada), Method::DELETE, &format!("/stills/{still}"), None).await.status(), 204);
    assert!(!folder.join(webp.as_str()).exists(), "the other one goes");
    assert_eq!(house.get(&post.pictures[0].url).await.status(), 404);
    assert_eq!(house.kept_files().len(), 0, "what was made of it is released");
    assert_eq!(house.number("SELECT COUNT(*) FROM stills").await, 0);
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &format!("/stills/{still}"), None).await.status(), 404);
    house.stop().await;
}
