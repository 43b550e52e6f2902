//! What people type is never a part of a statement: every text that the API takes, filled with what breaks naive SQL.

use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::client::{House, house};
use super::description::{Operation, description, kind, operations, resolved, sample};
use super::person::Person;

const PAYLOADS: [&str; 30] = [
    "'",
    "\"",
    "\\",
    "';--",
    "' OR '1'='1",
    "' OR 1=1--",
    "\" OR \"\"=\"",
    "') OR ('1'='1",
    "'; DROP TABLE users;--",
    "'; DELETE FROM users;--",
    "1; DELETE FROM sessions",
    "'; UPDATE users SET is_staff=1;--",
    "' UNION SELECT email,password_hash,1 FROM users--",
    "' UNION ALL SELECT NULL,NULL,NULL--",
    "admin'--",
    "admin'/*",
    "*/ OR 1=1 /*",
    "$1",
    "$2) OR ($1=$1",
    "?",
    ":id",
    "%' OR '%'='",
    "%",
    "_",
    "{{7*7}}",
    "E'\\x27'",
    "$$; DROP TABLE follows; $$",
    "'||(SELECT password_hash FROM users LIMIT 1)||'",
    "'; SELECT pg_sleep(20);--",
    "\u{0}' OR 1=1",
];

/// Tables that no request of this test may change the size of.
const TABLES: [&str; 15] = [
    "SELECT COUNT(*) FROM post_likes",
    "SELECT COUNT(*) FROM post_bookmarks",
    "SELECT COUNT(*) FROM users",
    "SELECT COUNT(*) FROM follows",
    "SELECT COUNT(*) FROM friendships",
    "SELECT COUNT(*) FROM friend_requests",
    "SELECT COUNT(*) FROM blocks",
    "SELECT COUNT(*) FROM notifications",
    // Playlists that are made have covers, which are nobody's upload.
    "SELECT COUNT(*) FROM uploads x WHERE NOT EXISTS (SELECT 1 FROM playlists p WHERE p.cover = x.public_name)",
    "SELECT COUNT(*) FROM reports",
    "SELECT COUNT(*) FROM audit_log",
    "SELECT COUNT(*) FROM playlist_likes",
    "SELECT COUNT(*) FROM playlist_bookmarks",
    "SELECT COUNT(*) FROM playlists WHERE title = 'Rain of bob' AND is_public = 1 AND deleted_at IS NULL AND version = 1",
    "SELECT COUNT(*) FROM playlist_songs WHERE place = '8' AND id = song_id AND playlist_id = song_id",
];

async fn counts(house: &House) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push(sqlx::query_scalar(table).fetch_one(house.running.app.state.store.read()).await.expect("a count"));
    }
    counts
}

/// A text as it stands in an address.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { (byte as char).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Where a text of the body stands, as JSON pointers.
fn texts(at: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| texts(&format!("{at}/{name}"), field, found)),
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| texts(&format!("{at}/{n}"), item, found)),
        _ => {}
    }
}

/// One way to fill an operation: its address and body.
type Filled = (String, Option<Value>);

