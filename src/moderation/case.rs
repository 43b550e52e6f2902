//! A report, as staff see it.

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row as _};
use utoipa::ToSchema;

use super::subject::{Subject, SubjectKind};
use crate::base::id::{ReportId, UserId};
use crate::base::timestamp::Timestamp;
use crate::store::StoreError;
use crate::users::card::{Card, picture_url};

/// Why something is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It sells or repeats.
    Spam,
    /// It is after somebody.
    Harassment,
    /// It is sexual.
    Sexual,
    /// It shows or threatens violence.
    Violence,
    /// It shows what is private.
    Privacy,
    /// As the note says.
    Other,
}

impl Reason {
    const ALL: [Self; 6] = [Self::Spam, Self::Harassment, Self::Sexual, Self::Violence, Self::Privacy, Self::Other];

    /// As it stands in a row.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Harassment => "harassment",
            Self::Sexual => "sexual",
            Self::Violence => "violence",
            Self::Privacy => "privacy",
            Self::Other => "other",
        }
    }

    /// The reason of that name.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// What became of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportStatus {
    /// Nobody has decided.
    #[default]
    Open,
    /// It was right.
    Upheld,
    /// It was not.
    Dismissed,
}

impl ReportStatus {
    /// As it stands in a row.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Upheld => "upheld",
            Self::Dismissed => "dismissed",
        }
    }

    /// The status of that name.
    pub fn of(text: &str) -> Option<Self> {
        [Self::Open, Self::Upheld, Self::Dismissed].into_iter().find(|status| status.as_str() == text)
    }
}

/// A report and what is known about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Case {
    /// The report.
    pub id: ReportId,
    /// What it is about.
    pub subject: Subject,
    /// Whose doing it is; none for a guest's, and when they are gone.
    pub author: Option<Card>,
    /// Who reports it; none when they are gone.
    pub reporter: Option<Card>,
    /// What is wrong with it.
    pub reason: Reason,
    /// What the reporter adds.
    pub note: String,
    /// What the thing said when it was reported.
    pub excerpt: String,
    /// What became of it.
    pub status: ReportStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Who closed it.
    pub closed_by: Option<Card>,
}

/// Reports `r` with the people around them.
macro_rules! cases {
    () => {
        "SELECT r.id AS report_id, r.subject_kind, r.subject_id, r.reason, r.note, r.excerpt, r.status, r.created_at, \
         r.closed_at, a.id AS a_id, a.handle AS a_handle, a.nickname AS a_nickname, a.avatar AS a_avatar, \
         p.id AS p_id, p.handle AS p_handle, p.nickname AS p_nickname, p.avatar AS p_avatar, \
         s.id AS s_id, s.handle AS s_handle, s.nickname AS s_nickname, s.avatar AS s_avatar \
         FROM reports r LEFT JOIN users a ON a.id = r.author_id LEFT JOIN users p ON p.id = r.reporter_id \
         LEFT JOIN users s ON s.id = r.closed_by "
    };
}

/// One: identifier.
pub const ONE: &str = concat!(cases!(), "WHERE r.id = $1");

/// Those that wait, longest first: status, time, identifier, rows.
pub const WAITING: &str =
    concat!(cases!(), "WHERE r.status = $1 AND (r.created_at, r.id) > ($2, $3) ORDER BY r.created_at, r.id LIMIT $4");

/// Those that are closed, newest first: status, time, identifier, rows.
pub const CLOSED: &str = concat!(
    cases!(),
    "WHERE r.status = $1 AND (r.created_at, r.id) < ($2, $3) ORDER BY r.created_at DESC, r.id DESC LIMIT $4"
);

impl<'r> FromRow<'r, AnyRow> for Case {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let unknown = || sqlx::Error::Decode("a report of an unknown kind".into());
        let (reason, status): (String, String) = (row.try_get("reason")?, row.try_get("status")?);
        Ok(Self {
            id: row.try_get("report_id")?,
            subject: subject(row)?,
            author: card(row, ["a_id", "a_handle", "a_nickname", "a_avatar"])?,
            reporter: card(row, ["p_id", "p_handle", "p_nickname", "p_avatar"])?,
            reason: Reason::of(&reason).ok_or_else(unknown)?,
            note: row.try_get("note")?,
            excerpt: row.try_get("excerpt")?,
            status: ReportStatus::of(&status).ok_or_else(unknown)?,
            created_at: row.try_get("created_at")?,
            closed_at: row.try_get("closed_at")?,
            closed_by: card(row, ["s_id", "s_handle", "s_nickname", "s_avatar"])?,
        })
    }
}

/// The columns `subject_kind` and `subject_id`.
pub(super) fn subject(row: &AnyRow) -> Result<Subject, sqlx::Error> {
    let (kind, id): (String, String) = (row.try_get("subject_kind")?, row.try_get("subject_id")?);
    let kind = SubjectKind::of(&kind);
    kind.and_then(|kind| Subject::new(kind, id)).ok_or_else(|| sqlx::Error::Decode("no such kind of thing".into()))
}

/// Somebody of a row with several people; none when the first column is null.
pub(super) fn card(row: &AnyRow, [id, handle, nickname, avatar]: [&str; 4]) -> Result<Option<Card>, sqlx::Error> {
    let Some(id) = row.try_get::<Option<UserId>, _>(id)? else { return Ok(None) };
    let avatar = row.try_get::<Option<String>, _>(avatar)?.map(|name| picture_url(&name));
    Ok(Some(Card { id, handle: row.try_get(handle)?, nickname: row.try_get(nickname)?, avatar }))
}

impl Case {
    /// One report.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(connection: &mut AnyConnection, id: ReportId) -> Result<Option<Self>, StoreError> {
        Ok(sqlx::query_as(ONE).bind(id).fetch_optional(connection).await?)
    }
}
