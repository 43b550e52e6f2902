//! The catalogue in the database: there from the first start, written once, replaced by another edition without taking
//! anything from a playlist.

use moodcall::base::id::{EntryId, PlaylistId, SongId};
use moodcall::base::timestamp::Timestamp;
use moodcall::songs::row;
use moodcall::songs::{catalog, edition};
use moodcall::store::Store;

use super::client::{House, house};

async fn count(store: &Store, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(store.read()).await.expect("a count")
}

async fn run(store: &Store, sql: &'static str) {
    sqlx::query(sql).execute(store.write()).await.expect("a statement");
}

const SONGS: &str = "SELECT COUNT(*) FROM songs";
const MOODS: &str = "SELECT COUNT(*) FROM song_moods";
const GRAMS: &str = "SELECT COUNT(*) FROM song_grams";

async fn counts(store: &Store) -> [i64; 3] {
    [count(store, SONGS).await, count(store, MOODS).await, count(store, GRAMS).await]
}

impl House {
    /// A playlist of somebody with these songs.
    pub async fn playlist_of(&self, songs: &[SongId]) {
        let (owner, store) = (self.person("ada").await, &self.running.app.state.store);
        let playlist = PlaylistId::new();
        sqlx::query("INSERT INTO playlists (id, owner_id, title, created_at, updated_at) VALUES ($1, $2, 'x', 0, 0)")
            .bind(playlist)
            .bind(owner.id)
            .execute(store.write())
            .await
            .expect("a playlist");
        for (at, song) in songs.iter().enumerate() {
            sqlx::query(
                "INSERT INTO playlist_songs (id, playlist_id, song_id, place, added_at) VALUES ($1, $2, $3, $4, 0)",
            )
            .bind(EntryId::new())
            .bind(playlist)
            .bind(song)
            .bind(format!("{at:04x}"))
            .execute(store.write())
            .await
            .expect("an entry");
        }
    }
}

#[tokio::test]
async fn every_song_of_the_catalogue_is_there_as_it_was_made() {
    let house = house().await;
    let store = &house.running.app.state.store;
    let all = catalog::songs();
    let ids: Vec<SongId> = all.iter().map(|one| one.song.id).collect();
    let rows = row::these(store, &ids).await.expect("songs");
    assert_eq!(rows.len(), all.len());
    for (row, one) in rows.iter().zip(all) {
        assert_eq!(*row, one.song);
    }
    let moods: usize = all.iter().map(|one| one.song.moods.len()).sum();
    assert_eq!(counts(store).await[1], moods as i64);
    house.stop().await;
}

#[tokio::test]
async fn a_second_start_writes_nothing_and_two_at_once_write_it_once() {
    let house = house().await;
    let store = &house.running.app.state.store;
    let before = counts(store).await;
    run(store, "UPDATE songs SET title_en = 'touched'").await;
    edition::write(store, Timestamp::now()).await.expect("nothing to do");
    assert_eq!(count(store, "SELECT COUNT(*) FROM songs WHERE title_en = 'touched'").await, before[0]);
    run(store, "DELETE FROM song_editions").await;
    run(store, "DELETE FROM songs").await;
    let now = Timestamp::now();
    let (one, other) = tokio::join!(edition::write(store, now), edition::write(store, now));
    one.and(other).expect("the catalogue");
    assert_eq!(counts(store).await, before);
    house.stop().await;
}

#[tokio::test]
async fn another_edition_replaces_the_songs_and_keeps_what_playlists_have() {
    let house = house().await;
    let store = &house.running.app.state.store;
    let before = counts(store).await;
    // As if an earlier edition had had two songs more, and had called one otherwise.
    let (kept, gone) = (house.song("a", "kept").await, house.song("a", "gone").await);
    run(store, "UPDATE songs SET source = 'catalog' WHERE title_en IN ('kept', 'gone')").await;
    let one = &catalog::songs()[3].song;
    house.playlist_of(&[kept, one.id]).await;
    run(store, "UPDATE songs SET title_en = 'touched', moods = '' WHERE source = 'catalog' AND title_en <> 'kept'")
        .await;
    run(store, "DELETE FROM song_grams").await;
    run(store, "UPDATE song_editions SET edition = 'earlier'").await;
    edition::write(store, Timestamp::now()).await.expect("the catalogue");
    assert_eq!(counts(store).await, [before[0] + 1, before[1], before[2]]);
    assert_eq!(row::these(store, &[gone, one.id]).await.expect("songs"), std::slice::from_ref(one));
    assert_eq!(count(store, "SELECT COUNT(*) FROM playlist_songs").await, 2);
    house.stop().await;
}

#[tokio::test]
async fn a_song_that_somebody_named_before_the_catalogue_had_it_stays() {
    let house = house().await;
    let store = &house.running.app.state.store;
    let one = &catalog::songs()[3];
    let known = count(store, SONGS).await;
    run(store, "DELETE FROM song_editions").await;
    sqlx::query("DELETE FROM songs WHERE id = $1").bind(one.song.id).execute(store.write()).await.expect("a gap");
    let named = house.named(&one.song.artist.ko, &one.song.title.ko).await;
    assert_ne!(named, one.song.id);
    edition::write(store, Timestamp::now()).await.expect("the catalogue");
    assert_eq!(count(store, SONGS).await, known + 1);
    assert_eq!(row::these(store, &[named, one.song.id]).await.expect("songs").len(), 2);
    assert_eq!(
        house.named(&one.song.artist.ko, &one.song.title.ko).await,
        one.song.id,
        "the next one gets the catalogue's"
    );
    house.stop().await;
}
