//! The day of YouTube's quota: from midnight to midnight in California, where clocks go forward on the second Sunday of
//! March and back on the first of November, at two in the morning.

use std::time::Duration;

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

use crate::base::timestamp::Timestamp;

/// A day of the quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Its date, such as `2026-11-22`.
    pub date: String,
    /// How long it lasts from now.
    pub left: Duration,
}

impl Day {
    /// The day that it is.
    pub fn of(now: Timestamp) -> Self {
        let utc =
            OffsetDateTime::from_unix_timestamp(now.millis().div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        // Winter's day is never ahead of the right one; in summer a new one may have begun an hour earlier.
        let winter = (utc - Duration::from_secs(8 * 3600)).date();
        let next = winter.next_day().unwrap_or(winter);
        let date = if utc >= midnight(next) { next } else { winter };
        let end = midnight(date.next_day().unwrap_or(date));
        let left = u64::try_from((end - utc).whole_seconds()).unwrap_or_default();
        Self { date: date.to_string(), left: Duration::from_secs(left) }
    }
}

/// When a date begins there.
fn midnight(date: Date) -> OffsetDateTime {
    let summer = sunday(date.year(), Month::March, 2).is_some_and(|from| date > from)
        && sunday(date.year(), Month::November, 1).is_some_and(|to| date <= to);
    let hours = if summer { 7 } else { 8 };
    PrimitiveDateTime::new(date, Time::MIDNIGHT).assume_utc() + Duration::from_secs(hours * 3600)
}

/// So many-th Sunday of a month.
fn sunday(year: i32, month: Month, which: u8) -> Option<Date> {
    let first = Date::from_calendar_date(year, month, 1).ok()?;
    let to_go = (7 - first.weekday().number_days_from_sunday()) % 7;
    Date::from_calendar_date(year, month, 1 + to_go + 7 * (which - 1)).ok()
}

#[cfg(test)]
mod tests {
    use time::format_description::well_known::Rfc3339;

    use super::*;

    fn day(text: &str) -> (String, u64) {
        let at = OffsetDateTime::parse(text, &Rfc3339).unwrap().unix_timestamp();
        let day = Day::of(Timestamp::from_millis(at * 1000));
        (day.date, day.left.as_secs())
    }

    #[test]
    fn a_day_begins_at_midnight_in_california() {
        for (now, date, left) in [
            ("2026-11-22T07:59:59Z", "2026-11-21", 1),
            ("2026-11-22T08:00:00Z", "2026-11-22", 24 * 3600),
            ("2026-07-01T06:59:59Z", "2026-06-30", 1),
            ("2026-07-01T07:00:00Z", "2026-07-01", 24 * 3600),
            ("2026-07-01T07:30:00Z", "2026-07-01", 24 * 3600 - 1800),
            // 2026-03-08 has 23 hours, 2026-11-01 has 25.
            ("2026-03-08T07:59:59Z", "2026-03-07", 1),
            ("2026-03-08T08:00:00Z", "2026-03-08", 23 * 3600),
            ("2026-11-01T06:59:59Z", "2026-10-31", 1),
            ("2026-11-01T07:00:00Z", "2026-11-01", 25 * 3600),
            ("2026-11-02T07:59:59Z", "2026-11-01", 1),
            ("2026-12-31T23:00:00Z", "2026-12-31", 9 * 3600),
        ] {
            assert_eq!(day(now), (date.to_owned(), left), "{now}");
        }
    }
}
