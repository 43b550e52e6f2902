//! Tags: the popular ones first, found by any part of them, counted for what everybody may see.

use std::collections::BTreeSet;

use moodcall::base::id::PostId;
use moodcall::base::timestamp::Timestamp;
use moodcall::tags::list::Tag;
use moodcall::tags::name::TagName;
use moodcall::tags::set::{Sight, Tagged};
use moodcall::web::page::Page;
use reqwest::Method;

use super::client::{House, house};
use super::person::Person;

pub fn names(tags: &[&str]) -> BTreeSet<TagName> {
    tags.iter().map(|tag| TagName::new(tag).expect("a tag")).collect()
}

impl House {
    /// A post as a row, public and empty.
    pub async fn bare_post(&self, author: &Person) -> Tagged {
        let (id, now) = (PostId::new(), Timestamp::now());
        sqlx::query(
            "INSERT INTO posts (id, author_id, title, visibility, created_at) VALUES ($1, $2, 'x', 'public', $3)",
        )
        .bind(id)
        .bind(author.id)
        .bind(now)
        .execute(self.running.app.state.store.write())
        .await
        .expect("a post");
        Tagged::Post(id, now)
    }

    pub async fn tag(&self, thing: Tagged, tags: &[&str], was: Sight, is: Sight) {
        let mut transaction = self.running.app.state.store.begin().await.expect("a transaction");
        thing.set(&mut transaction, &names(tags), was, is).await.expect("tags");
        transaction.commit().await.expect("a commit");
    }

    pub async fn tags(&self, path: &str) -> Page<Tag> {
        let answer = self.ask(None, Method::GET, path, None).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("a page")
    }

    /// Names and counts of a list.
    pub async fn tag_counts(&self, path: &str) -> Vec<(String, i64)> {
        self.tags(path).await.items.into_iter().map(|tag| (tag.name, tag.count)).collect()
    }
}

#[tokio::test]
async fn a_tag_counts_what_everybody_may_see_and_follows_every_change() {
    let house = house().await;
    let ada = house.person("ada").await;
    let (one, two) = (house.bare_post(&ada).await, house.bare_post(&ada).await);
    let counts = async || {
        let mut counts = house.tag_counts("/tags").await;
        counts.sort();
        counts
    };
    let all = |tags: &[(&str, i64)]| tags.iter().map(|(tag, count)| ((*tag).to_owned(), *count)).collect::<Vec<_>>();
    house.tag(one, &["rain", "late"], Sight::Hidden, Sight::Open).await;
    house.tag(two, &["rain"], Sight::Hidden, Sight::Hidden).await;
    assert_eq!(counts().await, all(&[("late", 1), ("rain", 1)]), "what some only see is nobody's business");
    house.tag(two, &["rain", "sun"], Sight::Hidden, Sight::Open).await;
    assert_eq!(counts().await, all(&[("late", 1), ("rain", 2), ("sun", 1)]));
    house.tag(one, &["rain", "storm"], Sight::Open, Sight::Open).await;
    assert_eq!(counts().await, all(&[("rain", 2), ("storm", 1), ("sun", 1)]));
    house.tag(one, &["storm"], Sight::Open, Sight::Hidden).await;
    assert_eq!(counts().await, all(&[("rain", 1), ("sun", 1)]));
    house.tag(two, &[], Sight::Open, Sight::Open).await;
    assert_eq!(counts().await, all(&[]));
    house.stop().await;
}

#[tokio::test]
async fn a_tag_is_found_by_any_part_of_it_and_the_whole_comes_first() {
    let house = house().await;
    let ada = house.person("ada").await;
    for tags in [
        &["rainy", "비오는날", "100%"][..],
        &["rainy", "train", "비"],
        &["train", "rainy"],
        &["rain", "100_"],
        &["sun"],
    ] {
        let post = house.bare_post(&ada).await;
        house.tag(post, tags, Sight::Hidden, Sight::Open).await;
    }
    let found = async |query: &str| -> Vec<String> {
        house.tag_counts(&format!("/tags?query={query}")).await.into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(found("rain").await, ["rain", "rainy", "train"], "then by how popular they are");
    assert_eq!(found("%23RAI").await, ["rainy", "train", "rain"]);
    assert_eq!(found("%EB%B9%84").await, ["비", "비오는날"], "one Korean syllable");
    assert_eq!(found("0%25").await, ["100%"], "a per cent sign is no wild card");
    assert_eq!(found("0_").await, ["100_"]);
    assert_eq!(found("snow").await, Vec::<String>::new());
    assert_eq!(found("a%20b").await, Vec::<String>::new());
    let mut pages = Vec::new();
    let mut path = "/tags?query=rain&limit=1".to_owned();
    loop {
        let page = house.tags(&path).await;
        pages.extend(page.items.into_iter().map(|tag| tag.name));
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/tags?query=rain&limit=1&cursor={cursor}");
    }
    assert_eq!(pages, ["rain", "rainy", "train"]);
    let long = "x".repeat(31);
    assert_eq!(house.ask(None, Method::GET, &format!("/tags?query={long}"), None).await.status(), 422);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_leave_right_counts() {
    let house = house().await;
    let ada = house.person("ada").await;
    let sets = [&["a", "b", "c"][..], &["c", "b"], &["b", "a", "d"], &["d", "c", "a"]];
    let mut posts = Vec::new();
    for number in 0..12 {
        posts.push((house.bare_post(&ada).await, sets[number % sets.len()]));
    }
    // In every order of names: whoever locks in two orders would meet a deadlock here.
    futures_util::future::join_all(posts.iter().map(|(post, tags)| {
        let house = &house;
        async move {
            house.tag(*post, tags, Sight::Hidden, Sight::Open).await;
            house.tag(*post, &tags[..1], Sight::Open, Sight::Open).await;
            house.tag(*post, tags, Sight::Open, Sight::Open).await;
        }
    }))
    .await;
    let mut counts = house.tag_counts("/tags").await;
    counts.sort();
    assert_eq!(counts, [("a", 9), ("b", 9), ("c", 9), ("d", 6)].map(|(tag, count)| (tag.to_owned(), count)));
    house.stop().await;
}
