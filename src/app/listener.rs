//! Accepts connections and serves the router on them.
//!
//! Our own loop instead of `axum::serve`, for three reasons: a client that sends its headers slowly is cut off, running
//! out of file descriptors waits instead of spinning, and every request learns its peer's address.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use crate::base::shutdown::{Phase, Shutdown};
use crate::web::address::Peer;

/// Time for the headers of a request.
const HEADERS: Duration = Duration::from_secs(10);

/// Time for open requests once everything stops.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

/// Serves until the shutdown stops everything, then gives open requests a moment.
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(64 * 1024);
    let graceful = GracefulShutdown::new();
    let stopping = shutdown.reached(Phase::Stopping);
    tokio::pin!(stopping);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stopping => break,
        };
        match accepted {
            Ok((stream, peer)) => connection(&builder, &graceful, stream, Peer(peer), router.clone()),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "cannot accept connections; waiting");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(LAST_ANSWERS, graceful.shutdown()).await.is_err() {
        tracing::info!("some requests were still open");
    }
}

fn connection(
    builder: &Builder<TokioExecutor>,
    graceful: &GracefulShutdown,
    stream: TcpStream,
    peer: Peer,
    router: Router,
) {
    // Signaling messages are small and wait for nobody.
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |mut request: Request<_>| {
        request.extensions_mut().insert(peer);
        request.map(Body::new)
    });
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service));
    let connection = graceful.watch(connection.into_owned());
    tokio::spawn(async move {
        // A client that breaks off or talks nonsense is its own business.
        if let Err(error) = connection.await {
            tracing::trace!(%error, "connection ended");
        }
    });
}

fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
