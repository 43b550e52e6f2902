//! Feeds: each in its order, without gaps and doubles while posts come in, and for everybody what they may see.

use std::collections::BTreeSet;

use moodcall::base::id::PostId;
use moodcall::feeds::home::Home;
use moodcall::feeds::tagged::TaggedItem;
use moodcall::posts::post::Post;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::json;

use super::client::{House, house};
use super::person::Person;
use super::profile::{BLOCK, FOLLOW, FRIENDSHIP};

impl House {
    pub async fn feed(&self, who: Option<&Person>, path: &str) -> Page<Post> {
        let answer = self.ask(who, Method::GET, path, None).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("a page")
    }

    /// The titles of a feed, page by page.
    pub async fn titles(&self, who: Option<&Person>, path: &str, limit: u32) -> Vec<String> {
        let (mut titles, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.feed(who, &format!("{path}?limit={limit}&cursor={cursor}")).await;
            titles.extend(page.items.into_iter().map(|post| post.title));
            let Some(next) = page.next_cursor else { return titles };
            cursor = next;
        }
    }

    async fn at(&self, id: PostId, created_at: i64) {
        sqlx::query("UPDATE posts SET created_at = $2 WHERE id = $1")
            .bind(id)
            .bind(created_at)
            .execute(self.running.app.state.store.write())
            .await
            .expect("a post");
    }
}

/// A post of each visibility.
async fn four(house: &House, who: &Person) {
    for visibility in ["public", "followers", "friends", "private"] {
        let title = format!("{} {visibility}", who.handle);
        house.post_by(who, json!({ "title": title, "visibility": visibility, "tags": ["rain"] })).await;
    }
}

