//! Who has the address of a cover sees it as long as the playlist is there for whoever it was for, and no longer.

use moodcall::base::timestamp::Timestamp;
use reqwest::Method;
use serde_json::json;

use super::client::{House, house};
use super::moderation::act;

async fn status(house: &House, url: &str) -> u16 {
    house.get(url).await.status().as_u16()
}

#[tokio::test]
async fn the_cover_of_a_playlist_that_staff_took_down_is_gone_until_they_show_it_again() {
    let house = house().await;
    let ada = house.person("ada").await;
    let watch = house.staff("watch").await;
    let (list, other) = (
        house.playlist_by(&ada, json!({ "title": "x" })).await,
        house.playlist_by(&ada, json!({ "title": "y" })).await,
    );
    let [url, others] = [list.cover.expect("a cover").url, other.cover.expect("a cover").url];
    let answer = house.get(&url).await;
    let tag = answer.headers()["etag"].clone();
    // What is between must not show it after that, nor a browser for long.
    assert_eq!(answer.headers()["cache-control"], "private, max-age=300");
    let hide = json!({ "action": "hide-playlist", "id": list.id });
    assert_eq!(act(&house, &watch, "ada", hide.clone()).await.0, 201);
    assert_eq!((status(&house, &url).await, status(&house, &others).await), (404, 200));
    let known = reqwest::Client::new().get(house.url(&url)).header("if-none-match", tag).send().await;
    assert_eq!(known.expect("an answer").status(), 404, "nor is it told that it has not changed");
    let show = json!({ "action": "show-playlist", "id": list.id });
    assert_eq!(act(&house, &watch, "ada", show.clone()).await.0, 201);
    assert_eq!(status(&house, &url).await, 200);

    // Deleted by its owner, hidden, shown: it is still deleted.
    let gone = house.ask(Some(&ada), Method::DELETE, &format!("/playlists/{}", list.id), None).await;
    assert_eq!(gone.status(), 204);
    assert_eq!(status(&house, &url).await, 404);
    assert_eq!(act(&house, &watch, "ada", hide).await.0, 201);
    assert_eq!(act(&house, &watch, "ada", show).await.0, 201);
    assert_eq!(status(&house, &url).await, 404);
    let back = house.ask(Some(&ada), Method::PUT, &format!("/playlists/{}/restoration", list.id), None).await;
    assert_eq!(back.status(), 200);
    assert_eq!(status(&house, &url).await, 200);
    house.stop().await;
}

#[tokio::test]
async fn the_cover_of_a_deleted_playlist_is_gone_and_comes_back_with_it() {
    let house = house().await;
    let ada = house.person("ada").await;
    let list = house.playlist_by(&ada, json!({ "title": "x" })).await;
    let (path, url) = (format!("/playlists/{}", list.id), list.cover.expect("a cover").url);
    for _ in 0..2 {
        assert_eq!(status(&house, &url).await, 200);
        assert_eq!(house.ask(Some(&ada), Method::DELETE, &path, None).await.status(), 204);
        assert_eq!(status(&house, &url).await, 404);
        let back = house.ask(Some(&ada), Method::PUT, &format!("{path}/restoration"), None).await;
        assert_eq!(back.status(), 200);
    }
    assert_eq!(house.cover_of(&ada, list.id).await.0, url);
    house.leaves_at(&ada, Timestamp::now()).await;
    assert_eq!(status(&house, &url).await, 404, "nor while the account is on its way out");
    house.stop().await;
}

#[tokio::test]
async fn a_playlist_that_is_made_private_takes_its_cover_to_another_address() {
    let house = house().await;
    let ada = house.person("ada").await;
    let list = house.playlist_by(&ada, json!({ "title": "x" })).await.id;
    let mut known = vec![house.cover_of(&ada, list).await.0];
    for _ in 0..2 {
        for public in [false, true] {
            let change = json!({ "is_public": public });
            assert_eq!(house.patch_playlist(&ada, list, None, change).await.status(), 200);
            let now = house.cover_of(&ada, list).await.0;
            assert_eq!(known.contains(&now), public, "another one each time that it is hidden");
            assert_eq!(status(&house, &now).await, 200);
            known.retain(|one| *one != now);
            for old in &known {
                assert_eq!(status(&house, old).await, 404);
            }
            known.push(now);
        }
    }
    assert_eq!((known.len(), house.kept_files().len()), (3, 1));
    // Private from its birth: its address is nobody's but the owner's, who needs no token for it.
    let secret = house.playlist_by(&ada, json!({ "title": "y", "is_public": false })).await;
    assert_eq!(status(&house, &secret.cover.expect("a cover").url).await, 200);
    assert_eq!(house.playlist_seen(None, secret.id).await, None);
    house.stop().await;
}
