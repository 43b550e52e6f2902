//! The signaling socket of a client: requests with their answers, and everything else that the server said, in order.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::ClientError;
use crate::protocol::client::{ClientMessage, Request};
use crate::protocol::server::{Reply, ServerMessage};

/// How long an answer may take. Generous: the load client shares its machine with the server.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// One open socket. Dropping it cuts the connection without a word.
pub struct Socket {
    outgoing: mpsc::UnboundedSender<Request>,
    shared: Arc<Shared>,
    length: watch::Receiver<Log>,
    next: AtomicU64,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    heard: Mutex<Vec<ServerMessage>>,
    pending: Mutex<HashMap<u64, oneshot::Sender<ServerMessage>>>,
}

/// How much was heard, and whether more can come.
#[derive(Clone, Copy, Default)]
struct Log {
    heard: usize,
    closed: bool,
}

impl Socket {
    /// Opens the socket at `url`.
    ///
    /// # Errors
    /// [`ClientError::Socket`] if there is none.
    pub async fn open(url: &str) -> Result<Self, ClientError> {
        let (stream, _) = tokio_tungstenite::connect_async(url).await?;
        let (mut write, mut read) = stream.split();
        let (outgoing, mut requests) = mpsc::unbounded_channel::<Request>();
        let shared = Arc::new(Shared::default());
        let (grown, length) = watch::channel(Log::default());
        let task = tokio::spawn({
            let shared = shared.clone();
            async move {
                loop {
                    tokio::select! {
                        request = requests.recv() => {
                            let Some(request) = request else { break };
                            let Ok(text) = serde_json::to_string(&request) else { continue };
                            if write.send(Message::text(text)).await.is_err() { break }
                        }
                        message = read.next() => match message {
                            Some(Ok(Message::Text(text))) => shared.hear(&text, &grown),
                            Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                            Some(Ok(_)) => {}
                        },
                    }
                }
                shared.pending.lock().clear();
                grown.send_modify(|log| log.closed = true);
            }
        });
        Ok(Self { outgoing, shared, length, next: AtomicU64::new(1), task })
    }

    /// Says something that has no answer worth waiting for.
    ///
    /// # Errors
    /// [`ClientError::Lost`] if the socket is closed.
    pub fn say(&self, message: ClientMessage) -> Result<(), ClientError> {
        let request = Request { id: None, message };
        self.outgoing.send(request).map_err(|_| ClientError::Lost("the socket is closed".into()))
    }

    /// Says something and waits for the message that answers it.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if the answer is an error, [`ClientError::Lost`] if the socket ends first,
    /// [`ClientError::Timeout`] after [`PATIENCE`].
    pub async fn request(&self, message: ClientMessage) -> Result<ServerMessage, ClientError> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        self.shared.pending.lock().insert(id, answer);
        let what = format!("{message:?}").split([' ', '{', '(']).next().unwrap_or_default().to_owned();
        let request = Request { id: Some(id), message };
        self.outgoing.send(request).map_err(|_| ClientError::Lost("the socket is closed".into()))?;
        match timeout(PATIENCE, answered).await {
            Err(_) => Err(ClientError::Timeout(format!("the answer to {what}"))),
            Ok(Err(_)) => Err(self.last_word()),
            Ok(Ok(ServerMessage::Error { code, detail })) => Err(ClientError::Refused { code, detail }),
            Ok(Ok(message)) => Ok(message),
        }
    }

    /// How many messages were heard so far: where [`Socket::wait_for`] can start.
    pub fn mark(&self) -> usize {
        self.length.borrow().heard
    }

    /// What was heard after `mark`, without waiting.
    pub fn heard_since(&self, mark: usize) -> Vec<ServerMessage> {
        self.shared.heard.lock().get(mark..).unwrap_or_default().to_vec()
    }

    /// Waits until more than `mark` messages were heard and returns those after it; empty once the socket has ended.
    pub async fn more(&self, mark: usize) -> Vec<ServerMessage> {
        let mut length = self.length.clone();
        // An error means that the socket's task is gone: what was heard is all there will be.
        let _ = length.wait_for(|log| log.closed || log.heard > mark).await;
        self.heard_since(mark)
    }

    /// Waits until `pick` likes a message that was heard after `mark`, answers included.
    ///
    /// # Errors
    /// [`ClientError::Timeout`] naming `what` after [`PATIENCE`], [`ClientError::Lost`] if the socket ends first.
    pub async fn wait_for<T>(
        &self,
        what: &str,
        mut mark: usize,
        mut pick: impl FnMut(&ServerMessage) -> Option<T>,
    ) -> Result<T, ClientError> {
        let search = async {
            loop {
                let messages = self.more(mark).await;
                if let Some(found) = messages.iter().find_map(&mut pick) {
                    return Ok(found);
                }
                if messages.is_empty() {
                    return Err(self.last_word());
                }
                mark += messages.len();
            }
        };
        timeout(PATIENCE, search).await.unwrap_or_else(|_| Err(ClientError::Timeout(what.to_owned())))
    }

    /// Waits until the server has ended the socket.
    ///
    /// # Errors
    /// [`ClientError::Timeout`] after [`PATIENCE`].
    pub async fn closed(&self) -> Result<(), ClientError> {
        let mut length = self.length.clone();
        match timeout(PATIENCE, length.wait_for(|log| log.closed)).await {
            Ok(_) => Ok(()),
            Err(_) => Err(ClientError::Timeout("the end of the socket".into())),
        }
    }

    /// Cuts the connection without a word, as a lost network does.
    pub fn cut(&self) {
        self.task.abort();
    }

    /// Why the socket ended, as far as the server said.
    fn last_word(&self) -> ClientError {
        self.shared
            .heard
            .lock()
            .iter()
            .rev()
            .find_map(|message| match message {
                ServerMessage::Closed { code, .. } => {
                    Some(ClientError::Refused { code: *code, detail: "the server closed the socket".into() })
                }
                ServerMessage::Error { code, detail } => {
                    Some(ClientError::Refused { code: *code, detail: detail.clone() })
                }
                _ => None,
            })
            .unwrap_or_else(|| ClientError::Lost("the socket is closed".into()))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn hear(&self, text: &str, grown: &watch::Sender<Log>) {
        let reply = match serde_json::from_str::<Reply>(text) {
            Ok(reply) => reply,
            Err(error) => {
                tracing::warn!(%error, text, "the server said something unknown");
                return;
            }
        };
        let mut heard = self.heard.lock();
        heard.push(reply.message.clone());
        let length = heard.len();
        drop(heard);
        grown.send_modify(|log| log.heard = length);
        let answer = reply.re.and_then(|id| self.pending.lock().remove(&id));
        if let Some(answer) = answer {
            // Whoever asked may have given up; the message stays in the log all the same.
            let _ = answer.send(reply.message);
        }
    }
}
