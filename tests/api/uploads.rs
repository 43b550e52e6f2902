//! Pictures that people upload: kept anew and without metadata, shown to whoever knows the address, gone when asked.

use std::io::Cursor;
use std::time::Duration;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use moodcall::base::timestamp::Timestamp;
use moodcall::users::upload::Upload;
use reqwest::{Method, Response};
use serde_json::Value;

use super::client::{House, house};
use super::person::Person;

/// A file of one color.
pub fn picture(width: u32, height: u32, color: [u8; 3], format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = DynamicImage::from(RgbImage::from_pixel(width, height, Rgb(color)));
    image.write_to(&mut Cursor::new(&mut bytes), format).expect("a picture");
    bytes
}

impl House {
    /// Sends a form with one part of this name.
    pub async fn send_part(&self, who: &Person, method: Method, path: &str, part: &str, file: &[u8]) -> Response {
        let head = format!(
            "--line\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
        );
        let body = [head.as_bytes(), file, b"\r\n--line--\r\n"].concat();
        let request = reqwest::Client::new().request(method, self.url(&format!("/api/v1{path}")));
        let request = request.bearer_auth(&who.token).header("content-type", "multipart/form-data; boundary=line");
        request.body(body).send().await.expect("an answer")
    }

    /// The upload of a picture that is taken.
    pub async fn upload(&self, who: &Person, file: &[u8]) -> Upload {
        let answer = self.send_part(who, Method::POST, "/uploads", "picture", file).await;
        assert_eq!(answer.status(), 201);
        answer.json().await.expect("an upload")
    }

    /// The address of the avatar after this picture.
    pub async fn avatar(&self, who: &Person, file: &[u8]) -> String {
        let answer = self.send_part(who, Method::PUT, "/me/avatar", "picture", file).await;
        assert_eq!(answer.status(), 200);
        answer.json::<Value>().await.expect("JSON")["avatar"].as_str().expect("an address").to_owned()
    }

    /// Every file of the uploads' folder.
    pub fn kept_files(&self) -> Vec<Vec<u8>> {
        let folder = self.running.app.state.config.server.data_dir.join("uploads");
        let files = std::fs::read_dir(folder).expect("the folder");
        files.map(|file| std::fs::read(file.expect("an entry").path()).expect("a file")).collect()
    }
}

#[tokio::test]
async fn an_upload_is_its_owners_and_its_picture_is_shown_as_nothing_but_a_picture() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let upload = house.upload(&ada, &picture(300, 200, [200, 10, 10], ImageFormat::Png)).await;
    assert_eq!((upload.width, upload.height, upload.media_type.as_str()), (300, 200, "image/png"));
    let path = format!("/uploads/{}", upload.id);
    let shown: Upload = house.ask(Some(&ada), Method::GET, &path, None).await.json().await.expect("an upload");
    assert_eq!(shown, upload);
    for method in [Method::GET, Method::DELETE] {
        assert_eq!(house.ask(Some(&bob), method, &path, None).await.status(), 404);
    }

    let answer = house.get(&upload.url).await;
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("content-type"), "image/png");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(header("content-disposition"), "inline; filename=\"picture.png\"");
    assert!(header("cache-control").contains("immutable"));
    let tag = header("etag");
    let again = reqwest::Client::new().get(house.url(&upload.url)).header("if-none-match", &tag).send().await;
    let again = again.expect("an answer");
    assert_eq!((again.status().as_u16(), again.headers()["etag"].to_str().expect("text")), (304, tag.as_str()));
    let decoded = image::load_from_memory(&answer.bytes().await.expect("bytes")).expect("a picture").to_rgb8();
    assert_eq!(decoded.get_pixel(7, 7), &Rgb([200, 10, 10]));

    assert_eq!(house.ask(Some(&ada), Method::DELETE, &path, None).await.status(), 204);
    assert_eq!(house.get(&upload.url).await.status(), 404);
    assert!(house.kept_files().is_empty());
    house.stop().await;
}

#[tokio::test]
async fn equal_pictures_are_one_file_until_the_last_of_them_goes() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let file = picture(64, 64, [1, 2, 3], ImageFormat::Png);
    let (one, other) = (house.upload(&ada, &file).await, house.upload(&bob, &file).await);
    assert_ne!(one.url, other.url, "addresses tell nobody that another has the same picture");
    assert_eq!(house.kept_files().len(), 1);
    let gone = house.ask(Some(&ada), Method::DELETE, &format!("/uploads/{}", one.id), None).await;
    assert_eq!(gone.status(), 204);
    assert_eq!(
        (house.get(&one.url).await.status().as_u16(), house.get(&other.url).await.status().as_u16()),
        (404, 200)
    );
    house.ask(Some(&bob), Method::DELETE, &format!("/uploads/{}", other.id), None).await;
    assert!(house.kept_files().is_empty());
    house.stop().await;
}

