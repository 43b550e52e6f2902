//! The few HTTP requests that a client makes before and beside its socket.

use reqwest::{RequestBuilder, Response};
use serde::Deserialize;
use serde_json::json;

use super::ClientError;
use crate::base::id::RoomId;
use crate::protocol::code::Code;

/// A server's HTTP interface.
#[derive(Clone, Debug)]
pub struct Api {
    base: String,
    access: Option<String>,
    http: reqwest::Client,
}

/// What creating a room answers.
#[derive(Clone, Debug, Deserialize)]
pub struct CreatedRoom {
    /// The new room.
    pub id: RoomId,
    /// Makes who has it the host; empty for a room of an account.
    #[serde(default)]
    pub host_key: String,
    /// Seats.
    pub capacity: u32,
}

/// What a still answers.
#[derive(Clone, Debug, Deserialize)]
pub struct CreatedStill {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Signed address of the PNG, absolute or from the server's root.
    pub png: String,
    /// Signed address of the WebP.
    pub webp: String,
}

#[derive(Deserialize)]
struct Settings {
    max_capacity: u32,
}

#[derive(Deserialize)]
struct Ticket {
    ticket: String,
}

#[derive(Deserialize)]
struct Problem {
    code: Option<Code>,
    detail: Option<String>,
}

impl Api {
    /// An interface at `base`, such as `http://127.0.0.1:8080`. Only plain HTTP is spoken.
    pub fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), access: None, http: reqwest::Client::new() }
    }

    /// The same, as somebody who is logged in by this access token.
    pub fn of(&self, access: &str) -> Self {
        Self { access: Some(access.to_owned()), ..self.clone() }
    }

    /// The address of the signaling socket.
    pub fn socket_url(&self) -> String {
        format!("{}/api/v1/socket", self.base.replacen("http", "ws", 1))
    }

    /// The most seats that a room of this server may have.
    ///
    /// # Errors
    /// As [`Api::create_room`].
    pub async fn max_capacity(&self) -> Result<u32, ClientError> {
        Ok(send(self.http.get(self.url("/api/v1/config"))).await?.json::<Settings>().await?.max_capacity)
    }

    /// Makes a room for `capacity` people.
    ///
    /// # Errors
    /// [`ClientError::Refused`] with the server's code; [`ClientError::Http`] if it cannot be reached.
    pub async fn create_room(&self, capacity: u32) -> Result<CreatedRoom, ClientError> {
        let body = json!({ "capacity": capacity });
        Ok(send(self.http.post(self.url("/api/v1/rooms")).json(&body)).await?.json().await?)
    }

    /// Asks for a ticket to `room`; with the room's `host_key` it makes a host.
    ///
    /// # Errors
    /// As [`Api::create_room`].
    pub async fn ticket(&self, room: RoomId, name: &str, host_key: Option<&str>) -> Result<String, ClientError> {
        let mut body = json!({ "room": room, "name": name });
        if let Some(host_key) = host_key {
            body["host_key"] = host_key.into();
        }
        let mut request = self.http.post(self.url("/api/v1/socket-tickets")).json(&body);
        if let Some(access) = &self.access {
            request = request.bearer_auth(access);
        }
        Ok(send(request).await?.json::<Ticket>().await?.ticket)
    }

    /// Asks for a still of `room`, as its host or as somebody in it.
    ///
    /// # Errors
    /// As [`Api::create_room`].
    pub async fn still(&self, room: RoomId, bearer: &str) -> Result<CreatedStill, ClientError> {
        let body = json!({ "names": false, "time": false });
        let request = self.http.post(self.url(&format!("/api/v1/rooms/{room}/stills"))).bearer_auth(bearer);
        Ok(send(request.json(&body)).await?.json().await?)
    }

    /// Fetches an address of the server: a path from its root, or a whole address that it gave.
    ///
    /// # Errors
    /// As [`Api::create_room`].
    pub async fn fetch(&self, address: &str) -> Result<Vec<u8>, ClientError> {
        let url = if address.starts_with('/') { self.url(address) } else { address.to_owned() };
        Ok(send(self.http.get(url)).await?.bytes().await?.to_vec())
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

async fn send(request: RequestBuilder) -> Result<Response, ClientError> {
    let response = request.send().await?;
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status();
    match response.json::<Problem>().await {
        Ok(Problem { code: Some(code), detail }) => {
            Err(ClientError::Refused { code, detail: detail.unwrap_or_default() })
        }
        _ => Err(ClientError::Protocol(format!("HTTP {status} without a code"))),
    }
}
