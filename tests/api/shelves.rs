//! The shelves of playlists at home: what others made for the viewer's taste, what is hot, one's own, and what is new.

use moodcall::feeds::home::Home;
use moodcall::playlists::playlist::Playlist;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::json;

use super::client::{House, house};
use super::person::Person;

/// Titles on a shelf; none when there is no such shelf.
type Shelf = Option<Vec<String>>;

/// For the viewer, hot, the viewer's own, new.
async fn shelves(house: &House, who: Option<&Person>) -> [Shelf; 4] {
    let answer = house.ask(who, Method::GET, "/feeds/home", None).await;
    assert_eq!(answer.status(), 200);
    let home: Home = answer.json().await.expect("the feeds");
    let shelves = home.playlists;
    let titles = |page: Page<Playlist>| page.items.into_iter().map(|one| one.title).collect();
    [shelves.for_you.map(titles), Some(titles(shelves.hot)), shelves.mine.map(titles), Some(titles(shelves.new))]
}

fn shelf<const N: usize>(titles: [&str; N]) -> Shelf {
    Some(titles.map(str::to_owned).to_vec())
}

#[tokio::test]
async fn each_shelf_holds_what_it_says_and_no_private_playlist_of_somebody_else() {
    let house = house().await;
    let [ada, bob, eve, dan] =
        [house.person("ada").await, house.person("bob").await, house.person("eve").await, house.person("dan").await];
    let mut lists = Vec::new();
    for (owner, title, genre, public) in [
        (&bob, "bob rnb", "rnb", true),
        (&bob, "bob pop", "pop", true),
        (&eve, "eve rnb", "rnb", true),
        (&eve, "eve dance", "dance", true),
        (&bob, "bob hidden", "rnb", false),
        (&ada, "ada rnb", "rnb", true),
        (&ada, "ada hidden", "rnb", false),
    ] {
        let body = json!({ "title": title, "genre": genre, "is_public": public });
        lists.push(house.playlist_by(owner, body).await.id);
    }
    for (who, genre) in [(&ada, "rnb"), (&dan, "ost")] {
        let taste = json!({ "genres": [genre] });
        let mine = house.ask(Some(who), Method::PATCH, "/me", Some(taste)).await;
        assert_eq!(mine.status(), 200);
    }
    // All of one age, so that likes alone make the difference.
    let write = house.running.app.state.store.write();
    sqlx::query("UPDATE playlists SET created_at = 1000, heat = 1000").execute(write).await.expect("one time");
    let likes = [(1, vec![&dan, &eve, &bob]), (3, vec![&dan, &bob]), (0, vec![&eve])];
    for (list, people) in likes {
        for who in people {
            let path = format!("/playlists/{}/like", lists[list]);
            assert_eq!(house.ask(Some(who), Method::PUT, &path, None).await.status(), 204);
        }
    }
    let hot = shelf(["bob pop", "eve dance", "bob rnb", "ada rnb", "eve rnb"]);
    let new = shelf(["ada rnb", "eve dance", "eve rnb", "bob pop", "bob rnb"]);
    // Her genre comes before what is hotter, and then whatever there is; nothing of her own.
    let for_ada = shelf(["bob rnb", "eve rnb", "bob pop", "eve dance"]);
    let mine = shelf(["ada hidden", "ada rnb"]);
    assert_eq!(shelves(&house, Some(&ada)).await, [for_ada, hot.clone(), mine, new.clone()]);
    // Nothing is of the genre of their profile: what they liked says what they like, and it is at the end itself.
    let of_dan = shelves(&house, Some(&dan)).await;
    assert_eq!(
        of_dan,
        [shelf(["bob rnb", "ada rnb", "eve rnb", "bob pop", "eve dance"]), hot.clone(), shelf([]), new.clone()]
    );
    // Without any taste there is still something: what is hot.
    let zed = house.person("zed").await;
    assert_eq!(shelves(&house, Some(&zed)).await, [hot.clone(), hot.clone(), shelf([]), new.clone()]);
    assert_eq!(shelves(&house, None).await, [None, hot, None, new]);
    // What its owner hides leaves every shelf but theirs.
    let hidden = json!({ "is_public": false });
    assert_eq!(house.patch_playlist(&bob, lists[0], None, hidden).await.status(), 200);
    for who in [Some(&ada), Some(&dan), Some(&zed), None] {
        let all = shelves(&house, who).await;
        assert!(!all.iter().flatten().flatten().any(|title| title == "bob rnb"), "{all:?}");
    }
    assert_eq!(shelves(&house, Some(&bob)).await[2], shelf(["bob hidden", "bob pop", "bob rnb"]));
    house.stop().await;
}
