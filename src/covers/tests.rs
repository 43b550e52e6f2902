//! Covers differ from each other, and are what they say.

use std::collections::HashSet;
use std::io::Cursor;

use sha2::{Digest as _, Sha256};

use super::*;

const MOODS: [MoodLabel; 8] = [
    MoodLabel::Neutral,
    MoodLabel::Happiness,
    MoodLabel::Sadness,
    MoodLabel::Anger,
    MoodLabel::Fear,
    MoodLabel::Disgust,
    MoodLabel::Surprise,
    MoodLabel::Contempt,
];

fn motif(at: usize, seed: u64) -> Motif {
    Motif { mood: Some(MOODS[at % 8]), genre: Some(Genre::ALL[at % 9]), seed }
}

/// The picture in 16 by 16 fields of red, green and blue.
fn gist(motif: &Motif) -> Vec<f32> {
    let small = paint(motif, 16).unwrap();
    small.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).map(f32::from).collect()
}

/// How far two pictures are from each other: the mean difference of their fields, of 255.
fn distance(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).sum::<f32>() / one.len() as f32
}

#[test]
fn two_thousand_covers_are_two_thousand_pictures() {
    let mut known = HashSet::new();
    for at in 0..2000 {
        // Seeds in a row, as a counter would give them.
        let picture = paint(&motif(at, at as u64), 64).unwrap();
        assert!(known.insert(Sha256::digest(picture.data())), "the cover of seed {at} came before");
    }
}

#[test]
fn covers_of_one_mood_and_genre_do_not_all_look_alike() {
    for at in [0, 10, 20, 30, 40, 50, 60, 70, 71] {
        let gists: Vec<_> = (0..24).map(|seed| gist(&motif(at, seed))).collect();
        let mut distances: Vec<f32> = Vec::new();
        for (index, one) in gists.iter().enumerate() {
            distances.extend(gists[..index].iter().map(|other| distance(one, other)));
        }
        let (least, sum) = distances.iter().fold((f32::MAX, 0.0), |(least, sum), one| (one.min(least), sum + one));
        let mean = sum / distances.len() as f32;
        assert!(least > 3.0 && mean > 12.0, "{:?}: at least {least}, {mean} in the mean", motif(at, 0));
    }
}

#[test]
fn moods_are_told_apart_and_genres_too() {
    let mean = |one: &[Vec<f32>], other: &[Vec<f32>]| {
        let pairs = one.iter().flat_map(|one| other.iter().map(move |other| distance(one, other)));
        pairs.sum::<f32>() / (one.len() * other.len()) as f32
    };
    let of = |mood, genre| -> Vec<_> {
        (0..8).map(|seed| gist(&Motif { mood: Some(mood), genre: Some(genre), seed })).collect()
    };
    let moods: Vec<_> = MOODS.iter().map(|mood| of(*mood, Genre::Ballad)).collect();
    for (index, one) in moods.iter().enumerate() {
        for (before, other) in moods[..index].iter().enumerate() {
            let far = mean(one, other);
            assert!(far > 20.0, "{:?} and {:?}: {far}", MOODS[index], MOODS[before]);
        }
    }
    // The same seeds have the same colors, so what is left is the motif.
    let genres: Vec<_> = Genre::ALL.iter().map(|genre| of(MoodLabel::Sadness, *genre)).collect();
    for (index, one) in genres.iter().enumerate() {
        for (before, other) in genres[..index].iter().enumerate() {
            let far = one.iter().zip(other).map(|(one, other)| distance(one, other)).sum::<f32>() / 8.0;
            assert!(far > 8.0, "{:?} and {:?}: {far}", Genre::ALL[index], Genre::ALL[before]);
        }
    }
}

#[test]
fn a_cover_is_a_small_png_that_says_what_made_it() {
    for at in 0..18 {
        let bytes = draw(&motif(at, 0x5EED_0000 + at as u64)).unwrap();
        assert!(bytes.len() < 200_000, "{:?} has {} bytes", motif(at, 0), bytes.len());
        let reader = png::Decoder::new(Cursor::new(&bytes)).read_info().unwrap();
        let info = reader.info();
        assert_eq!((info.width, info.height, info.color_type), (PIXELS, PIXELS, png::ColorType::Rgb));
        let texts: Vec<_> = info.utf8_text.iter().map(|text| (&text.keyword, text.get_text().unwrap())).collect();
        assert_eq!(texts.len(), 1);
        assert_eq!(texts[0].0, "XML:com.adobe.xmp");
        assert!(texts[0].1.contains("/digitalsourcetype/algorithmicMedia\""), "{}", texts[0].1);
        assert!(info.uncompressed_latin1_text.is_empty() && info.compressed_latin1_text.is_empty());
    }
}

#[test]
fn the_same_motif_is_the_same_file_and_another_seed_is_not() {
    let motif = Motif { mood: None, genre: None, seed: 42 };
    assert_eq!(draw(&motif).unwrap(), draw(&motif).unwrap());
    assert_ne!(draw(&motif).unwrap(), draw(&Motif { seed: 43, ..motif }).unwrap());
}

#[test]
fn nothing_is_written_into_a_cover_and_nothing_is_fetched_for_it() {
    for at in 0..72 {
        let svg = scene::draw(&motif(at, at as u64));
        for word in ["<text", "<image", "href", "http://", "NaN", "inf"] {
            assert!(!svg.replace("http://www.w3.org/2000/svg", "").contains(word), "{word} in cover {at}");
        }
    }
}

#[test]
fn a_jpeg_of_a_model_says_so_and_is_still_a_picture() {
    let mut bytes = Vec::new();
    let picture = image::RgbImage::from_fn(32, 32, |x, y| image::Rgb([x as u8, y as u8, 9]));
    picture.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Jpeg).unwrap();
    let marked = Origin::Model.mark_jpeg(&bytes);
    assert_eq!(image::load_from_memory(&marked).unwrap().to_rgb8(), image::load_from_memory(&bytes).unwrap().to_rgb8());
    let text = String::from_utf8_lossy(&marked);
    assert!(text.contains("/digitalsourcetype/trainedAlgorithmicMedia\""));
    assert_eq!(Origin::Model.mark_jpeg(b"no picture"), b"no picture");
}
