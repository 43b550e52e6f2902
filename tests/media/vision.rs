//! What the networks see in the portrait.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use moodcall::media::pipeline::Stats;
use moodcall::media::pipeline::analyze::{Analyzer, Needs};
use moodcall::media::vision::manifest::{Manifest, Role};
use moodcall::media::vision::runtime::Runtime;
use moodcall::media::vision::{Catalog, CatalogError, Sessions};
use moodcall::media::{Frame, Mask, Mood, Rung};

use super::{catalog, portrait, root};

#[test]
fn the_face_is_where_it_is() {
    let mut sessions = Sessions::new(catalog());
    for (width, height) in [(640, 480), (1280, 720), (320, 240), (480, 640)] {
        let frame = portrait(width, height);
        let faces = sessions.face().unwrap().detect(frame.view()).unwrap().to_vec();
        assert_eq!(faces.len(), 1, "{width}x{height}: {faces:?}");
        // At picture 0 the whole width of the portrait is seen, and the face's middle is at (224, 115) of 512.
        let scale = if width >= height { width as f32 / 512.0 } else { height as f32 / 512.0 };
        let left = if width >= height { 0.0 } else { (512.0 - width as f32 / scale) / 2.0 };
        let (x, y) = faces[0].center();
        let (x, y) = (x / scale + left, y / scale);
        assert!((x - 224.0).abs() < 12.0 && (y - 118.0).abs() < 20.0, "{width}x{height}: {x:.0}, {y:.0}");
        let side = faces[0].size().0 / scale;
        assert!((80.0..130.0).contains(&side), "{width}x{height}: {side:.0} wide");
        let [right_eye, left_eye, ..] = faces[0].keypoints;
        assert!(right_eye.0 < left_eye.0 && (right_eye.1 - left_eye.1).abs() < 0.2 * faces[0].size().1);
        assert!(faces[0].score > 0.8);
    }
}

#[test]
fn the_portrait_smiles() {
    let mut sessions = Sessions::new(catalog());
    let frame = portrait(640, 480);
    let face = sessions.face().unwrap().detect(frame.view()).unwrap()[0];
    let scores = sessions.emotion().unwrap().read(frame.view(), &face).unwrap().unwrap();
    let (mood, probability) = scores.top();
    assert_eq!(mood, Mood::Happiness, "{scores:?}");
    assert!(probability > 0.8, "{scores:?}");
    let sum: f32 = Mood::ALL.iter().map(|mood| scores.of(*mood)).sum();
    assert!((sum - 1.0).abs() < 0.01, "{sum}");
}

#[test]
fn faces_at_and_beyond_the_edge_are_read_or_left() {
    let mut sessions = Sessions::new(catalog());
    let frame = portrait(640, 480);
    let face = sessions.face().unwrap().detect(frame.view()).unwrap()[0];
    for shift in [-2000.0, -300.0, -150.0, 250.0, 400.0, 5000.0, f32::NAN] {
        let moved = face.map(|(x, y)| (x + shift, y + shift));
        let _ = sessions.emotion().unwrap().read(frame.view(), &moved).unwrap();
    }
    let tiny = face.map(|(x, y)| (x / 50.0, y / 50.0));
    assert_eq!(sessions.emotion().unwrap().read(frame.view(), &tiny).unwrap(), None);
}

#[test]
fn nobody_is_found_where_nobody_is() {
    let mut sessions = Sessions::new(catalog());
    let frame = Frame::new(640, 480);
    assert!(sessions.face().unwrap().detect(frame.view()).unwrap().is_empty());
    let mut mask = Mask::blank();
    sessions.matte(false).unwrap().segment(frame.view(), &mut mask).unwrap();
    let covered = mask.data().iter().filter(|value| **value > 127).count();
    assert!(covered < mask.data().len() / 50, "{covered} of {}", mask.data().len());
}

#[test]
fn the_mask_covers_the_person_and_not_the_room() {
    let mut sessions = Sessions::new(catalog());
    let frame = portrait(640, 480);
    for (light, size) in [(false, (256, 256)), (true, (256, 144))] {
        let mut mask = Mask::blank();
        sessions.matte(light).unwrap().segment(frame.view(), &mut mask).unwrap();
        assert_eq!((mask.width(), mask.height()), size);
        // Rectangles of the portrait, in its own pixels of 512x384.
        let mean = |left: usize, top: usize, right: usize, bottom: usize| {
            let columns = left * size.0 / 512..right * size.0 / 512;
            let rows = top * size.1 / 384..bottom * size.1 / 384;
            let count = columns.len() * rows.len();
            let sum: u32 = rows
                .flat_map(|row| mask.data()[row * size.0..][columns.clone()].iter())
                .map(|value| u32::from(*value))
                .sum();
            f64::from(sum) / count as f64 / 255.0
        };
        assert!(mean(190, 70, 260, 160) > 0.95, "face: {}", mean(190, 70, 260, 160));
        assert!(mean(130, 280, 320, 340) > 0.9, "body: {}", mean(130, 280, 320, 340));
        assert!(mean(0, 0, 100, 100) < 0.1, "flag: {}", mean(0, 0, 100, 100));
        assert!(mean(320, 10, 512, 200) < 0.1, "rocket: {}", mean(320, 10, 512, 200));
    }
}