#[tokio::test]
async fn an_avatar_is_the_middle_of_a_picture_and_replaces_the_one_before() {
    let house = house().await;
    let ada = house.person("ada").await;
    let first = house.avatar(&ada, &picture(900, 300, [0, 200, 0], ImageFormat::Jpeg)).await;
    let shown = image::load_from_memory(&house.get(&first).await.bytes().await.expect("bytes")).expect("a picture");
    assert_eq!((shown.width(), shown.height()), (256, 256));
    let second = house.avatar(&ada, &picture(20, 20, [0, 0, 200], ImageFormat::WebP)).await;
    assert_eq!((house.get(&first).await.status().as_u16(), house.get(&second).await.status().as_u16()), (404, 200));
    assert_eq!(house.kept_files().len(), 1);
    let me: Value = house.ask(Some(&ada), Method::GET, "/me", None).await.json().await.expect("JSON");
    assert_eq!(me["avatar"], second);
    for _ in 0..2 {
        assert_eq!(house.ask(Some(&ada), Method::DELETE, "/me/avatar", None).await.status(), 204);
    }
    let me: Value = house.ask(Some(&ada), Method::GET, "/me", None).await.json().await.expect("JSON");
    assert_eq!(me["avatar"], Value::Null);
    assert!(house.kept_files().is_empty());
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn avatars_that_come_at_once_leave_one_file_and_one_row() {
    let house = house().await;
    let ada = house.person("ada").await;
    let files: Vec<_> = (0..8).map(|n| picture(32, 32, [n * 30, 0, 0], ImageFormat::Png)).collect();
    let sent = files.iter().map(|file| house.send_part(&ada, Method::PUT, "/me/avatar", "picture", file));
    let answers = futures_util::future::join_all(sent).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status().as_u16()).collect();
    assert!(statuses.contains(&200) && statuses.iter().all(|status| matches!(status, 200 | 429)), "{statuses:?}");
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM uploads")
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("a count");
    assert_eq!((rows, house.kept_files().len()), (1, 1));
    house.stop().await;
}

#[tokio::test]
async fn a_form_has_one_part_of_ten_mebibytes_at_most() {
    let house = house().await;
    let ada = house.person("ada").await;
    let send = async |part: &str, file: &[u8]| {
        let answer = house.send_part(&ada, Method::POST, "/uploads", part, file).await;
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.expect("JSON")["code"].as_str().unwrap_or("").to_owned(),
        )
    };
    let small = picture(8, 8, [0; 3], ImageFormat::Png);
    assert_eq!(send("photo", &small).await, (400, "malformed".into()));
    assert_eq!(send("picture", &vec![0; 10 * 1024 * 1024]).await, (400, "picture".into()));
    assert_eq!(send("picture", &vec![0; 10 * 1024 * 1024 + 1]).await, (413, "too-large".into()));
    assert_eq!(send("picture", &vec![0; 12 * 1024 * 1024]).await, (413, "too-large".into()));
    let json = house.ask(Some(&ada), Method::POST, "/uploads", Some(Value::Null)).await;
    assert_eq!(json.status(), 415);
    house.stop().await;
}

#[tokio::test]
async fn files_that_a_crash_left_over_are_swept_and_others_stay() {
    let house = house().await;
    let ada = house.person("ada").await;
    let upload = house.upload(&ada, &picture(8, 8, [0; 3], ImageFormat::Png)).await;
    let state = &house.running.app.state;
    // What a crash leaves between writing the file and the row.
    state.uploads.put(&format!("{}.png", "0".repeat(64)).parse().expect("a name"), &b"left"[..]).await.expect("a file");
    let uploads = &house.running.app.users.uploads;
    assert_eq!(uploads.sweep(Timestamp::now()).await.expect("a sweep"), 0, "it may be on its way");
    assert_eq!(uploads.sweep(Timestamp::now().after(Duration::from_secs(3600))).await.expect("a sweep"), 1);
    assert_eq!(house.kept_files().len(), 1);
    assert_eq!(house.get(&upload.url).await.status(), 200);
    house.stop().await;
}
