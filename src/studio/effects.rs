//! What a person may ask for, who may have their expression read, and why an effect is refused.

use thiserror::Error;

use crate::base::id::ParticipantId;
use crate::media::pipeline::worker::PoolError;
use crate::media::{Background, Mood};
use crate::protocol::code::Code;
use crate::protocol::{Effects, MoodLabel};
use crate::sfu::SfuError;

/// Proof that a person agreed to have their own expression read. Only signaling makes one, and only while it handles the
/// very message in which that person says so; it ends with the effect that it was given for.
#[derive(Debug, PartialEq, Eq)]
pub struct AnalysisConsent {
    participant: ParticipantId,
}

impl AnalysisConsent {
    /// The consent of this participant, for their own camera.
    #[must_use]
    pub fn given_by(participant: ParticipantId) -> Self {
        Self { participant }
    }

    /// Whose it is.
    #[must_use]
    pub fn participant(&self) -> ParticipantId {
        self.participant
    }
}

/// Why an effect does not happen.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EffectsError {
    /// The filter cannot be used on this server now, for this reason.
    #[error("effects are not available: {0}")]
    Unavailable(String),
    /// Nobody agreed to the analysis.
    #[error("the expression is read only after the person has agreed")]
    Consent,
    /// `unsure` has no scene.
    #[error("there is no scene of that name")]
    NoScene,
    /// All workers are busy.
    #[error("the server has as many processed tracks as it can bear")]
    Full,
    /// The track is not VP8.
    #[error("effects work on VP8 video only")]
    Codec,
    /// The track is gone.
    #[error("there is no such track")]
    Track,
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopped,
}

impl EffectsError {
    /// The code that a client gets.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Unavailable(_) | Self::Full => Code::FilterUnavailable,
            Self::Consent => Code::Consent,
            Self::NoScene => Code::Invalid,
            Self::Codec => Code::Codec,
            Self::Track => Code::Track,
            Self::Stopped => Code::Draining,
        }
    }
}

impl From<SfuError> for EffectsError {
    fn from(error: SfuError) -> Self {
        match error {
            SfuError::CodecUnsupported => Self::Codec,
            SfuError::Stopped => Self::Stopped,
            _ => Self::Track,
        }
    }
}

impl From<PoolError> for EffectsError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Unavailable(reason) => Self::Unavailable(reason),
            PoolError::Full => Self::Full,
            PoolError::Stopped => Self::Stopped,
        }
    }
}

/// The background that an effect means. Reading the expression takes the consent of the very person.
pub(super) fn background(
    participant: ParticipantId,
    effects: Effects,
    consent: Option<&AnalysisConsent>,
) -> Result<Background, EffectsError> {
    match effects {
        Effects::Off => Ok(Background::Off),
        Effects::Blur => Ok(Background::Blur),
        Effects::Scene { scene } => scene_of(scene).map(Background::Scene).ok_or(EffectsError::NoScene),
        Effects::Mood if consent.is_some_and(|consent| consent.participant == participant) => {
            Ok(Background::FollowMood)
        }
        Effects::Mood => Err(EffectsError::Consent),
    }
}

/// The mood whose scene this is.
fn scene_of(label: MoodLabel) -> Option<Mood> {
    Some(match label {
        MoodLabel::Neutral => Mood::Neutral,
        MoodLabel::Happiness => Mood::Happiness,
        MoodLabel::Sadness => Mood::Sadness,
        MoodLabel::Anger => Mood::Anger,
        MoodLabel::Fear => Mood::Fear,
        MoodLabel::Disgust => Mood::Disgust,
        MoodLabel::Surprise => Mood::Surprise,
        MoodLabel::Contempt => Mood::Contempt,
        MoodLabel::Unsure => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_read_only_with_the_consent_of_that_very_person() {
        let (ada, ben) = (ParticipantId::new(), ParticipantId::new());
        let given = AnalysisConsent::given_by(ada);
        assert_eq!(background(ada, Effects::Mood, Some(&given)), Ok(Background::FollowMood));
        assert_eq!(background(ada, Effects::Mood, None), Err(EffectsError::Consent));
        assert_eq!(background(ben, Effects::Mood, Some(&given)), Err(EffectsError::Consent));
    }

    #[test]
    fn other_effects_never_read_an_expression() {
        let ada = ParticipantId::new();
        for effects in [Effects::Off, Effects::Blur, Effects::Scene { scene: MoodLabel::Fear }] {
            let given = AnalysisConsent::given_by(ada);
            assert!(background(ada, effects, Some(&given)).is_ok_and(|wanted| wanted != Background::FollowMood));
        }
        let unsure = Effects::Scene { scene: MoodLabel::Unsure };
        assert_eq!(background(ada, unsure, None), Err(EffectsError::NoScene));
    }
}