#[test]
fn the_catalog_is_what_the_manifest_says() {
    let catalog = catalog();
    let manifest = Manifest::read(&root().join("models")).unwrap();
    assert_eq!(catalog.models().count(), manifest.models.len());
    for entry in catalog.models() {
        assert!(!entry.licence.is_empty() && !entry.source.is_empty() && !entry.accuracy.is_empty(), "{}", entry.name);
        for notice in &entry.notices {
            assert!(root().join("models").join(notice).is_file(), "{notice}");
        }
        let (network, _) = catalog.open(entry.role).unwrap();
        assert_eq!(network.input_shape(), entry.input[0].shape, "{}", entry.name);
    }
}

#[test]
fn what_is_missing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let reason = |folder: &std::path::Path| Catalog::load(folder, None).err().expect("incomplete").to_string();
    assert!(reason(folder.path()).contains("manifest.toml"));

    let manifest = std::fs::read_to_string(root().join("models/manifest.toml")).unwrap();
    std::fs::write(folder.path().join("manifest.toml"), &manifest).unwrap();
    assert!(reason(folder.path()).contains(".onnx"));

    for entry in Manifest::read(folder.path()).unwrap().models {
        std::fs::copy(root().join("models").join(&entry.file), folder.path().join(&entry.file)).unwrap();
    }
    let emotion = folder.path().join("emotion7.onnx");
    let mut bytes = std::fs::read(&emotion).unwrap();
    bytes[1000] ^= 1;
    std::fs::write(&emotion, bytes).unwrap();
    assert!(reason(folder.path()).contains("sha256"));

    let shorter = manifest.split("[[model]]").filter(|part| !part.contains("role = \"face\"")).collect::<Vec<_>>();
    std::fs::write(folder.path().join("manifest.toml"), shorter.join("[[model]]")).unwrap();
    std::fs::copy(root().join("models/emotion7.onnx"), &emotion).unwrap();
    assert!(matches!(Catalog::load(folder.path(), None), Err(CatalogError::Missing(Role::Face))));
}

/// The runtime stays with its first library, so this test must not be the one that loads it: it asks for a library that
/// can't be loaded in a process of its own.
#[test]
fn a_missing_library_is_an_error_and_no_panic() {
    if std::env::var_os("MOODCALL_TEST_NO_LIBRARY").is_some() {
        let error = Runtime::open(Some(std::path::Path::new("/nowhere/libonnxruntime.so"))).err().expect("no library");
        assert!(error.to_string().contains("/nowhere/libonnxruntime.so"), "{error}");
        return;
    }
    let this = std::env::current_exe().unwrap();
    let output = std::process::Command::new(this)
        .args(["--exact", "vision::a_missing_library_is_an_error_and_no_panic"])
        .env("MOODCALL_TEST_NO_LIBRARY", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn lower_rungs_run_the_networks_less_often() {
    let sessions = Rc::new(RefCell::new(Sessions::new(catalog())));
    let frame = portrait(640, 480);
    let needs = Needs { matte: true, mood: true };
    let runs = |rung: Rung| {
        let (mut analyzer, mut stats) = (Analyzer::new(Rc::clone(&sessions)), Stats::default());
        for index in 0..24 {
            let now = Duration::from_millis(index * 33);
            analyzer.analyze(frame.view(), needs, rung, now, &mut stats).unwrap();
        }
        let size = analyzer.mask().map(|mask| (mask.width(), mask.height()));
        (stats.mattes, stats.faces, stats.expressions, size)
    };
    assert_eq!(runs(Rung::Full), (24, 4, 4, Some((256, 256))));
    assert_eq!(runs(Rung::ReuseMatte), (12, 4, 4, Some((256, 256))));
    assert_eq!(runs(Rung::LessAnalysis), (12, 2, 2, Some((256, 144))));
    assert_eq!(runs(Rung::BlurOnly), (12, 0, 0, Some((256, 144))));
}

#[test]
fn a_matte_from_before_a_silence_is_not_used_again() {
    let sessions = Rc::new(RefCell::new(Sessions::new(catalog())));
    let (mut analyzer, mut stats, frame) = (Analyzer::new(sessions), Stats::default(), portrait(320, 240));
    let needs = Needs { matte: true, mood: false };
    for now in [0, 5000, 10_000].map(Duration::from_millis) {
        analyzer.analyze(frame.view(), needs, Rung::BlurOnly, now, &mut stats).unwrap();
    }
    assert_eq!(stats.mattes, 3);
}
