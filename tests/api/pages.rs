//! Lists by keyset, on the database that is tested: every row once, those of one time too, whichever way a list goes.

use moodcall::base::timestamp::Timestamp;
use moodcall::web::page::{Cursor, Paging};

use crate::client::{House, house};

type Row = (i64, String);

/// Six rows, three of them of one time.
macro_rules! rows {
    () => {
        "SELECT at, id FROM (SELECT CAST(2 AS BIGINT) AS at, 'b' AS id UNION ALL SELECT 1, 'c' UNION ALL SELECT 2, 'c' \
         UNION ALL SELECT 3, 'a' UNION ALL SELECT 9, 'z' UNION ALL SELECT 2, 'a') AS few WHERE at < $1 AND (at, id) "
    };
}

const NEWEST: &str = concat!(rows!(), "< ($2, $3) ORDER BY at DESC, id DESC LIMIT $4");
const OLDEST: &str = concat!(rows!(), "> ($2, $3) ORDER BY at, id LIMIT $4");

/// Every row before the time 9, as pages of so many show them.
async fn walk(house: &House, newest_first: bool, limit: u32) -> Vec<Row> {
    let place = |(at, id): &Row| Cursor::new(Timestamp::from_millis(*at), id);
    let pool = house.running.app.state.store.read();
    let mut paging = Paging { limit, after: None };
    let mut found = Vec::new();
    loop {
        let page = if newest_first {
            paging.newest_first(sqlx::query_as(NEWEST).bind(9_i64), pool, place).await
        } else {
            paging.oldest_first(sqlx::query_as(OLDEST).bind(9_i64), pool, place).await
        };
        let page = page.expect("a page");
        assert!((1..=limit as usize).contains(&page.items.len()), "{page:?}");
        found.extend(page.items);
        let Some(next) = page.next_cursor else { return found };
        paging.after = Some(Cursor::from_text(&next).expect("a cursor"));
    }
}

#[tokio::test]
async fn pages_of_any_length_show_every_row_once_and_in_order() {
    let house = house().await;
    let mut rows: Vec<Row> =
        [(1, "c"), (2, "a"), (2, "b"), (2, "c"), (3, "a")].map(|(at, id)| (at, id.to_owned())).to_vec();
    for limit in [1, 2, 3, 5, 100] {
        assert_eq!(walk(&house, false, limit).await, rows, "{limit}");
    }
    rows.reverse();
    for limit in [1, 2, 3, 5, 100] {
        assert_eq!(walk(&house, true, limit).await, rows, "{limit}");
    }
}
