//! No list reads a whole table: every query between people is found by an index. Looked at on SQLite, whose plan does not
//! depend on how many rows there are; the indexes are the same on PostgreSQL, where small tables are read whole rightly.

use moodcall::app::adapters;
use moodcall::comments::{about, delete, row as comments, write};
use moodcall::feeds;
use moodcall::generation::{self, held};
use moodcall::moderation::{act, audit, case, overview, report, subject, takedown, verdict};
use moodcall::notices::{hide, row};
use moodcall::playlists::{self, artwork, list as lists_of_songs};
use moodcall::posts;
use moodcall::rooms::members::ban;
use moodcall::rooms::soundtrack::list as soundtrack;
use moodcall::rooms::{
    calls, chat, door, found as found_rooms, invites, knocks, list, stills, sweep, tags as room_tags,
};
use moodcall::search::written::Statements;
use moodcall::search::{people, playlists as found_lists, posts as found, rooms};
use moodcall::social::{blocks, lists, notifications, requests, sight};
use moodcall::songs::{edition, find as song, named, random, row as songs, video};
use moodcall::store::Engine;
use moodcall::tags::list as tags;
use moodcall::users::upload::show;
use sqlx::Row as _;

use crate::client::{House, house};

/// What the plan of a query does, line by line.
async fn plan(house: &House, sql: &'static str) -> Vec<String> {
    let explained = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = sqlx::query(explained).fetch_all(house.running.app.state.store.read()).await.expect("a plan");
    rows.iter().map(|row| row.get::<String, _>("detail")).collect()
}

/// What stands for a sub-query in a statement.
const INNER: &[&str] = &["above", "below", "merged", "few", "CONSTANT", "source", "newest", "near", "span"];

/// Whether a line of a plan reads a whole table. A sub-query that was limited by an index is read whole rightly.
fn reads_all(line: &str) -> bool {
    let named = line.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
    named.is_some_and(|name| !name.ends_with("_few") && !INNER.contains(&name))
}

