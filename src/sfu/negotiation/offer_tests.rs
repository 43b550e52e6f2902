//! Offers as browsers make them, and as nobody should.

use proptest::prelude::*;

use super::*;
use crate::sfu::Codec;

const CHROME: &str = include_str!("chrome_offer.sdp");

fn offer() -> Offer {
    Offer::parse(CHROME).expect("a browser's own offer")
}

#[test]
fn a_browser_offer_is_reduced_to_what_we_forward() {
    let offer = offer();
    assert_eq!(offer.credentials.fragment, "Yf7x");
    assert_eq!(offer.setup, Setup::Either);
    assert_eq!(offer.sections.len(), 3);
    let audio = &offer.sections[0];
    assert_eq!(audio.kind, Some(Kind::Audio));
    assert_eq!(audio.codecs.iter().map(|codec| codec.payload_type).collect::<Vec<_>>(), [111]);
    assert_eq!(audio.extensions, [(1, Extension::AudioLevel), (3, Extension::TransportCc)]);
    let video = &offer.sections[1];
    assert_eq!(video.direction, Direction::SendRecv);
    assert_eq!(video.sources, Some(Sources { primary: 3_570_614_608, rtx: Some(4_289_103_321) }));
    let formats: Vec<_> = video.codecs.iter().map(|codec| (codec.format, codec.payload_type, codec.rtx)).collect();
    assert_eq!(
        formats,
        [
            (Format::Vp8, 96, Some(97)),
            (Format::H264 { mode: 1 }, 108, Some(109)),
            (Format::H264 { mode: 0 }, 106, Some(107)),
        ]
    );
    assert_eq!(video.codecs[0].feedback, Feedback::ALL);
    assert_eq!(offer.sections[2].kind, None, "data channels are rejected");
}

#[test]
fn single_nal_units_may_travel_as_mode_one() {
    let mut video = offer().sections.remove(1);
    assert_eq!(video.codec(Format::H264 { mode: 0 }).map(|codec| codec.payload_type), Some(106));
    video.codecs.retain(|codec| codec.format != Format::H264 { mode: 0 });
    assert_eq!(video.codec(Format::H264 { mode: 0 }).map(|codec| codec.payload_type), Some(108));
    video.codecs.retain(|codec| codec.format.codec() != Codec::H264);
    assert_eq!(video.codec(Format::H264 { mode: 0 }), None);
}

#[test]
fn a_bomb_is_refused_before_it_is_read() {
    let huge = format!("{CHROME}a={}\r\n", "x".repeat(MAX_SDP_BYTES));
    assert_eq!(Offer::parse(&huge), Err(OfferError::TooLarge { limit: MAX_SDP_BYTES }));
    let many = format!("{CHROME}{}", "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n".repeat(MAX_SECTIONS));
    assert_eq!(Offer::parse(&many), Err(OfferError::TooManySections { limit: MAX_SECTIONS }));
}

#[test]
fn no_more_sources_are_taken_than_a_transport_may_have() {
    let mut sdp: String = CHROME.split("m=").next().unwrap().to_owned();
    for number in 0..20 {
        sdp += &format!(
            "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:v{number}\r\na=ice-ufrag:Yf7x\r\na=ice-pwd:0123456789abcdef012345\r\n\
             a=fingerprint:sha-256 AA:BB\r\na=sendrecv\r\na=rtpmap:96 VP8/90000\r\na=ssrc:{} cname:x\r\n",
            number + 1
        );
    }
    let offer = Offer::parse(&sdp).unwrap();
    assert_eq!(offer.sections.iter().filter(|section| section.sources.is_some()).count(), MAX_SOURCES);
}

#[test]
fn sections_without_a_common_codec_and_absurd_numbers_are_rejected_alone() {
    let sdp =
        CHROME.replace("a=rtpmap:111 opus/48000/2", "a=rtpmap:111 speex/16000").replace(" 96 97", " 200 300 96 97");
    let offer = Offer::parse(&sdp).unwrap();
    assert_eq!(offer.sections[0].kind, None);
    assert_eq!(offer.sections[0].media, "audio 0 UDP/TLS/RTP/SAVPF 111");
    assert_eq!(offer.sections[1].kind, Some(Kind::Video));
}

#[test]
fn what_an_offer_must_have_is_named_when_it_is_missing() {
    for (line, word) in [("a=fingerprint:", "fingerprint"), ("a=ice-pwd:", "credentials"), ("a=mid:", "mid")] {
        let sdp: String =
            CHROME.lines().filter(|text| !text.starts_with(line)).map(|text| format!("{text}\r\n")).collect();
        let error = Offer::parse(&sdp).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(?s).{0,2000}") {
        let _ = Offer::parse(&text);
    }

    #[test]
    fn no_damage_to_a_real_offer_makes_it_panic(at in 0usize..4000, cut in 0usize..200, with in "[ -~\r\n]{0,40}") {
        let (at, end) = (at.min(CHROME.len()), (at + cut).min(CHROME.len()));
        let damaged = format!("{}{with}{}", &CHROME[..at], &CHROME[end..]);
        if let Ok(offer) = Offer::parse(&damaged) {
            prop_assert!(offer.sections.len() <= MAX_SECTIONS);
        }
    }
}

#[test]
fn the_credentials_are_those_of_the_first_section_that_we_take() {
    let (before, application) = CHROME.split_at(CHROME.find("m=application").unwrap());
    let (session, media) = before.split_at(before.find("m=").unwrap());
    let other = application.replace("a=ice-ufrag:Yf7x", "a=ice-ufrag:other");
    let offer = Offer::parse(&format!("{session}{other}{media}")).unwrap();
    assert_eq!(offer.credentials.fragment, "Yf7x");
}