#[tokio::test]
async fn everybody_sees_what_they_may_and_nothing_else_in_every_list() {
    let house = house().await;
    let [ada, stranger, fan, friend, blocked, gone] = [
        house.person("ada").await,
        house.person("stranger").await,
        house.person("fan").await,
        house.person("friend").await,
        house.person("blocked").await,
        house.person("gone").await,
    ];
    four(&house, &ada).await;
    four(&house, &gone).await;
    house.edge(FOLLOW, fan.id, ada.id).await;
    house.edge(FOLLOW, fan.id, gone.id).await;
    house.edge(FRIENDSHIP, ada.id.min(friend.id), ada.id.max(friend.id)).await;
    house.edge(BLOCK, ada.id, blocked.id).await;
    sqlx::query("UPDATE users SET deletes_at = 1 WHERE id = $1")
        .bind(gone.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect("an account that is being deleted");
    let (all, near, open) =
        (["private", "friends", "followers", "public"], ["friends", "followers", "public"], ["followers", "public"]);
    for (who, of_user, following) in [
        (Some(&ada), &all[..], &[][..]),
        (Some(&friend), &near[..], &["friends"][..]),
        (Some(&fan), &open[..], &open[..]),
        (Some(&stranger), &["public"][..], &[][..]),
        (Some(&blocked), &[][..], &[][..]),
        (None, &["public"][..], &[][..]),
    ] {
        let name = who.map_or("a guest", |who| who.handle.as_str());
        let titles = |visible: &[&str]| visible.iter().map(|one| format!("ada {one}")).collect::<Vec<_>>();
        let public = if name == "blocked" { titles(&[]) } else { titles(&["public"]) };
        for path in ["/feeds/latest", "/feeds/popular", "/posts"] {
            assert_eq!(house.titles(who, path, 1).await, public, "{name} {path}");
        }
        if name != "blocked" {
            assert_eq!(house.titles(who, "/users/ada/posts", 1).await, titles(of_user), "{name}");
        }
        let tagged: Page<TaggedItem> =
            house.ask(who, Method::GET, "/tags/rain/items", None).await.json().await.expect("a page");
        let title = |item| match item {
            TaggedItem::Post { post } => post.title,
            other => panic!("{other:?}"),
        };
        let tagged: Vec<String> = tagged.items.into_iter().map(title).collect();
        assert_eq!(tagged, titles(of_user), "{name}");
        if who.is_some() {
            assert_eq!(house.titles(who, "/feeds/following", 1).await, titles(following), "{name}");
        }
    }
    assert_eq!(house.ask(Some(&blocked), Method::GET, "/users/ada/posts", None).await.status(), 404);
    assert_eq!(house.ask(None, Method::GET, "/users/gone/posts", None).await.status(), 404);
    assert_eq!(house.ask(None, Method::GET, "/feeds/following", None).await.status(), 401);
    house.stop().await;
}

#[tokio::test]
async fn pages_have_no_gaps_and_doubles_while_posts_come_in() {
    let house = house().await;
    let [ada, bob, fan] = [house.person("ada").await, house.person("bob").await, house.person("fan").await];
    house.edge(FOLLOW, fan.id, ada.id).await;
    house.edge(FOLLOW, fan.id, bob.id).await;
    // Seven at one time, so that only the identifier decides, and some before and after.
    for number in 0..11_i64 {
        let (who, visibility) = ([&ada, &bob][number as usize % 2], ["public", "followers"][number as usize / 2 % 2]);
        let post = house.post_by(who, json!({ "title": number.to_string(), "visibility": visibility })).await;
        house.at(post.id, if (2..9).contains(&number) { 5000 } else { 5000 + (number - 5) * 10 }).await;
    }
    for path in ["/feeds/following", "/feeds/latest", "/feeds/popular", "/users/ada/posts"] {
        let whole: Vec<PostId> = house.feed(Some(&fan), path).await.items.into_iter().map(|post| post.id).collect();
        for limit in [1, 3, 4] {
            let (mut ids, mut cursor, mut turn) = (Vec::new(), String::new(), 0);
            loop {
                let page = house.feed(Some(&fan), &format!("{path}?limit={limit}&cursor={cursor}")).await;
                assert!(page.items.len() <= limit);
                ids.extend(page.items.into_iter().map(|post| post.id));
                if turn == 0 {
                    let late = house.post_by(&ada, json!({ "title": "late" })).await;
                    house.at(late.id, 1_000_000).await;
                    house.ask(Some(&ada), Method::DELETE, &format!("/posts/{}", late.id), None).await;
                }
                turn += 1;
                let Some(next) = page.next_cursor else { break };
                cursor = next;
            }
            assert_eq!(ids, whole, "{path} {limit}");
        }
        assert_eq!(whole.len(), whole.iter().collect::<BTreeSet<_>>().len());
    }
    assert_eq!(house.feed(Some(&fan), "/feeds/following").await.items.len(), 11);
    house.stop().await;
}

#[tokio::test]
async fn likes_lift_a_post_and_age_lets_it_sink() {
    let house = house().await;
    let ada = house.person("ada").await;
    let day = 24 * 3_600_000;
    let mut posts = Vec::new();
    for (title, age) in [("fresh", 0), ("yesterday", day), ("last week", 8 * day)] {
        let post = house.post_by(&ada, json!({ "title": title })).await;
        house.at(post.id, 100 * day - age).await;
        posts.push(post.id);
    }
    let order = async || house.titles(None, "/feeds/popular", 2).await;
    assert_eq!(order().await, ["fresh", "yesterday", "last week"]);
    for number in 0..6 {
        let fan = house.person(&format!("fan{number}")).await;
        for post in &posts[1..] {
            house.ask(Some(&fan), Method::PUT, &format!("/posts/{post}/like"), None).await;
        }
    }
    assert_eq!(order().await, ["yesterday", "fresh", "last week"], "six likes are worth more than a day");
    sqlx::query("UPDATE posts SET like_count = 1000000 WHERE id = $1")
        .bind(posts[2])
        .execute(house.running.app.state.store.write())
        .await
        .expect("a famous post");
    assert_eq!(order().await, ["yesterday", "fresh", "last week"], "and nothing is worth more than a week");
    assert_eq!(house.titles(None, "/feeds/latest", 2).await, ["fresh", "yesterday", "last week"]);
    house.stop().await;
}

#[tokio::test]
async fn home_is_the_beginning_of_each_feed() {
    let house = house().await;
    let (ada, fan) = (house.person("ada").await, house.person("fan").await);
    house.edge(FOLLOW, fan.id, ada.id).await;
    for number in 0..12 {
        let visibility = if number == 11 { "followers" } else { "public" };
        let body = json!({ "title": number.to_string(), "visibility": visibility, "tags": ["rain"] });
        house.post_by(&ada, body).await;
    }
    let home =
        async |who| -> Home { house.ask(who, Method::GET, "/feeds/home", None).await.json().await.expect("a home") };
    let guest = home(None).await;
    assert!(guest.following.is_none());
    let seen = home(Some(&fan)).await;
    let following = seen.following.expect("a section");
    for (section, path) in
        [(&seen.latest, "/feeds/latest"), (&seen.popular, "/feeds/popular"), (&following, "/feeds/following")]
    {
        assert_eq!(section.items, house.feed(Some(&fan), &format!("{path}?limit=10")).await.items, "{path}");
        let cursor = section.next_cursor.as_ref().expect("more");
        let rest = house.feed(Some(&fan), &format!("{path}?cursor={cursor}")).await;
        assert_eq!(rest.items.len(), if path == "/feeds/following" { 2 } else { 1 }, "{path}");
        assert!(section.items.iter().all(|post| post.tags == ["rain"]));
    }
    assert_eq!(following.items[0].title, "11");
    house.stop().await;
}
