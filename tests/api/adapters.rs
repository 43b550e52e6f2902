//! What staff see of the services outside.

use moodcall::app::adapters::Adapters;
use reqwest::Method;

use super::client::{house, house_with};
use super::following::refusal;

#[tokio::test]
async fn staff_see_which_services_are_on_and_what_does_their_work_otherwise() {
    let house = house_with(|config| {
        config.videos.key = Some("secret-of-videos".into());
        config.cover_model.url = Some("http://127.0.0.1:9/secret-path".into());
        config.cover_model.key = Some("secret-of-covers".into());
    })
    .await;
    let staff = house.staff("watch").await;
    let answer = house.ask(Some(&staff), Method::GET, "/admin/adapters", None).await;
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.expect("a text");
    assert!(!text.contains("secret") && !text.contains("127.0.0.1"), "no secrets, no addresses: {text}");
    let adapters: Adapters = serde_json::from_str(&text).expect("adapters");
    let of =
        |name: &str| adapters.adapters.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("{name}: {text}"));
    for (name, default) in [
        ("database", "sqlite"),
        ("bus", "process"),
        ("blobs", "folder"),
        ("mail", "outbox"),
        ("log-in", "development"),
        ("chat", "catalog"),
        ("songs", "previews"),
        ("covers", "drawn"),
        ("turn", "none"),
    ] {
        assert_eq!(of(name).default, default);
    }
    for name in ["database", "bus", "blobs"] {
        assert!(of(name).adapter.last_success_at.is_some() && of(name).adapter.last_problem.is_none(), "{name}");
    }
    assert!(of("songs").adapter.configured && of("covers").adapter.configured && !of("mail").adapter.configured);
    assert!(of("songs").adapter.last_success_at.is_none(), "nobody has asked it yet");
}

#[tokio::test]
async fn nobody_else_learns_what_the_server_works_with() {
    let house = house().await;
    let ada = house.person("ada").await;
    assert_eq!(refusal(&house, Some(&ada), Method::GET, "/admin/adapters").await.0, 404);
    assert_eq!(refusal(&house, None, Method::GET, "/admin/adapters").await.0, 401);
}
