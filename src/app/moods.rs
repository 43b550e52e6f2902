//! `/moods` and `/models`: how moods are named and drawn, and which networks read them.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use crate::media::compose::palette::{PALETTES, Palette, Rgb};

/// Every mood there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Moods {
    /// The moods; the last is `unsure`.
    pub items: Vec<Mood>,
}

/// How one mood is named and drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mood {
    /// Stable word on the wire.
    #[schema(examples("happiness"))]
    pub label: String,
    /// What people call it.
    pub name: Bilingual,
    /// Its colors.
    pub colors: Colors,
    /// Name of the icon in the web app's set.
    #[schema(examples("sun"))]
    pub icon: String,
    /// What its background is called; none where it has none of its own.
    pub scene: Option<Bilingual>,
}

/// A word in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bilingual {
    /// English.
    #[schema(examples("Golden hour"))]
    pub en: String,
    /// Korean.
    #[schema(examples("황금빛"))]
    pub ko: String,
}

/// The two ends of a mood's colors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Colors {
    /// The bright end.
    #[schema(pattern = "^#[0-9a-f]{6}$", examples("#ffb938"))]
    pub glow: String,
    /// The dark end.
    #[schema(pattern = "^#[0-9a-f]{6}$", examples("#e4572e"))]
    pub deep: String,
}

/// The networks, and whether they can be used now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Models {
    /// Whether effects can be used now.
    pub available: bool,
    /// Why not.
    pub reason: Option<String>,
    /// Whether expressions can be read now.
    pub reads_expressions: bool,
    /// The networks.
    pub models: Vec<Model>,
}

/// One network that looks at a picture: whose it is, and how often it errs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Model {
    /// A short name.
    #[schema(examples("yunet"))]
    pub name: String,
    /// What it is for.
    pub role: ModelRole,
    /// Its file.
    #[schema(examples("face.onnx"))]
    pub file: String,
    /// Of the file, in hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
    /// SPDX expression.
    #[schema(examples("MIT"))]
    pub licence: String,
    /// Where the weights come from.
    pub source: String,
    /// What was done to them.
    pub changes: String,
    /// The meaning of its outputs, in order, if they are classes.
    pub labels: Vec<String>,
    /// How often it is right, measured on what.
    pub accuracy: Vec<String>,
}

/// What a network is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ModelRole {
    /// Finds faces and their keypoints.
    Face,
    /// Reads an expression from a face.
    Expression,
    /// Tells person from background.
    Matte,
    /// The same for half the time.
    MatteLight,
}

/// List the moods
///
/// The palette, with names in both languages; pages draw badges from it.
#[utoipa::path(get, path = "/moods", tag = "moods", operation_id = "listMoods", responses(
    (status = 200, description = "Every mood there is.", body = Moods),
))]
pub async fn list() -> Json<Moods> {
    Json(Moods { items: PALETTES.iter().map(shown).collect() })
}

/// List the networks
///
/// Which networks look at a face, whose they are, and how often they err.
#[utoipa::path(get, path = "/models", tag = "moods", operation_id = "listModels", responses(
    (status = 200, description = "The networks, and whether they can be used now.", body = Models),
))]
pub async fn models(State(app): State<App>) -> Json<Models> {
    Json((*app.models).clone())
}

fn shown(palette: &Palette) -> Mood {
    let color = |[red, green, blue]: Rgb| format!("#{red:02x}{green:02x}{blue:02x}");
    let both = |en: &str, ko: &str| Bilingual { en: en.to_owned(), ko: ko.to_owned() };
    Mood {
        label: palette.label.to_owned(),
        name: both(palette.en, palette.ko),
        colors: Colors { glow: color(palette.glow), deep: color(palette.deep) },
        icon: palette.icon.to_owned(),
        scene: (palette.seconds > 0).then(|| both(palette.scene_en, palette.scene_ko)),
    }
}
