//! Server-side request forgery: whatever address a provider's document names, nothing on this machine or its network is
//! ever connected to. A canary listens on loopback and counts.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use moodcall::oidc::{OidcError, Provider, Settings};
use moodcall::outside::fetch::{Fetch, FetchError};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Counts who connects.
#[derive(Clone)]
struct Canary {
    port: u16,
    hits: Arc<AtomicUsize>,
}

impl Canary {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let hits = Arc::new(AtomicUsize::new(0));
        let mut listeners = vec![listener];
        // Without IPv6 the same addresses lead nowhere.
        listeners.extend(TcpListener::bind(("::1", port)).await.ok());
        for listener in listeners {
            let hits = hits.clone();
            tokio::spawn(async move {
                while listener.accept().await.is_ok() {
                    hits.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        Self { port, hits }
    }

    fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }
}

/// Names that lead where the test wants, and how often they were looked up.
#[derive(Clone, Default)]
struct Names(Arc<AtomicUsize>);

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        self.0.fetch_add(1, Ordering::SeqCst);
        let addresses: &[&str] = match name.as_str() {
            "mapped.example" => &["::ffff:127.0.0.1"],
            "six.example" => &["::1"],
            "mixed.example" => &["93.184.216.34", "127.0.0.1"],
            "cloud.example" => &["169.254.169.254"],
            "nothing.example" => &[],
            _ => &["127.0.0.1"],
        };
        let found: Vec<SocketAddr> =
            addresses.iter().map(|text| SocketAddr::new(text.parse::<IpAddr>().expect("an address"), 0)).collect();
        Box::pin(async move { Ok(Box::new(found.into_iter()) as Addrs) })
    }
}

#[tokio::test]
async fn no_way_to_write_an_address_reaches_this_machine() {
    let canary = Canary::start().await;
    let port = canary.port;
    let names = Names::default();
    let fetch = Fetch::guarded_by(Arc::new(names.clone())).expect("a client");
    let hosts = [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "１２７.0.0.1",
        "①②⑦.0.0.1",
        "0.0.0.0",
        "0",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "0xa9fea9fe",
        "255.255.255.255",
        "224.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "rebind.example",
        "mapped.example",
        "six.example",
        "mixed.example",
        "cloud.example",
        "nothing.example",
        "user:secret@127.0.0.1",
        "user@rebind.example",
    ];
    let mut urls: Vec<String> = hosts.iter().map(|host| format!("https://{host}:{port}/")).collect();
    urls.extend([
        format!("http://127.0.0.1:{port}/"),
        format!("http://rebind.example:{port}/"),
        format!("ftp://127.0.0.1:{port}/"),
        format!("gopher://127.0.0.1:{port}/"),
        format!("https:127.0.0.1:{port}"),
        format!("https:\\\\127.0.0.1:{port}\\"),
        "file:///etc/passwd".into(),
        "https://".into(),
        "//127.0.0.1".into(),
    ]);
    assert!(urls.len() >= 30);
    for url in &urls {
        let answer = fetch.read::<Value>(url).await;
        assert!(answer.is_err(), "{url} answered");
        assert_eq!(canary.hits(), 0, "{url}");
        if !["file", "https://", "//"].iter().any(|start| url.starts_with(start)) || url.contains('@') {
            continue;
        }
        let sent = fetch.send::<Value>(url, &[("code", "secret")], None).await;
        assert!(sent.is_err(), "{url} answered");
    }
    assert_eq!(canary.hits(), 0);
    let before = names.0.load(Ordering::SeqCst);
    let _ = fetch.read::<Value>(&format!("https://rebind.example:{port}/")).await;
    assert_eq!(names.0.load(Ordering::SeqCst), before + 1, "a name is resolved once, for the connection itself");
    // The canary does sing.
    drop(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.expect("the canary listens"));
    super::client::eventually("the canary counts", || canary.hits() == 1).await;
}

/// A provider on loopback, where only the development provider may be.
async fn provider(routes: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    origin
}

#[tokio::test]
async fn a_redirect_is_followed_nowhere_and_an_answer_has_an_end() {
    let canary = Canary::start().await;
    let away = format!("http://127.0.0.1:{}/", canary.port);
    let endless = "x".repeat((1 << 20) + 1);
    let routes = Router::new()
        .route("/away", get(async move || Redirect::temporary(&away)))
        .route("/endless", get(async move || format!("\"{endless}\"")))
        .route("/silent", get(async || std::future::pending::<()>().await))
        .route("/fine", get(async || "{}"));
    let origin = provider(routes).await;
    let fetch = Fetch::own(origin.clone()).expect("a client");
    assert!(matches!(fetch.read::<Value>(&format!("{origin}/away")).await, Err(FetchError::Status(307))));
    assert!(matches!(fetch.read::<Value>(&format!("{origin}/endless")).await, Err(FetchError::Size)));
    assert!(matches!(fetch.read::<Value>(&format!("{origin}/silent")).await, Err(FetchError::Network(_))));
    assert!(fetch.read::<Value>(&format!("{origin}/fine")).await.is_ok());
    assert_eq!(canary.hits(), 0);
}

#[tokio::test]
async fn the_addresses_in_a_providers_document_pass_the_same_guard() {
    let canary = Canary::start().await;
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "issuer"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let mut document = json!({
            "issuer": origin,
            "authorization_endpoint": format!("{origin}/authorize"),
            "token_endpoint": format!("{origin}/token"),
            "jwks_uri": format!("{origin}/jwks"),
        });
        document[name] = format!("http://127.0.0.1:{}/", canary.port).into();
        let routes = Router::new().route("/.well-known/openid-configuration", get(async move || axum::Json(document)));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let settings = Settings {
            issuer: origin.clone(),
            client_id: "moodcall".into(),
            client_secret: None,
            scopes: vec!["openid".into()],
        };
        let provider = Provider::new(settings, Fetch::own(origin).expect("a client"));
        let refused = provider.begin("http://localhost/callback").await.expect_err("a refusal");
        let expected = match name {
            "issuer" => matches!(refused, OidcError::Metadata),
            _ => matches!(refused, OidcError::Fetch(FetchError::Refused(_))),
        };
        assert!(expected, "{name}: {refused}");
    }
    assert_eq!(canary.hits(), 0);
}
