//! Search finds songs by any part of a title or an artist's name, in both languages, beside everything else.

use moodcall::search::handler::Hit;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{House, house};
use super::person::Person;
use super::search_posts::all;

/// Identifiers of the songs that a search finds, page by page.
async fn found(house: &House, who: &Person, words: &str, limit: u32) -> Vec<String> {
    let query: String = words.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/search?q={query}&types=songs&limit={limit}{cursor}");
        let answer = house.ask(Some(who), Method::GET, &path, None).await;
        assert_eq!(answer.status(), 200, "{words}");
        let page: Page<Hit> = answer.json().await.expect("a page");
        assert!(page.items.len() <= limit as usize);
        for hit in page.items {
            let Hit::Song { song } = hit else { panic!("{hit:?} is no song") };
            seen.push(song.id.to_string());
        }
        let Some(next) = page.next_cursor else { return seen };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn any_part_of_a_songs_names_in_both_languages_finds_what_the_list_of_songs_finds() {
    let house = house().await;
    let ada = house.person("ada").await;
    let named = house.named("Café 100% _Rain_", "빗 소리").await.to_string();
    for words in ["비", "비 오는", "rain", "ＲＡＩＮ", "z", "white season", "% _r", "빗 소", "뷁뚫", "' OR 1=1"]
    {
        let list: Vec<String> = house
            .found_songs(&[("query", words), ("limit", "100")])
            .await
            .into_iter()
            .map(|song| song.to_string())
            .collect();
        for limit in [3, 100] {
            assert_eq!(found(&house, &ada, words, limit).await, list, "{words} by {limit}");
        }
    }
    for (words, there) in [("빗 소", true), ("% _r", true), ("CAFÉ", true), ("빗소", false), ("뷁뚫", false)] {
        assert_eq!(found(&house, &ada, words, 100).await.contains(&named), there, "{words}");
    }
    assert!(found(&house, &ada, "비", 100).await.len() > 1, "the catalog has songs of rain, too");
    house.stop().await;
}

#[tokio::test]
async fn songs_stand_in_one_list_with_other_kinds_and_look_as_they_do_elsewhere() {
    let house = house().await;
    let ada = house.person("ada").await;
    let song = house.named("Violet Kettles", "Qwyjibo").await;
    house.playlist_by(&ada, json!({ "title": "Qwyjibo list", "is_public": false })).await;
    for limit in [1, 2, 100] {
        let seen = all(&house, &ada, "qwyji", "songs,playlists", limit).await;
        assert_eq!(seen, ["♪Qwyjibo", "Qwyjibo list"], "{limit}");
        let seen = all(&house, &ada, "qwyji", "playlists,songs,songs", limit).await;
        assert_eq!(seen, ["Qwyjibo list", "♪Qwyjibo"], "{limit}");
    }
    let everything = house.ask(Some(&ada), Method::GET, "/search?q=qwyji", None).await;
    let everything: Value = everything.json().await.expect("a page");
    let alone: Value =
        house.ask(None, Method::GET, &format!("/songs/{song}"), None).await.json().await.expect("a song");
    assert_eq!(everything["items"][1], json!({ "type": "song", "song": alone }), "{everything}");
    assert_eq!(house.ask(None, Method::GET, "/search?q=qwyji&types=songs", None).await.status(), 401);
    house.stop().await;
}