/// The operation with `payload` in each of its texts, one at a time.
fn filled(description: &Value, operation: &Operation, payload: &str) -> Vec<Filled> {
    let parameters: Vec<&Value> =
        operation.text["parameters"].as_array().into_iter().flatten().map(|one| resolved(description, one)).collect();
    let of = |place: &'static str| parameters.iter().filter(move |one| one["in"] == place);
    let usual = |one: &Value| match sample(description, &one["schema"]) {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let address = |special: Option<&str>| {
        let value = |one: &Value| if special == one["name"].as_str() { payload.to_owned() } else { usual(one) };
        let path = of("path").fold(operation.path.clone(), |path, one| {
            path.replace(&format!("{{{}}}", one["name"].as_str().unwrap_or_default()), &quoted(&value(one)))
        });
        let asked = of("query").filter(|one| one["required"] == true || special == one["name"].as_str());
        let query: Vec<String> =
            asked.map(|one| format!("{}={}", one["name"].as_str().unwrap_or_default(), quoted(&value(one)))).collect();
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    };
    let schema = &resolved(description, &operation.text["requestBody"])["content"]["application/json"]["schema"];
    let body = (!schema.is_null()).then(|| sample(description, schema));
    let mut all = Vec::new();
    for one in of("path").chain(of("query")) {
        if kind(resolved(description, &one["schema"])) == "string" || one["in"] == "query" {
            all.push((address(one["name"].as_str()), body.clone()));
        }
    }
    let mut pointers = Vec::new();
    texts("", body.as_ref().unwrap_or(&Value::Null), &mut pointers);
    for pointer in pointers {
        let mut body = body.clone().unwrap_or_default();
        if let Some(text) = body.pointer_mut(&pointer) {
            *text = payload.into();
        }
        all.push((address(None), Some(body)));
    }
    all
}

async fn send(house: &House, who: &Person, method: &str, (path, body): &Filled) -> (u16, String) {
    let method: Method = method.parse().expect("a method");
    let mut request = Client::new().request(method, house.url(path)).bearer_auth(&who.token);
    if let Some(body) = body {
        request = request.json(body);
    }
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_of_any_operation_is_a_part_of_a_statement() {
    let house = house().await;
    // Not the name in the examples: what they say about that person happens to nobody.
    let (mallory, bob) = (house.person("mallory").await, house.person("bob").await);
    let description = description();
    let operations = operations(&description);
    // One for each operation: some of them end the log-in of whoever asks.
    let mut askers = Vec::new();
    for number in 0..operations.len() {
        askers.push(house.person(&format!("asker{number}")).await);
    }
    house.ask(Some(&bob), Method::PUT, "/me/following/mallory", None).await;
    house.ask(Some(&mallory), Method::PUT, "/me/following/bob", None).await;
    house.ask(Some(&bob), Method::POST, "/friend-requests", Some(json!({ "to": "mallory" }))).await;
    // With the identifier of the examples, so that what is said under it is said.
    for sql in [
        "INSERT INTO posts (id, author_id, title, visibility, created_at) VALUES ($1, $2, 'Rain', 'public', 0)",
        "INSERT INTO comments (id, post_id, author_id, body, created_at) VALUES ($1, $1, $2, 'Rain', 0)",
        "INSERT INTO playlists (id, owner_id, title, created_at, updated_at) VALUES ($1, $2, 'Rain of bob', 0, 0)",
        "INSERT INTO songs (id, song_key, source, title_ko, title_en, artist_ko, artist_en, pitch, is_minor, seconds, \
         seed, draw, created_at) SELECT $1, $1, 'named', 'Rain', 'Rain', 'Choir', 'Choir', 9, 1, 90, 1, 5, 0 \
         FROM users WHERE id = $2",
        "INSERT INTO playlist_songs (id, playlist_id, song_id, place, added_at) SELECT $1, $1, $1, '8', 0 \
         FROM users WHERE id = $2",
    ] {
        let query = sqlx::query(sql).bind("01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e").bind(bob.id);
        query.execute(house.running.app.state.store.write()).await.expect("a row");
    }
    let before = counts(&house).await;
    let mut asked = 0;
    let mut wrong = Vec::new();
    for (operation, asker) in operations.iter().zip(&askers) {
        for payload in PAYLOADS {
            for one in filled(&description, operation, payload) {
                let (status, text) = send(&house, asker, &operation.method, &one).await;
                asked += 1;
                let lost = status == 401 && text.contains("login-needed") && operation.id != "logOut";
                if status >= 500 || text.contains("syntax error") || lost {
                    wrong.push(format!("{} {one:?}: {status} {text}", operation.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked > 500, "only {asked} requests were made: the description was read wrong");
    assert_eq!(counts(&house).await, before, "rows came or went");
    let staff: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users WHERE is_staff = 1")
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("a count");
    assert_eq!(staff, 0);
    house.stop().await;
}
