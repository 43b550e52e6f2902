//! Digging for songs at random: each once, with gaps, and when few are left.

use std::collections::BTreeSet;

use moodcall::base::id::SongId;
use moodcall::songs::catalog;
use moodcall::songs::song::Song;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::Value;

use super::client::{House, house};

impl House {
    async fn dig(&self, query: &str) -> Page<Song> {
        let answer = self.ask(None, Method::GET, &format!("/songs/random{query}"), None).await;
        assert_eq!(answer.status(), 200, "{query}");
        answer.json().await.expect("a page")
    }

    /// The songs of an endless scroll, to its end.
    async fn scroll(&self, count: usize) -> Vec<SongId> {
        let mut page = self.dig(&format!("?count={count}")).await;
        let mut found = Vec::new();
        loop {
            found.extend(page.items.iter().map(|song| song.id));
            let Some(cursor) = page.next_cursor else { return found };
            assert_eq!(page.items.len(), count, "every page but the last is full");
            page = self.dig(&format!("?count={count}&cursor={cursor}")).await;
        }
    }

    async fn keep(&self, songs: &[SongId]) {
        let store = &self.running.app.state.store;
        for one in catalog::songs().iter().filter(|one| !songs.contains(&one.song.id)) {
            let query = sqlx::query("DELETE FROM songs WHERE id = $1").bind(one.song.id);
            query.execute(store.write()).await.expect("a gap");
        }
    }
}

fn unlike(songs: &[SongId]) -> BTreeSet<SongId> {
    songs.iter().copied().collect()
}

fn list(songs: &[SongId]) -> String {
    songs.iter().map(SongId::to_string).collect::<Vec<_>>().join(",")
}

#[tokio::test]
async fn an_endless_scroll_shows_every_song_once_and_begins_anywhere() {
    let house = house().await;
    let mut firsts = BTreeSet::new();
    for count in [5, 20, 7] {
        let found = house.scroll(count).await;
        assert_eq!(found.len(), catalog::songs().len(), "{count}");
        assert_eq!(unlike(&found).len(), found.len(), "{count}: one came twice");
        firsts.insert(found[0]);
    }
    for _ in 0..20 {
        firsts.insert(house.dig("?count=1").await.items[0].id);
    }
    assert!(firsts.len() > 10, "always the same ones come first: {firsts:?}");
    assert_eq!(house.dig("").await.items.len(), 5);
    house.stop().await;
}

#[tokio::test]
async fn with_gaps_and_three_left_the_three_come_and_then_none() {
    let house = house().await;
    let left: Vec<SongId> = catalog::songs().iter().step_by(180).take(3).map(|one| one.song.id).collect();
    house.keep(&left).await;
    for _ in 0..10 {
        let page = house.dig("?count=5").await;
        assert_eq!(unlike(&page.items.iter().map(|song| song.id).collect::<Vec<_>>()), unlike(&left));
        assert_eq!(page.next_cursor, None);
        assert_eq!(unlike(&house.scroll(1).await), unlike(&left));
        assert_eq!(unlike(&house.scroll(2).await), unlike(&left));
    }
    let page = house.dig(&format!("?count=5&exclude={}", list(&left[..2]))).await;
    assert_eq!(page.items.iter().map(|song| song.id).collect::<Vec<_>>(), left[2..]);
    let none = house.dig(&format!("?exclude={}", list(&left))).await;
    assert_eq!((none.items.len(), none.next_cursor), (0, None));
    // What is gone between two pages is no reason to stop, or to show one twice.
    let first = house.dig("?count=1").await;
    house.keep(&[first.items[0].id, left[0], left[1]]).await;
    let rest = house.dig(&format!("?count=5&cursor={}", first.next_cursor.expect("two are left"))).await;
    let expected: BTreeSet<SongId> = left[..2].iter().copied().filter(|id| *id != first.items[0].id).collect();
    assert_eq!(unlike(&rest.items.iter().map(|song| song.id).collect::<Vec<_>>()), expected);
    house.keep(&[]).await;
    assert_eq!(house.dig("").await.items.len(), 0);
    house.stop().await;
}

#[tokio::test]
async fn hundreds_that_were_seen_can_be_left_out() {
    let house = house().await;
    let all: Vec<SongId> = catalog::songs().iter().map(|one| one.song.id).collect();
    let (seen, rest) = all.split_at(500);
    let seen = list(seen);
    let mut page = house.dig(&format!("?count=20&exclude={seen}")).await;
    assert_eq!(page.items.len(), 20);
    let mut found: Vec<SongId> = page.items.iter().map(|song| song.id).collect();
    while let Some(cursor) = page.next_cursor {
        page = house.dig(&format!("?count=20&exclude={seen}&cursor={cursor}")).await;
        found.extend(page.items.iter().map(|song| song.id));
    }
    assert_eq!((unlike(&found), found.len()), (unlike(rest), rest.len()));
    house.stop().await;
}

#[tokio::test]
async fn what_is_no_count_identifier_or_cursor_is_refused_by_its_name() {
    let house = house().await;
    let many = vec![SongId::new().to_string(); 501].join(",");
    let exclude = format!("?exclude={many}");
    for (query, pointer) in [
        ("?count=0", "count"),
        ("?count=21", "count"),
        ("?count=x", "count"),
        ("?exclude=1,2,3", "exclude"),
        ("?exclude=,", "exclude"),
        ("?exclude=%27%20OR%201=1", "exclude"),
        (exclude.as_str(), "exclude"),
    ] {
        let answer = house.ask(None, Method::GET, &format!("/songs/random{query}"), None).await;
        assert_eq!(answer.status(), 422, "{query:.40}");
        let problem: Value = answer.json().await.expect("a problem");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    let answer = house.ask(None, Method::GET, "/songs/random?cursor=abc", None).await;
    assert_eq!(answer.status(), 400);
    house.stop().await;
}