#[tokio::test]
async fn every_list_is_found_by_an_index() {
    let house = house().await;
    if house.running.app.state.store.engine() != Engine::Sqlite {
        return;
    }
    let lists = [
        ("a song whose video is wanted", video::WANTED),
        ("a cover that nothing names", artwork::FORGET),
        ("what a cover is drawn from", artwork::DRAWN_FROM),
        ("a picture by its public name", show::NAMED),
        ("what the outbox tells of mail", adapters::MAIL),
        ("followers", lists::FOLLOWERS),
        ("following", lists::FOLLOWING),
        ("friends", lists::FRIENDS),
        ("blocks", blocks::BLOCKED),
        ("requests that came", requests::list::INCOMING),
        ("requests that went", requests::list::OUTGOING),
        ("one request", requests::row::ONE),
        ("notifications", row::NEWEST),
        ("one notification", row::ONE),
        ("what notifications lead to", notifications::subjects::THERE),
        ("how many have a piece", people::WEIGHT),
        ("the end of a stretch", people::END),
        ("a stretch", people::STRETCH_OF),
        ("who is called exactly so", people::EXACTLY),
        ("open rooms", rooms::OPEN),
        ("a list that somebody hears", soundtrack::HEARD),
        ("the list of a room", soundtrack::ATTACHED),
        ("songs of the list of a room", soundtrack::SONGS),
        ("rooms of friends", rooms::NEAR),
        ("rooms with a tag", found_rooms::TAGGED),
        ("tags of rooms", room_tags::TAGS),
        ("which rooms carry a tag", room_tags::CARRY),
        ("comments under a post", comments::UNDER_POST),
        ("comments under a playlist", comments::UNDER_PLAYLIST),
        ("replies", comments::REPLIES),
        ("one comment", comments::ONE),
        ("a comment to delete", delete::FACTS),
        ("what somebody has said under a post", about::LEFT_OF_POST),
        ("what somebody has said under a playlist", about::LEFT_OF_PLAYLIST),
        ("a comment that is replied to", write::REPLIED),
        ("reports that wait", case::WAITING),
        ("reports that are closed", case::CLOSED),
        ("one report", case::ONE),
        ("reports of one thing", verdict::CLOSE),
        ("what somebody reported", report::KNOWN),
        ("a person to report", subject::USER),
        ("a room to report", subject::ROOM),
        ("a line to report", subject::MESSAGE),
        ("the audit log", audit::NEWEST),
        ("one act", audit::ONE),
        ("a suspension", act::SUSPEND),
        ("a post to hide", takedown::TAKE),
        ("a post to show", takedown::GIVE_BACK),
        ("a line to remove", chat::delete::ERASE),
        ("what waits for staff", overview::QUEUES),
        ("whose post it is", sight::AUTHOR),
        ("whose playlist it is", sight::OWNER),
        ("one post", posts::row::ONE),
        ("a playlist in the making", generation::shown::ONE),
        ("how many somebody has in the making", generation::create::OPEN),
        ("whether anything is to be made", held::FREE),
        ("the next to make", held::TAKE),
        ("what failed too often", held::GIVE_UP),
        ("what is still held", held::RENEW),
        ("what was held when the server stopped", held::FREE_ALL),
        ("what is not wanted any more", generation::cancel::CANCEL),
        ("what is about to be kept", generation::save::LOCK),
        ("what is done", generation::save::DONE),
        ("what ended a day ago", generation::sweep::OVER),
        ("the latest posts", posts::list::LATEST),
        ("posts of somebody", posts::of_user::OF_USER),
        ("bookmarks", posts::bookmarks::BOOKMARKS),
        ("pictures of posts", posts::row::PICTURES),
        ("tags of posts", posts::row::TAGS),
        ("a visit", posts::view::SEEN),
        ("a still to be posted", posts::picture::STILL),
        ("the upload of a still", posts::picture::MADE),
        ("posts whose time is over", posts::sweep::OVER),
        ("a post whose time is over", posts::sweep::END),
        ("the popular feed", feeds::popular::POPULAR),
        ("the feed of whom one follows", feeds::following::FOLLOWING),
        ("what carries a tag", feeds::tagged::TAGGED),
        ("popular tags", tags::POPULAR),
        ("a tag by name", tags::EXACTLY),
        ("the end of a stretch of tags", tags::END),
        ("a stretch of tags", tags::STRETCH_OF),
        ("one song", songs::ONE),
        ("songs by identifier", songs::THESE),
        ("one playlist", playlists::row::ONE),
        ("tags of playlists", playlists::row::TAGS),
        ("a playlist to change", playlists::owned::LOCK),
        ("the newest playlists", lists_of_songs::NEW),
        ("the hot playlists", lists_of_songs::HOT),
        ("the newest playlists of a genre", lists_of_songs::NEW_OF_GENRE),
        ("the hot playlists of a genre", lists_of_songs::HOT_OF_GENRE),
        ("songs of a playlist", playlists::songs::list::SONGS),
        ("a song to put into a playlist", playlists::create::PUT),
        ("the last song of a playlist", playlists::songs::add::LAST),
        ("a cover that does not suit its songs", playlists::songs::add::UNSUITED),
        ("where a song is in a playlist", playlists::songs::add::THERE),
        ("where something is in a playlist", playlists::songs::order::PLACE),
        ("what stands behind it", playlists::songs::order::NEXT),
        ("everything in a playlist", playlists::songs::ALL),
        ("what others were told about a playlist", hide::FORGET),
        ("playlists of one's own", playlists::of_user::OWN),
        ("playlists of somebody", playlists::of_user::OF_USER),
        ("playlists that somebody likes", playlists::marked::LIKED),
        ("playlists that one keeps", playlists::marked::BOOKMARKED),
        ("what somebody likes", playlists::for_you::TASTE),
        ("what fits in genre and mood", playlists::for_you::BOTH),
        ("what fits in genre", playlists::for_you::GENRE),
        ("what fits in mood", playlists::for_you::MOOD),
        ("what fits in neither", playlists::for_you::NEITHER),
        ("what the viewer likes already", playlists::for_you::LIKED),
        ("playlists whose time is over", playlists::sweep::OVER),
        ("what most songs of a playlist have", playlists::leaning::OF_PLAYLIST),
        ("what most of some songs have", playlists::leaning::OF_SONGS),
        ("a playlist whose time is over", playlists::sweep::END),
        ("playlists with a tag", feeds::tagged::TAGGED_PLAYLISTS),
        ("a playlist to report", subject::PLAYLIST),
        ("a playlist to hide", takedown::TAKE_PLAYLIST),
        ("a playlist to show", takedown::GIVE_PLAYLIST_BACK),
        ("a deleted playlist", playlists::restore::BACK),
        ("how many songs have a piece", song::WEIGHT),
        ("how many pieces of songs begin so", song::BEGINNINGS),
        ("songs with a piece", song::WITH_PIECE),
        ("songs with a piece that begins so", song::BEGINNING),
        ("songs with a mood", song::WITH_MOOD),
        ("songs of a genre", song::OF_GENRE),
        ("songs of a decade", song::OF_DECADE),
        ("all songs", song::ALL),
        ("songs at random", random::ALONG),
        ("a song that was named", named::KNOWN),
        ("which catalogue there is", edition::WRITTEN),
        ("calls", calls::history::CALLS),
        ("lines after a number", chat::history::AFTER),
        ("lines before a number", chat::history::BEFORE),
        ("what happened to lines after a number", chat::history::CHANGED),
        ("one line", chat::line::ONE),
        ("lines that are too old", chat::sweep::OLD),
        ("how full a gallery is", stills::keep::COUNT),
        ("a gallery", stills::gallery::GALLERY),
        ("who is in a gallery", stills::gallery::PEOPLE),
        ("a still", stills::still::ONE),
        ("who is in a still", stills::still::PEOPLE),
        ("stills that one is in", stills::requests::ASKED),
        ("who else is in them", stills::requests::PEOPLE),
        ("stills that somebody owns", stills::sweep::OWNED),
        ("one call", calls::call::ONE),
        ("what somebody is busy with", calls::row::OPEN),
        ("what a page hears of a call", calls::told::TOLD),
        ("what rings on a page that is opened", calls::told::RINGING),
        ("a room before somebody", door::DOOR),
        ("rooms of one's own", list::MINE),
        ("rooms by identifier", list::THESE),
        ("who is kept apart", list::APART),
        ("friends by identifier", list::FRIENDS),
        ("rooms that one is banned from", list::BARRED),
        ("invitations of a room", invites::list::WORKING),
        ("an invitation by its token", invites::fetch::INVITE),
        ("who is banned from a room", ban::BANNED),
        ("who knocks", knocks::list::WAITING),
        ("one knock", knocks::ONE),
        ("knocks that were answered long ago", sweep::ANSWERED),
        ("what is told of a knock", knocks::told::TOLD),
    ];
    for (name, sql) in lists {
        let plan = plan(&house, sql).await;
        assert!(plan.iter().any(|line| line.starts_with("SEARCH ")), "{name}: {plan:#?}");
        assert!(!plan.iter().any(|line| reads_all(line)), "{name}: {plan:#?}");
    }
    let sorted = [
        "followers",
        "following",
        "the latest posts",
        "the popular feed",
        "bookmarks",
        "the newest playlists",
        "the hot playlists",
        "the newest playlists of a genre",
        "the hot playlists of a genre",
        "songs of a playlist",
    ];
    for (name, sql) in lists.iter().filter(|(name, _)| sorted.contains(name)) {
        let plan = plan(&house, sql).await;
        assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{name} is sorted by its index: {plan:#?}");
    }
    let songs = [song::WITH_PIECE, song::WITH_MOOD, song::OF_GENRE, song::OF_DECADE, song::ALL, random::ALONG];
    let walks = [found::STATEMENTS, found_lists::STATEMENTS].into_iter().flat_map(|of| {
        let Statements { weights, end, stretch, beginnings, end_of_all, all, by_tag, by_person, .. } = of;
        [weights, end, stretch, beginnings, end_of_all, all, by_tag, by_person]
    });
    let others = [comments::UNDER_POST, comments::UNDER_PLAYLIST, comments::REPLIES, case::WAITING, audit::NEWEST];
    for sql in others.into_iter().chain(songs).chain(walks) {
        let plan = plan(&house, sql).await;
        assert!(!plan.iter().any(|line| reads_all(line)), "{sql}: {plan:#?}");
        assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{sql} is sorted by its index: {plan:#?}");
    }
    for sql in [found::STATEMENTS.stretch, found_lists::STATEMENTS.stretch] {
        let order: Vec<String> =
            plan(&house, sql).await.into_iter().filter(|line| line.starts_with("SEARCH ")).collect();
        let first: Vec<&str> = order.iter().filter_map(|line| line.split(' ').nth(1)).take(4).collect();
        assert_eq!(first, ["g", "b", "c", "p"], "a thing is read when it has all pieces: {order:#?}");
    }
    for sql in [found::STATEMENTS.beginning, found_lists::STATEMENTS.beginning] {
        let plan = plan(&house, sql).await;
        assert!(!plan.iter().any(|line| reads_all(line) && !line.starts_with("SCAN few")), "{sql}: {plan:#?}");
    }
    let all = plan(&house, "SELECT id FROM users WHERE about = 'x'").await;
    assert!(all.iter().any(|line| reads_all(line)), "the test would notice: {all:#?}");
}
