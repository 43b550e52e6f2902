//! The moods as people see them: names, colours, icon and scene. One table for the API and for what is drawn.

use crate::base::palette;
pub use crate::base::palette::Rgb;
use crate::media::Mood;

/// How one mood is named and drawn. Colours differ in lightness as well as in hue, so that nobody has to tell two moods
/// apart by hue alone; the icon and the kind of motion differ too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Whose palette this is.
    pub mood: Mood,
    /// Stable word on the wire, in lower case.
    pub label: &'static str,
    /// English name.
    pub en: &'static str,
    /// Korean name.
    pub ko: &'static str,
    /// The bright end of its colours.
    pub glow: Rgb,
    /// The dark end of its colours.
    pub deep: Rgb,
    /// Name of the icon in the web app's set.
    pub icon: &'static str,
    /// English name of the scene; empty where the mood has none of its own.
    pub scene_en: &'static str,
    /// Korean name of the scene; empty where the mood has none of its own.
    pub scene_ko: &'static str,
    /// Length of the scene's loop in seconds; 0 where the mood has none.
    pub seconds: u32,
}

/// Every mood there is; the last is `unsure`, which keeps the scene of the mood before it.
pub const PALETTES: [Palette; 9] = [
    Palette {
        mood: Mood::Neutral,
        label: "neutral",
        en: "Calm",
        ko: "평온",
        glow: palette::NEUTRAL.glow,
        deep: palette::NEUTRAL.deep,
        icon: "cloud",
        scene_en: "Calm",
        scene_ko: "고요",
        seconds: 8,
    },
    Palette {
        mood: Mood::Happiness,
        label: "happiness",
        en: "Happiness",
        ko: "행복",
        glow: palette::HAPPINESS.glow,
        deep: palette::HAPPINESS.deep,
        icon: "sun",
        scene_en: "Golden hour",
        scene_ko: "황금빛",
        seconds: 8,
    },
    Palette {
        mood: Mood::Sadness,
        label: "sadness",
        en: "Sadness",
        ko: "슬픔",
        glow: palette::SADNESS.glow,
        deep: palette::SADNESS.deep,
        icon: "rain",
        scene_en: "Blue rain",
        scene_ko: "푸른 비",
        seconds: 8,
    },
    Palette {
        mood: Mood::Anger,
        label: "anger",
        en: "Anger",
        ko: "분노",
        glow: palette::ANGER.glow,
        deep: palette::ANGER.deep,
        icon: "flame",
        scene_en: "Embers",
        scene_ko: "잉걸불",
        seconds: 7,
    },
    Palette {
        mood: Mood::Fear,
        label: "fear",
        en: "Fear",
        ko: "두려움",
        glow: palette::FEAR.glow,
        deep: palette::FEAR.deep,
        icon: "moon",
        scene_en: "Night fog",
        scene_ko: "밤안개",
        seconds: 8,
    },
    Palette {
        mood: Mood::Disgust,
        label: "disgust",
        en: "Disgust",
        ko: "불쾌",
        glow: palette::DISGUST.glow,
        deep: palette::DISGUST.deep,
        icon: "leaf",
        scene_en: "Green water",
        scene_ko: "초록 물결",
        seconds: 8,
    },
    Palette {
        mood: Mood::Surprise,
        label: "surprise",
        en: "Surprise",
        ko: "놀람",
        glow: palette::SURPRISE.glow,
        deep: palette::SURPRISE.deep,
        icon: "spark",
        scene_en: "Confetti",
        scene_ko: "색종이",
        seconds: 8,
    },
    Palette {
        mood: Mood::Contempt,
        label: "contempt",
        en: "Contempt",
        ko: "경멸",
        glow: palette::CONTEMPT.glow,
        deep: palette::CONTEMPT.deep,
        icon: "wave",
        scene_en: "Dunes",
        scene_ko: "모래결",
        seconds: 8,
    },
    Palette {
        mood: Mood::Unsure,
        label: "unsure",
        en: "Not sure",
        ko: "글쎄요",
        glow: palette::UNSURE.glow,
        deep: palette::UNSURE.deep,
        icon: "dotted-ring",
        scene_en: "",
        scene_ko: "",
        seconds: 0,
    },
];

/// The moods that have a scene of their own: all but `unsure`.
pub fn scenes() -> impl Iterator<Item = &'static Palette> {
    PALETTES.iter().filter(|palette| palette.seconds > 0)
}

/// The palette of one mood.
pub fn palette(mood: Mood) -> &'static Palette {
    let [calm, ..] = &PALETTES;
    PALETTES.iter().find(|palette| palette.mood == mood).unwrap_or(calm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mood_has_one_palette_and_labels_are_unique() {
        for palette in &PALETTES {
            assert_eq!(PALETTES.iter().filter(|other| other.label == palette.label).count(), 1, "{}", palette.label);
            assert_eq!(super::palette(palette.mood), palette);
        }
        assert_eq!(scenes().count(), 8);
    }

    #[test]
    fn loops_last_six_to_eight_seconds() {
        assert!(scenes().all(|palette| (6..=8).contains(&palette.seconds)));
    }
}
