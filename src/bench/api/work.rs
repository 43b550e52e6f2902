//! The requests that are measured, and the people who make them.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::{ApiArgs, playlists, posts};

/// Everybody's.
pub const PASSWORD: &str = "violet-kettle-27-harbor";
/// How many people are logged in and ask.
const ASKERS: u32 = 64;

/// All load comes from one address, so limits by address say nothing here.
pub const SETTINGS: &[(&str, &str)] = &[
    ("MOODCALL_FILTER__ENABLED", "false"),
    ("MOODCALL_ACCOUNTS__REQUESTS_PER_MINUTE", "100000000"),
    ("MOODCALL_ACCOUNTS__TRIES_PER_MINUTE", "100000000"),
    ("MOODCALL_ACCOUNTS__ACCOUNT_TRIES_PER_HOUR", "100000000"),
    ("MOODCALL_ACCOUNTS__ACCESS_MINUTES", "600"),
];

/// One kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody's profile, by handle.
    Profile,
    /// The first page of who follows somebody.
    Followers,
    /// The first page of one's own notifications.
    Notifications,
    /// To follow somebody, and then no longer.
    Follow,
    /// To log in with a password.
    LogIn,
    /// The first page of the latest posts.
    Latest,
    /// The first page of the popular posts.
    Popular,
    /// The first page of the posts of whom one follows.
    Followed,
    /// The beginnings of all feeds.
    Home,
    /// A post, which counts a visit.
    Post,
    /// Posts by a word of their titles.
    SearchPosts,
    /// The hottest playlists.
    Playlists,
    /// A playlist with its songs.
    Playlist,
    /// Playlists by a word of their titles.
    SearchPlaylists,
    /// Five songs at random.
    Dig,
}

impl Kind {
    /// Every kind, readers first.
    pub const ALL: [Self; 15] = [
        Self::Profile,
        Self::Followers,
        Self::Notifications,
        Self::Latest,
        Self::Popular,
        Self::Followed,
        Self::Home,
        Self::SearchPosts,
        Self::Playlists,
        Self::Playlist,
        Self::SearchPlaylists,
        Self::Dig,
        Self::Post,
        Self::Follow,
        Self::LogIn,
    ];

    /// Whether there is what it asks for.
    pub fn has_rows(self, args: &ApiArgs) -> bool {
        match self {
            Self::Profile | Self::Followers | Self::Notifications | Self::Follow | Self::LogIn => true,
            Self::Latest | Self::Popular | Self::Followed | Self::Home | Self::Post | Self::SearchPosts => {
                args.posts > 0
            }
            Self::Playlists | Self::Playlist | Self::SearchPlaylists | Self::Dig => args.playlists > 0,
        }
    }

    /// As it stands in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Followers => "followers",
            Self::Notifications => "notifications",
            Self::Follow => "follow, unfollow",
            Self::LogIn => "log in",
            Self::Latest => "feed, latest",
            Self::Popular => "feed, popular",
            Self::Followed => "feed, following",
            Self::Home => "feed, home",
            Self::Post => "post",
            Self::SearchPosts => "search of posts",
            Self::Playlists => "playlists, hot",
            Self::Playlist => "playlist",
            Self::SearchPlaylists => "search of playlists",
            Self::Dig => "songs at random",
        }
    }
}

/// Those who ask.
pub struct People {
    client: Client,
    url: String,
    users: u64,
    posts: u64,
    playlists: u64,
    tokens: Vec<String>,
    next: AtomicU64,
    seed: u64,
}

impl People {
    /// Logs them in.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn log_in(url: &str, args: &ApiArgs) -> anyhow::Result<Self> {
        let client = Client::builder().pool_max_idle_per_host(1000).tcp_nodelay(true).build()?;
        let (users, posts, playlists) = (args.users.into(), args.posts.into(), args.playlists.into());
        let (url, tokens) = (format!("{url}/api/v1"), Vec::new());
        let seed = args.seed.into();
        let mut people = Self { client, url, users, posts, playlists, tokens, next: 0.into(), seed };
        for number in 0..u64::from(ASKERS.min(args.users)) {
            let answer =
                people.client.post(format!("{}/tokens", people.url)).json(&people.password(number)).send().await?;
            let status = answer.status();
            let answer: Value = answer.json().await?;
            let token = answer["access_token"].as_str().with_context(|| format!("{status} {answer}"))?;
            people.tokens.push(token.to_owned());
        }
        Ok(people)
    }

    fn password(&self, number: u64) -> Value {
        json!({ "grant": "password", "login": format!("u{number}"), "password": PASSWORD, "remember": false })
    }

    /// Makes the next request and waits for the whole answer. Whether it was a success.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn ask(&self, kind: Kind) -> reqwest::Result<bool> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let someone = self.draw(turn);
        // Two turns in a row belong together: one follows, the next one unfollows.
        let pair = turn / 2;
        let (method, path, asker) = match kind {
            Kind::Profile => (Method::GET, format!("/users/u{someone}"), turn),
            Kind::Followers => (Method::GET, format!("/users/u{someone}/followers"), turn),
            Kind::Notifications => (Method::GET, "/notifications".to_owned(), turn),
            Kind::Follow => {
                let method = if turn.is_multiple_of(2) { Method::PUT } else { Method::DELETE };
                (method, format!("/me/following/u{}", self.draw(pair).max(u64::from(ASKERS))), pair)
            }
            Kind::LogIn => (Method::POST, "/tokens".to_owned(), turn),
            Kind::Latest => (Method::GET, "/feeds/latest".to_owned(), turn),
            Kind::Popular => (Method::GET, "/feeds/popular".to_owned(), turn),
            Kind::Followed => (Method::GET, "/feeds/following".to_owned(), turn),
            Kind::Home => (Method::GET, "/feeds/home".to_owned(), turn),
            Kind::Post => {
                (Method::GET, format!("/posts/{}", posts::id(self.drawn(turn) % self.posts.max(1) / 10 * 10)), turn)
            }
            Kind::SearchPosts => (Method::GET, self.search("posts", turn, self.posts), turn),
            Kind::Playlists => (Method::GET, "/playlists?sort=hot".to_owned(), turn),
            Kind::Playlist => {
                let number = self.drawn(turn) % self.playlists.max(1) / 10 * 10;
                (Method::GET, format!("/playlists/{}", playlists::id(number)), turn)
            }
            Kind::SearchPlaylists => (Method::GET, self.search("playlists", turn, self.playlists), turn),
            Kind::Dig => (Method::GET, "/songs/random?count=5".to_owned(), turn),
        };
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        request = match kind {
            Kind::LogIn => request.json(&self.password(someone)),
            _ => request.bearer_auth(&self.tokens[(asker % self.tokens.len() as u64) as usize]),
        };
        let answer = request.send().await?;
        let fine = answer.status().is_success();
        answer.bytes().await?;
        Ok(fine)
    }

    /// A few words that many titles have, and with every second the number of one of so many.
    fn search(&self, types: &str, turn: u64, rows: u64) -> String {
        let word = ["rain", "velvet", "midnight", "station"][(turn % 4) as usize];
        let number = self.drawn(turn) % rows.max(1);
        let number = if turn.is_multiple_of(2) { String::new() } else { format!("%20{number}") };
        format!("/search?types={types}&q={word}{number}")
    }

    /// A number below that of the people.
    fn draw(&self, turn: u64) -> u64 {
        self.drawn(turn) % self.users
    }

    /// A number from the seed and the turn (SplitMix64).
    fn drawn(&self, turn: u64) -> u64 {
        let mut z = turn.wrapping_add(self.seed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}
