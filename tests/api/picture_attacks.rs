//! Files that are not what they seem: no original is kept, none costs more than a moment, and every refusal says why.

use std::time::{Duration, Instant};

use image::ImageFormat;
use reqwest::Method;
use serde_json::Value;

use super::client::house;
use super::uploads::picture;

/// Longest that a file may take, beyond the best of a few tries on a busy machine.
const MOMENT: Duration = Duration::from_millis(100);

/// CRC-32 (ISO 3309), as PNG wants it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
    })
}

/// A PNG whose header claims this size and depth, with next to nothing behind it.
fn claims(width: u32, height: u32, depth: u8) -> Vec<u8> {
    let chunk = |kind: &[u8], data: &[u8]| {
        let length = (data.len() as u32).to_be_bytes();
        let body = [kind, data].concat();
        [&length[..], &body, &crc(&body).to_be_bytes()].concat()
    };
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, 6, 0, 0, 0]].concat();
    let parts = [chunk(b"IHDR", &header), chunk(b"IDAT", b"\x78\x9c\x63\0\0\0\x01\0\x01"), chunk(b"IEND", b"")];
    [&b"\x89PNG\r\n\x1a\n"[..], &parts.concat()].concat()
}

/// A JPEG that says where it was taken.
fn with_place() -> Vec<u8> {
    let plain = picture(40, 20, [9, 90, 200], ImageFormat::Jpeg);
    let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0GPS 37.5665 N 126.9780 E";
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, exif, &plain[2..]].concat()
}

/// Name, file, and whether a picture of ours may be made of it.
fn fixtures() -> Vec<(&'static str, Vec<u8>, bool)> {
    let png = picture(40, 20, [9, 90, 200], ImageFormat::Png);
    let jpeg = picture(40, 20, [9, 90, 200], ImageFormat::Jpeg);
    let script = b"<html><script>alert(document.domain)</script></html>";
    let mut huge_jpeg = jpeg.clone();
    let frame = huge_jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame header");
    huge_jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
    let huge_webp = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xffVP8L\0\0\0\0".to_vec();
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0".to_vec();
    let gif = [gif, b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0".repeat(10_000)].concat();
    vec![
        ("a bomb of 20000 by 20000", claims(20_000, 20_000, 8), false),
        ("a size within bounds whose pixels are not", claims(4096, 4096, 16), false),
        ("a JPEG of 65500 by 65500", huge_jpeg, false),
        ("a WebP of 16384 by 16384 and more", huge_webp, false),
        ("a JPEG of a thousand scans", [&jpeg[..jpeg.len() - 2], &b"\xff\xda\x00\x02".repeat(1000)].concat(), false),
        ("a GIF of ten thousand frames", gif, false),
        (
            "an SVG with a script",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(),
            false,
        ),
        ("a page that begins like a JPEG", [&b"\xff\xd8\xff\xe0"[..], script].concat(), false),
        ("a picture cut off", png[..png.len() / 2].to_vec(), false),
        ("an archive", b"PK\x03\x04\x14\0\0\0\x08\0".repeat(50), false),
        ("nothing", Vec::new(), false),
        ("a picture with a page behind it", [&png[..], script].concat(), true),
        ("a picture with a place in it", with_place(), true),
    ]
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "a test measures real time")]
async fn no_hostile_file_is_kept_as_it_came_or_costs_more_than_a_moment() {
    let house = house().await;
    let ada = house.person("ada").await;
    for (name, file, usable) in fixtures() {
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let started = Instant::now();
            let answer = house.send_part(&ada, Method::POST, "/uploads", "picture", &file).await;
            best = best.min(started.elapsed());
            if usable {
                assert_eq!(answer.status(), 201, "{name}");
                continue;
            }
            assert_eq!(answer.status(), 400, "{name}");
            assert_eq!(answer.headers()["content-type"], "application/problem+json", "{name}");
            assert_eq!(answer.json::<Value>().await.expect("JSON")["code"], "picture", "{name}");
        }
        assert!(best < MOMENT, "{name} took {best:?}");
        println!("{name}: {best:?}");
        for kept in house.kept_files() {
            assert_ne!(kept, file, "{name}");
            for trace in [&b"<script"[..], b"Exif", b"GPS", b"126.97"] {
                assert!(!kept.windows(trace.len()).any(|part| part == trace), "{name}");
            }
        }
    }
    assert_eq!(house.kept_files().len(), 2, "one for each that can be used");
    house.stop().await;
}
