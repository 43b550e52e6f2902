//! Search finds playlists by any part of their title or description in Hangul, and by nothing that only looks like it.

use serde_json::json;

use super::client::house;
use super::search_posts::all;

#[tokio::test]
async fn any_part_of_hangul_finds_a_playlist_newest_first() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    for (title, description) in
        [("비 오는 창가", "빗소리를 들으며"), ("새벽 버스", "창가에 앉아\n\n  멀리"), ("Window", "nothing else")]
    {
        house.playlist_by(&ada, json!({ "title": title, "description": description })).await;
    }
    house.playlist_by(&ada, json!({ "title": "비밀 창가", "is_public": false })).await;
    let table: &[(&str, &[&str])] = &[
        ("창가", &["새벽 버스", "비 오는 창가"]),
        ("창", &["새벽 버스", "비 오는 창가"]),
        ("오는 창", &["비 오는 창가"]),
        ("빗소", &["비 오는 창가"]),
        ("소리를 들", &["비 오는 창가"]),
        ("앉아 멀", &["새벽 버스"]),
        ("벽 버", &["새벽 버스"]),
        // The same syllables as they are typed on some systems, letter by letter.
        ("\u{110e}\u{1161}\u{11bc}\u{1100}\u{1161}", &["새벽 버스", "비 오는 창가"]),
        ("가창", &[]),
        ("비밀", &[]),
        ("창가 비", &[]),
        ("차", &[]),
    ];
    for (words, expected) in table {
        for limit in [1, 100] {
            assert_eq!(all(&house, &bob, words, "playlists", limit).await, *expected, "{words} by {limit}");
        }
    }
    assert_eq!(all(&house, &ada, "비밀", "playlists", 10).await, ["비밀 창가"], "its owner finds it");
    house.stop().await;
}
