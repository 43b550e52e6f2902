//! Views are not likes; one visitor counts once in half an hour, and the author never.

use futures_util::future::join_all;
use moodcall::base::timestamp::Timestamp;
use moodcall::posts::sweep;
use moodcall::posts::view::Visits;
use reqwest::Method;
use serde_json::json;

use super::client::{house, house_with};

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_counts_once_in_half_an_hour() {
    // Guests are told apart by address, so one of them comes from elsewhere.
    let house =
        house_with(|config| config.server.trusted_proxies = vec!["127.0.0.1".parse().expect("a network")]).await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let post = house.post_by(&ada, json!({ "title": "Rain" })).await.id;
    let views = async || {
        house.running.app.visits.written().await;
        house.post_seen(Some(&ada), post).await.expect("a post").counts.views
    };
    for _ in 0..3 {
        assert_eq!(views().await, 0, "the author's own");
    }
    assert_eq!(house.post_seen(Some(&bob), post).await.expect("a post").counts.views, 1, "counted with the answer");
    join_all((0..20).map(|_| house.post_seen(Some(&bob), post))).await;
    assert_eq!(views().await, 1);
    let guest = async |address: &str| {
        let ask = reqwest::Client::new().get(house.url(&format!("/api/v1/posts/{post}")));
        assert_eq!(ask.header("x-forwarded-for", address).send().await.expect("an answer").status(), 200);
    };
    join_all((0..20).map(|_| guest("192.0.2.7"))).await;
    assert_eq!(views().await, 2);
    guest("192.0.2.8").await;
    guest("192.0.2.7").await;
    assert_eq!(views().await, 3);
    let likes = house.post_seen(Some(&ada), post).await.expect("a post").counts.likes;
    assert_eq!(likes, 0);

    let rows: Vec<String> = sqlx::query_scalar("SELECT viewer FROM post_views")
        .fetch_all(house.running.app.state.store.read())
        .await
        .expect("rows");
    assert!(rows.len() == 3 && rows.iter().all(|row| !row.contains("192.0.2")), "{rows:?}");
    let age = sqlx::query("UPDATE post_views SET seen_at = seen_at - 1800001 WHERE viewer = $1").bind(bob.id);
    age.execute(house.running.app.state.store.write()).await.expect("an old visit");
    assert_eq!(house.post_seen(Some(&bob), post).await.expect("a post").counts.views, 4, "half an hour later");
    house.running.app.visits.written().await;
    sqlx::query("UPDATE post_views SET seen_at = seen_at - 1800001")
        .execute(house.running.app.state.store.write())
        .await
        .expect("old visits");
    sweep::round(&house.running.app.users, Timestamp::now()).await.expect("a round");
    assert_eq!(house.number("SELECT COUNT(*) FROM post_views").await, 0, "nobody keeps who looked at what");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_is_counted_to_the_last_visitor_and_a_deleted_post_no_more() {
    let house = house().await;
    let ada = house.person("ada").await;
    let post = async |title: &str| house.post_by(&ada, json!({ "title": title })).await.id;
    let (famous, known, gone) = (post("Rain").await, post("Tape").await, post("Fog").await);
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &format!("/posts/{gone}"), None).await.status(), 204);
    let (visits, store) = (&house.running.app.visits, &house.running.app.state.store);
    let crowd = [(famous, 1150), (known, 1), (gone, 5)];
    for (post, visitors) in crowd {
        for visitor in 0..visitors {
            visits.note(store, post, &format!("visitor {visitor}"), Timestamp::now()).await.expect("a database");
        }
    }
    visits.written().await;
    for (post, visitors) in &crowd[..2] {
        assert_eq!(house.post_seen(Some(&ada), *post).await.expect("a post").counts.views, *visitors);
    }
    assert_eq!(house.number("SELECT COUNT(*) FROM post_views").await, 1151);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_whom_two_servers_saw_counts_once() {
    let house = house().await;
    let ada = house.person("ada").await;
    let post = house.post_by(&ada, json!({ "title": "Rain" })).await.id;
    let state = &house.running.app.state;
    let servers = [house.running.app.visits.clone(), Visits::default()];
    state.tasks.spawn(servers[1].clone().run(state.store.clone(), state.shutdown.clone()));
    for visitor in ["one", "two", "three"] {
        for visits in &servers {
            visits.note(&state.store, post, visitor, Timestamp::now()).await.expect("a database");
        }
    }
    for visits in &servers {
        visits.written().await;
    }
    assert_eq!(house.post_seen(Some(&ada), post).await.expect("a post").counts.views, 3);
    house.stop().await;
}
