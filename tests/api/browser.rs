//! A browser of one test: it keeps cookies, and goes nowhere by itself.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Response, Url, redirect};

use super::client::House;

/// The browser.
pub struct Browser<'a> {
    house: &'a House,
    client: Client,
    pub cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    pub fn new(house: &'a House) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
        Self { house, client, cookies: BTreeMap::new() }
    }

    /// Asks for an address, or for a path of the house.
    pub async fn get(&mut self, address: &str) -> Response {
        let url = if address.starts_with('/') { self.house.url(address) } else { address.to_owned() };
        let mut request = self.client.get(url);
        if !self.cookies.is_empty() {
            let all: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, all.join("; "));
        }
        let answer = request.send().await.expect("an answer");
        self.keep(&answer);
        answer
    }

    /// Keeps the cookies of an answer, and holds those of the house to what it promises.
    pub fn keep(&mut self, answer: &Response) {
        for value in answer.headers().get_all(SET_COOKIE) {
            let text = value.to_str().expect("a cookie");
            let (pair, rest) = text.split_once(';').unwrap_or((text, ""));
            for word in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
                assert!(rest.contains(word), "{word} in {text}");
            }
            let (name, value) = pair.split_once('=').expect("a cookie");
            assert!(name.starts_with("__Host-"), "{text}");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Where an address leads.
    pub async fn follow(&mut self, address: &str) -> String {
        let answer = self.get(address).await;
        assert_eq!(answer.status(), 302, "{address}");
        answer.headers()[LOCATION].to_str().expect("an address").to_owned()
    }

    /// Goes to the built-in provider and says there who it is; the answer that would be brought back.
    pub async fn visit(&mut self, begin: &str, said: &[(&str, &str)]) -> String {
        let mut url: Url = self.follow(begin).await.parse().expect("an address");
        assert!(url.path().ends_with("/dev/oidc/authorize"), "{url}");
        url.query_pairs_mut().extend_pairs(said);
        self.follow(url.as_str()).await
    }

    pub fn logged_in(&self) -> bool {
        self.cookies.contains_key("__Host-session")
    }
}
