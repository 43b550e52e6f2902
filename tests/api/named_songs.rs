//! Songs that somebody names: one row for one song, however it is spelled and however many name it at once.

use moodcall::base::id::SongId;
use moodcall::base::timestamp::Timestamp;
use moodcall::songs::catalog;
use moodcall::songs::named::{NamedSong, find_or_insert};
use moodcall::songs::row;
use moodcall::songs::song::SongSource;
use moodcall::users::genre::Genre;

use super::client::{House, house};

impl House {
    pub async fn named(&self, artist: &str, title: &str) -> SongId {
        self.naming(&NamedSong::new(artist, title).expect("a song")).await
    }

    async fn naming(&self, song: &NamedSong) -> SongId {
        let mut transaction = self.running.app.state.store.begin().await.expect("a transaction");
        let id = find_or_insert(&mut transaction, song, Timestamp::now()).await.expect("a row");
        transaction.commit().await.expect("a commit");
        id
    }
}

#[tokio::test]
async fn the_same_song_is_one_row_however_it_is_spelled() {
    let house = house().await;
    let first =
        house.naming(&NamedSong::new("The Violet Kettles", "Half  a Moon").unwrap().genre(Some(Genre::Indie))).await;
    for (artist, title) in [("the violet kettles", "half a moon"), ("ＴＨＥ VioletKettles", " Half a moon ")] {
        assert_eq!(house.named(artist, title).await, first, "{artist} {title}");
    }
    assert_ne!(house.named("The Violet Kettles", "Half a Moon (Live)").await, first);
    let song = row::fetch(&house.running.app.state.store, first).await.expect("the song");
    assert_eq!(
        (song.title.en.as_str(), song.title.ko.as_str()),
        ("Half  a Moon", "Half  a Moon"),
        "as it was first named"
    );
    assert_eq!((song.source, song.genre, song.moods.len()), (SongSource::Named, Some(Genre::Indie), 0));
    assert_eq!(house.found_songs(&[("query", "violet ket")]).await.len(), 2);
    house.stop().await;
}

#[tokio::test]
async fn naming_a_song_of_the_catalogue_finds_it() {
    let house = house().await;
    let one = &catalog::songs()[7].song;
    assert_eq!(house.named(&one.artist.ko, &one.title.ko).await, one.id);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_name_one_song_at_once_all_get_the_same() {
    let house = house().await;
    let song = NamedSong::new("a", "b").unwrap();
    let ids = futures_util::future::join_all((0..16).map(|_| house.naming(&song))).await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM songs WHERE source = 'named'")
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("a count");
    assert_eq!(rows, 1);
    house.stop().await;
}
