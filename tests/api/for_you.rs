//! What somebody may like, page by page: what fits better first, everything once, whatever is liked meanwhile.

use moodcall::playlists::playlist::Playlist;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::json;

use super::client::{House, house};
use super::person::Person;
use super::posting::refused;

async fn page(house: &House, who: &Person, limit: usize, cursor: &str) -> (Vec<String>, Option<String>) {
    let path = format!("/playlists?sort=for-you&limit={limit}&cursor={cursor}");
    let answer = house.ask(Some(who), Method::GET, &path, None).await;
    assert_eq!(answer.status(), 200, "{path}");
    let page: Page<Playlist> = answer.json().await.expect("a page");
    (page.items.into_iter().map(|list| list.title).collect(), page.next_cursor)
}

#[tokio::test]
async fn pages_hold_everything_once_the_best_fit_first_whatever_is_liked_while_one_scrolls() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let mut heat: i64 = 1_000;
    let write = house.running.app.state.store.write();
    // From cold to hot, so that nothing but the fit brings a list forward.
    let all = [
        ("both 1", Some("rnb"), Some("sadness")),
        ("both 2", Some("rnb"), Some("sadness")),
        ("genre 1", Some("rnb"), None),
        ("genre 2", Some("rnb"), Some("anger")),
        ("genre 3", Some("rnb"), None),
        ("mood 1", Some("pop"), Some("sadness")),
        ("mood 2", None, Some("sadness")),
        ("neither 1", None, None),
        ("neither 2", Some("pop"), Some("anger")),
        ("neither 3", Some("pop"), None),
        ("known", None, Some("sadness")),
    ];
    let mut lists = Vec::new();
    for (title, genre, mood) in all {
        let body = json!({ "title": title, "genre": genre, "mood": mood });
        let list = house.playlist_by(&bob, body).await.id;
        heat += 1_000;
        sqlx::query("UPDATE playlists SET heat = $2 WHERE id = $1")
            .bind(list)
            .bind(heat)
            .execute(write)
            .await
            .expect("a heat");
        lists.push(list);
    }
    for (who, title, public) in [(&ada, "own", true), (&bob, "hidden", false), (&eve, "of eve", true)] {
        house.playlist_by(who, json!({ "title": title, "genre": "rnb", "is_public": public })).await;
    }
    house.ask(Some(&ada), Method::PUT, "/me/blocks/eve", None).await;
    house.ask(Some(&ada), Method::PATCH, "/me", Some(json!({ "genres": ["rnb"] }))).await;
    let like = async |at: usize| {
        let path = format!("/playlists/{}/like", lists[at]);
        assert_eq!(house.ask(Some(&ada), Method::PUT, &path, None).await.status(), 204);
        // A like makes hotter, which is not what this is about.
        let heat = 2_000 + 1_000 * at as i64;
        sqlx::query("UPDATE playlists SET heat = $2 WHERE id = $1")
            .bind(lists[at])
            .bind(heat)
            .execute(write)
            .await
            .expect("a heat");
    };
    like(10).await;
    let wanted = [
        "both 2",
        "both 1",
        "genre 3",
        "genre 2",
        "genre 1",
        "mood 2",
        "mood 1",
        "neither 3",
        "neither 2",
        "neither 1",
        "known",
    ];
    assert_eq!(page(&house, &ada, 100, "").await, (wanted.map(str::to_owned).to_vec(), None));
    for limit in [1, 2, 3, 5, 10, 11] {
        let (mut seen, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let (titles, next) = page(&house, &ada, limit, &cursor).await;
            assert!(!titles.is_empty(), "{limit}: a page of nothing");
            seen.extend(titles);
            pages += 1;
            let Some(next) = next else { break };
            cursor = next;
        }
        assert_eq!((seen, pages), (wanted.map(str::to_owned).to_vec(), 11_usize.div_ceil(limit)), "{limit}");
    }

    // What is liked, and a taste that changes, move nothing on the pages that follow.
    let (mut seen, mut cursor) = page(&house, &ada, 3, "").await;
    for liked in [1, 0, 8, 9] {
        like(liked).await;
    }
    house.ask(Some(&ada), Method::PATCH, "/me", Some(json!({ "genres": ["ost"] }))).await;
    while let Some(next) = cursor {
        let (titles, more) = page(&house, &ada, 3, &next).await;
        seen.extend(titles);
        cursor = more;
    }
    assert_eq!(seen, wanted);
    // The next visit begins with the new taste: what is liked is at the end, and pop counts now.
    let (titles, _) = page(&house, &ada, 100, "").await;
    assert_eq!(titles[titles.len() - 5..], ["known", "neither 3", "neither 2", "both 2", "both 1"]);
    assert_eq!(titles[0], "mood 1");
    house.stop().await;
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused_and_one_of_this_tells_only_the_viewer_own_things() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    for title in ["one", "two", "three"] {
        house.playlist_by(&bob, json!({ "title": title })).await;
    }
    let hot = house.ask(Some(&ada), Method::GET, "/playlists?sort=hot&limit=1", None).await;
    let hot: Page<Playlist> = hot.json().await.expect("a page");
    let path = format!("/playlists?sort=for-you&cursor={}", hot.next_cursor.expect("a cursor"));
    let answer = house.ask(Some(&ada), Method::GET, &path, None).await;
    assert_eq!(refused(answer).await.1, "cursor");
    // Bob's own are not for bob, whoever's cursor it is.
    let (_, next) = page(&house, &ada, 1, "").await;
    assert_eq!(page(&house, &bob, 10, &next.expect("a cursor")).await, (vec![], None));
    house.stop().await;
}
