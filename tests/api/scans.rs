//! No list reads a whole table: every query between people is found by an index. Looked at on SQLite, whose plan does not
//! depend on how many rows there are; the indexes are the same on PostgreSQL, where small tables are read whole rightly.

use moodcall::comments::{about, delete, row as comments, write};
use moodcall::moderation::{act, audit, case, overview, report, subject, takedown, verdict};
use moodcall::notices::row;
use moodcall::rooms::calls;
use moodcall::search::people;
use moodcall::social::{blocks, lists, requests, sight};
use moodcall::store::Engine;
use moodcall::tags::list as tags;
use sqlx::Row as _;

use crate::client::{House, house};

/// What the plan of a query does, line by line.
async fn plan(house: &House, sql: &'static str) -> Vec<String> {
    let explained = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = sqlx::query(explained).fetch_all(house.running.app.state.store.read()).await.expect("a plan");
    rows.iter().map(|row| row.get::<String, _>("detail")).collect()
}

/// Whether a line of a plan reads a whole table. A sub-query that was limited by an index is read whole rightly.
fn reads_all(line: &str) -> bool {
    let named = line.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
    named.is_some_and(|name| !["above", "below", "merged", "few", "CONSTANT"].contains(&name))
}

#[tokio::test]
async fn every_list_is_found_by_an_index() {
    let house = house().await;
    if house.running.app.state.store.engine() != Engine::Sqlite {
        return;
    }
    let lists = [
        ("followers", lists::FOLLOWERS),
        ("following", lists::FOLLOWING),
        ("friends", lists::FRIENDS),
        ("blocks", blocks::BLOCKED),
        ("requests that came", requests::list::INCOMING),
        ("requests that went", requests::list::OUTGOING),
        ("one request", requests::row::ONE),
        ("notifications", row::NEWEST),
        ("one notification", row::ONE),
        ("how many have a piece", people::WEIGHT),
        ("the end of a stretch", people::END),
        ("a stretch", people::STRETCH_OF),
        ("who is called exactly so", people::EXACTLY),
        ("comments under a post", comments::UNDER_POST),
        ("comments under a playlist", comments::UNDER_PLAYLIST),
        ("replies", comments::REPLIES),
        ("one comment", comments::ONE),
        ("a comment to delete", delete::FACTS),
        ("what somebody has said under a post", about::LEFT),
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
        ("a line to remove", takedown::MESSAGE),
        ("what waits for staff", overview::QUEUES),
        ("whose post it is", sight::AUTHOR),
        ("popular tags", tags::POPULAR),
        ("a tag by name", tags::EXACTLY),
        ("the end of a stretch of tags", tags::END),
        ("a stretch of tags", tags::STRETCH_OF),
        ("calls", calls::history::CALLS),
        ("one call", calls::call::ONE),
        ("what somebody is busy with", calls::row::OPEN),
        ("what a page hears of a call", calls::told::TOLD),
        ("what rings on a page that is opened", calls::told::RINGING),
    ];
    for (name, sql) in lists {
        let plan = plan(&house, sql).await;
        assert!(plan.iter().any(|line| line.starts_with("SEARCH ")), "{name}: {plan:#?}");
        assert!(!plan.iter().any(|line| reads_all(line)), "{name}: {plan:#?}");
    }
    for (name, sql) in &lists[..2] {
        let plan = plan(&house, sql).await;
        assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{name} is sorted by its index: {plan:#?}");
    }
    for sql in [comments::UNDER_POST, comments::UNDER_PLAYLIST, comments::REPLIES, case::WAITING, audit::NEWEST] {
        let plan = plan(&house, sql).await;
        assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{sql} is sorted by its index: {plan:#?}");
    }
    let all = plan(&house, "SELECT id FROM users WHERE about = 'x'").await;
    assert!(all.iter().any(|line| reads_all(line)), "the test would notice: {all:#?}");
}
