//! A song as it is shown: what it is called, how it feels, what its preview is played from.

use moodcall::base::id::SongId;
use moodcall::songs::song::Song;
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
