//! `PATCH /me`: changes what it names and nothing else.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::Me;
use crate::base::fold::fold;
use crate::base::language::Language;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::store::StoreError;
use crate::users::create::CreateError;
use crate::users::genre::{self, Genre};
use crate::users::theme::Theme;
use crate::users::{CurrentUser, Users, grams, name};
use crate::web::error::ApiError;
use crate::web::extract::Body;

/// What to change. A field that is not there stays as it is; null is no value of any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Edit {
    /// The name that is shown, unique: 1 to 8 characters as readers count them.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 40, examples("Ada"))]
    pub nickname: Option<String>,
    /// The handle, unique: a-z, 0-9 and `_`, beginning with a letter.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 3, max_length = 20, examples("ada"))]
    pub handle: Option<String>,
    /// What they say about themselves; empty for nothing.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200, examples("Rain, tape hiss, and slow songs."))]
    pub about: Option<String>,
    /// What they like to hear: one to three, each once.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_items = 1, max_items = 3)]
    pub genres: Option<Vec<Genre>>,
    /// Language of mails and pages.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub language: Option<Language>,
    /// How the pages look.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub theme: Option<Theme>,
}

/// A field that is there has a value.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Change one's account
///
/// Changes what the body names and nothing else. Of several who ask for one name at the same moment one gets it.
///
/// # Errors
/// 409 `taken` with the field for a name that somebody has; 422 with the field.
#[utoipa::path(
    patch, path = "/me", tag = "users", operation_id = "editMe", request_body = Edit,
    responses(
        (status = 200, description = "The account as it is now", body = Me),
        (status = 403, description = "`suspended`, where it is about what others see"),
        (status = 409, description = "Somebody has that name"),
        (status = 422, description = "A value that is not allowed"),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    user: CurrentUser,
    Body(edit): Body<Edit>,
) -> Result<Json<Me>, ApiError> {
    // What others see of somebody stays as it is; how the pages look is their own affair.
    if edit.nickname.is_some() || edit.handle.is_some() || edit.about.is_some() {
        user.active()?;
    }
    let nickname = edit.nickname.as_deref().map(|typed| name::nickname(typed, "/nickname")).transpose()?;
    let handle = edit.handle.as_deref().map(|typed| name::handle(typed, "/handle")).transpose()?;
    let about = edit.about.as_deref().map(|typed| name::about(typed, "/about")).transpose()?;
    if edit.genres.as_ref().is_some_and(|genres| genres.is_empty() || !genre::fit(genres)) {
        return Err(ApiError::field("/genres", "Choose one to three genres, each once."));
    }
    let mut transaction = users.state.store.begin().await?;
    let names: (String, String) = sqlx::query_as(
        "UPDATE users SET nickname = COALESCE($2, nickname), nickname_key = COALESCE($3, nickname_key), \
         handle = COALESCE($4, handle), about = COALESCE($5, about), genres = COALESCE($6, genres), \
         language = COALESCE($7, language), theme = COALESCE($8, theme), updated_at = $9 \
         WHERE id = $1 RETURNING nickname, handle",
    )
    .bind(user.id)
    .bind(&nickname)
    .bind(nickname.as_deref().map(fold))
    .bind(&handle)
    .bind(about)
    .bind(edit.genres.as_deref().map(genre::to_row))
    .bind(edit.language.map(Language::tag))
    .bind(edit.theme.map(Theme::tag))
    .bind(Timestamp::now())
    .fetch_one(&mut *transaction)
    .await
    .map_err(|error| CreateError::from(StoreError::from(error)))?;
    if nickname.is_some() || handle.is_some() {
        grams::write(&mut transaction, user.id, &names.0, &names.1).await?;
    }
    transaction.commit().await?;
    let me = Me::load(&users.state.store, user.id).await?;
    me.map(Json).ok_or(ApiError::Unauthorized(Code::LoginNeeded))
}
