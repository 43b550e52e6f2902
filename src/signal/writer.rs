//! The writer's side of one socket.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::SinkExt as _;
use futures_util::stream::SplitSink;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::protocol::close;
use crate::rooms::outbox::{Inlet, Outgoing};

/// Time for the last words on a socket.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Which side of a socket has ended: without a writer nothing can be said, without a reader the writer gets a moment for
/// its last words.
#[derive(Clone, Default)]
pub(super) struct Ends {
    /// Nothing is read any more.
    pub read: CancellationToken,
    /// Nothing is written any more.
    pub written: CancellationToken,
}

/// Writes what the outbox holds until it says close, everybody has let go of it, or its reader is too slow.
pub(super) async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    mut inlet: Inlet,
    mut pings: mpsc::Receiver<()>,
    ends: Ends,
) {
    let slow = inlet.slow.clone();
    let work = async {
        loop {
            let outgoing = tokio::select! {
                biased;
                outgoing = inlet.receiver.recv() => outgoing,
                Some(()) = pings.recv() => {
                    if sink.send(Message::Ping(Default::default())).await.is_err() { return None }
                    continue;
                }
            };
            match outgoing {
                Some(Outgoing::Say(reply)) => {
                    let text = serde_json::to_string(&reply).unwrap_or_default();
                    if sink.send(Message::Text(text.into())).await.is_err() {
                        return None;
                    }
                }
                Some(Outgoing::Close(code)) => return Some(code),
                None => return Some(close::NORMAL),
            }
        }
    };
    let stuck = async {
        ends.read.cancelled().await;
        tokio::time::sleep(LAST_WORDS).await;
    };
    let code = tokio::select! {
        code = work => code,
        () = slow.cancelled() => Some(close::SLOW),
        () = stuck => None,
    };
    if let Some(code) = code {
        if code == close::SLOW {
            metrics::counter!("moodcall_signal_slow_total").increment(1);
        }
        let last = async {
            let _ = sink.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await;
            let _ = sink.close().await;
        };
        // A reader that stopped reading would hold the socket for ever.
        let _ = tokio::time::timeout(LAST_WORDS, last).await;
    }
    ends.written.cancel();
}
