//! Songs: one as it is shown, found by any part of their names in both languages, by genre, decade and mood.

use std::collections::BTreeSet;

use moodcall::base::id::SongId;
use moodcall::songs::catalog::{self, CatalogSong};
use moodcall::songs::song::Song;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{House, house};

impl House {
    /// A song as a row, with these names.
    pub async fn song(&self, artist: &str, title: &str) -> SongId {
        let id = SongId::new();
        sqlx::query(
            "INSERT INTO songs (id, song_key, source, title_ko, title_en, artist_ko, artist_en, genre, decade, tempo, \
             energy, valence, moods, pitch, is_minor, seconds, seed, draw, created_at) \
             VALUES ($1, $1, 'named', $2, $2, $3, $3, 'ballad', 2010, 72, 250, 125, 'sadness,neutral', 9, 1, 90, \
             4294967295, 5, 0)",
        )
        .bind(id)
        .bind(title)
        .bind(artist)
        .execute(self.running.app.state.store.write())
        .await
        .expect("a song");
        id
    }

    /// Every page of a list.
    pub async fn found_songs(&self, query: &[(&str, &str)]) -> Vec<SongId> {
        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let cursor_too = [query, &[("cursor", cursor.as_str())]].concat();
            let answer = self.ask(None, Method::GET, &address(&cursor_too), None).await;
            assert_eq!(answer.status(), 200, "{query:?}");
            let page: Page<Song> = answer.json().await.expect("a page");
            found.extend(page.items.iter().map(|song| song.id));
            match page.next_cursor {
                Some(next) => cursor = next,
                None => return found,
            }
        }
    }
}

/// The list with these parameters.
fn address(query: &[(&str, &str)]) -> String {
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let parameters: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    format!("/songs?{}", parameters.join("&"))
}

fn of_catalog(fits: impl Fn(&CatalogSong) -> bool) -> Vec<SongId> {
    let ids: BTreeSet<SongId> = catalog::songs().iter().filter(|one| fits(one)).map(|one| one.song.id).collect();
    ids.into_iter().collect()
}

#[tokio::test]
async fn a_song_tells_how_it_feels_and_what_its_preview_is_played_from() {
    let house = house().await;
    let id = house.song("비누방울", "창가").await;
    let answer = house.ask(None, Method::GET, &format!("/songs/{id}"), None).await;
    assert_eq!(answer.status(), 200);
    let value: Value = answer.json().await.expect("a song");
    let expected = json!({
        "id": id, "title": { "ko": "창가", "en": "창가" }, "artist": { "ko": "비누방울", "en": "비누방울" },
        "genre": "ballad", "decade": 2010, "tempo": 72, "energy": 0.25, "valence": 0.125,
        "moods": ["sadness", "neutral"], "source": "named",
        "preview": { "tempo": 72, "pitch": 9, "minor": true, "energy": 0.25, "valence": 0.125, "genre": "ballad",
            "seed": 4_294_967_295_u32, "seconds": 90 },
    });
    assert_eq!(value, expected);
    let song: Song = serde_json::from_value(value).expect("the same song");
    assert_eq!(song.id, id);
    let none = house.ask(None, Method::GET, &format!("/songs/{}", SongId::new()), None).await;
    assert_eq!(none.status(), 404);
    assert_eq!(house.ask(None, Method::GET, "/songs/%27", None).await.status(), 404);
    house.stop().await;
}

#[tokio::test]
async fn every_filter_and_all_of_them_together_list_what_fits_each_once() {
    let house = house().await;
    let all = house.found_songs(&[("limit", "100")]).await;
    assert_eq!(all, of_catalog(|_| true));
    for (genre, decade, mood) in [
        (Some("ballad"), None, None),
        (None, Some("1980"), None),
        (None, None, Some("disgust")),
        (Some("hip-hop"), Some("2010"), None),
        (None, Some("2020"), Some("sadness")),
        (Some("rnb"), Some("2000"), Some("neutral")),
        (Some("ballad"), Some("1990"), Some("contempt")),
    ] {
        let asked = [("genre", genre), ("decade", decade), ("mood", mood)];
        let mut query: Vec<(&str, &str)> = asked.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
        query.push(("limit", "7"));
        let expected = of_catalog(|one| {
            let song = &one.song;
            genre.is_none_or(|genre| song.genre.is_some_and(|own| own.as_str() == genre))
                && decade.is_none_or(|decade| song.decade.is_some_and(|own| own.to_string() == decade))
                && mood.is_none_or(|mood| song.moods.iter().any(|own| own.as_str() == mood))
        });
        assert_eq!(house.found_songs(&query).await, expected, "{query:?}");
    }
    house.stop().await;
}

#[tokio::test]
async fn a_song_is_found_by_any_part_of_its_names_in_both_languages() {
    let house = house().await;
    let named = house.named("Café 100% _Rain_", "빗 소리").await;
    let texts = |one: &CatalogSong| {
        let song = &one.song;
        [&song.title.ko, &song.title.en, &song.artist.ko, &song.artist.en].map(|text| text.to_lowercase())
    };
    for words in ["비", "비 오는", "오는", "우체국", "WHITE season", "rain", "  Rain  ", "ｒａｉｎ", "z", "을", "e"]
    {
        let plain = words.trim().to_lowercase().replace("ｒａｉｎ", "rain");
        let mut expected = of_catalog(|one| texts(one).iter().any(|text| text.contains(&plain)));
        if "café 100% _rain_\n빗 소리".contains(&plain) {
            expected.push(named);
        }
        expected.sort();
        assert_eq!(house.found_songs(&[("query", words), ("limit", "9")]).await, expected, "{words}");
    }
    for (words, found) in
        [("100%", true), ("% _r", true), ("빗 소", true), ("소리", true), ("빗소리", false), ("1%0", false)]
    {
        assert_eq!(house.found_songs(&[("query", words)]).await.contains(&named), found, "{words}");
    }
    for (words, found) in [("\u{0}", true), ("뷁뚫", false)] {
        assert_eq!(!house.found_songs(&[("query", words), ("limit", "100")]).await.is_empty(), found, "{words:?}");
    }
    let both = house.found_songs(&[("query", "비"), ("mood", "sadness"), ("genre", "ballad")]).await;
    let expected = of_catalog(|one| {
        let song = &one.song;
        texts(one).iter().any(|text| text.contains('비'))
            && song.genre.is_some_and(|genre| genre.as_str() == "ballad")
            && song.moods.iter().any(|mood| mood.as_str() == "sadness")
    });
    assert_eq!(both, expected);
    house.stop().await;
}

#[tokio::test]
async fn what_is_no_genre_decade_or_mood_is_refused_by_its_name() {
    let house = house().await;
    let long = "가".repeat(65);
    for (name, value) in [("genre", "polka"), ("decade", "2013"), ("decade", "x"), ("mood", "unsure"), ("query", &long)]
    {
        let answer = house.ask(None, Method::GET, &address(&[(name, value)]), None).await;
        assert_eq!(answer.status(), 422, "{name}={value}");
        let problem: Value = answer.json().await.expect("a problem");
        assert_eq!(problem["errors"][0]["pointer"], name, "{problem}");
    }
    house.stop().await;
}
