//! The studio with a real SFU and real workers, without networks and without clients.

use super::*;
use crate::media::pipeline::worker::PoolOptions;
use crate::media::vision::Catalog;
use crate::protocol::MoodLabel;
use crate::sfu;

fn studio(options: Options) -> (Studio, mpsc::UnboundedReceiver<Event>) {
    let sfu = Sfu::start(sfu::Options::default()).expect("loopback can be bound");
    let catalog = Catalog::load(std::path::Path::new("/nonexistent"), None);
    let pool = Pool::start(PoolOptions { workers: 1, ..PoolOptions::default() }, catalog);
    let (events, heard) = mpsc::unbounded_channel();
    (Studio::new(sfu, Arc::new(pool), options, events), heard)
}

#[tokio::test]
async fn without_networks_effects_are_refused_with_the_reason_and_off_is_not() {
    let (studio, _heard) = studio(Options::default());
    let ada = ParticipantId::new();
    let refused = studio.effects(ada, Some(TrackId::new()), Effects::Blur, None).await;
    assert!(matches!(&refused, Err(EffectsError::Unavailable(reason)) if !reason.is_empty()), "{refused:?}");
    assert_eq!(refused.unwrap_err().code(), Code::FilterUnavailable);
    assert_eq!(studio.effects(ada, None, Effects::Off, None).await, Ok(()));
    assert!(studio.unavailable().is_some() && !studio.reads_expressions());
}

#[tokio::test]
async fn a_server_may_switch_the_filter_off() {
    let (studio, _heard) = studio(Options { enabled: false, analysis: true });
    let refused = studio.effects(ParticipantId::new(), None, Effects::Blur, None).await.unwrap_err();
    assert!(refused.to_string().contains("switched off"), "{refused}");
}

#[tokio::test]
async fn what_cannot_be_granted_is_refused_before_anything_else() {
    let (studio, _heard) = studio(Options::default());
    let (ada, ben) = (ParticipantId::new(), ParticipantId::new());
    for consent in [None, Some(AnalysisConsent::given_by(ben))] {
        assert_eq!(studio.effects(ada, None, Effects::Mood, consent).await, Err(EffectsError::Consent));
    }
    let unsure = Effects::Scene { scene: MoodLabel::Unsure };
    assert_eq!(studio.effects(ada, None, unsure, None).await, Err(EffectsError::NoScene));
}

#[tokio::test]
async fn the_mood_ends_with_the_camera_and_the_wish_stays() {
    let (studio, mut heard) = studio(Options::default());
    let (ada, track) = (ParticipantId::new(), TrackId::new());
    studio.place(ada).lock().await.effects = Effects::Mood;
    studio.unpublished(ada, track).await;
    assert_eq!(heard.try_recv(), Ok(Event { participant: ada, track, what: What::Mood(None) }));
    assert_eq!(studio.place(ada).lock().await.effects, Effects::Mood);
}

#[tokio::test]
async fn whoever_has_left_leaves_nothing_behind() {
    let (studio, _heard) = studio(Options::default());
    let ada = ParticipantId::new();
    studio.effects(ada, None, Effects::Off, None).await.unwrap();
    studio.published(ada, TrackId::new()).await;
    studio.unpublished(ada, TrackId::new()).await;
    studio.codec_changed(ada, TrackId::new(), Codec::H264).await;
    studio.left(ada).await;
    studio.left(ada).await;
    assert!(studio.shared.people.lock().is_empty());
    assert_eq!(studio.takes(), 0);
}

#[tokio::test]
async fn a_still_names_whoever_cannot_be_shown() {
    let (studio, _heard) = studio(Options::default());
    let subject = |name: &str, camera| still::Subject { participant: ParticipantId::new(), name: name.into(), camera };
    let room = crate::base::id::RoomId::new();
    let people = vec![subject("Ada", None), subject("하나", Some(TrackId::new()))];
    let request = still::Request { room, people, names: true, time: Some("2026-11-21 22:00 UTC".into()) };
    let picture = studio.still(request.clone()).await.unwrap();
    assert_eq!((picture.width, picture.height), (1280, 480));
    assert!(picture.png.starts_with(b"\x89PNG") && picture.webp.starts_with(b"RIFF"));
    let nobody = still::Request { people: Vec::new(), ..request.clone() };
    assert_eq!(studio.still(nobody).await.unwrap_err().code(), Code::NothingToShow);
    let (one, other) = tokio::join!(studio.still(request.clone()), studio.still(request));
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|ok| **ok).count(), 1, "one of a room at a time");
    assert_eq!(studio.takes(), 0);
}
