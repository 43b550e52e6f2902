//! A path that changes under a call: datagrams go through a socket between client and server, and that socket is
//! replaced. The server sees the client's address change; the client notices nothing, as behind a NAT that forgot it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::UdpSocket;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The path of one client to one server.
pub struct Relay {
    /// Where the client sends to instead of the server.
    pub address: SocketAddr,
    back: watch::Sender<Arc<UdpSocket>>,
    tasks: [JoinHandle<()>; 2],
}

impl Relay {
    /// A path to `server`.
    pub async fn to(server: SocketAddr) -> Self {
        let front = Arc::new(bind().await);
        let address = front.local_addr().expect("an address");
        let back = watch::Sender::new(Arc::new(bind().await));
        let client = watch::Sender::new(None::<SocketAddr>);
        let up = tokio::spawn({
            let (front, back, client) = (front.clone(), back.subscribe(), client.clone());
            async move {
                let mut buffer = [0; 2048];
                while let Ok((length, from)) = front.recv_from(&mut buffer).await {
                    client.send_replace(Some(from));
                    let back = back.borrow().clone();
                    // A datagram that cannot be sent is lost, as on any path.
                    let _ = back.send_to(&buffer[..length], server).await;
                }
            }
        });
        let down = tokio::spawn({
            let mut back = back.subscribe();
            async move {
                let mut buffer = [0; 2048];
                loop {
                    let socket = back.borrow_and_update().clone();
                    tokio::select! {
                        changed = back.changed() => if changed.is_err() { return },
                        received = socket.recv_from(&mut buffer) => {
                            let to = *client.borrow();
                            if let (Ok((length, _)), Some(to)) = (received, to) {
                                let _ = front.send_to(&buffer[..length], to).await;
                            }
                        }
                    }
                }
            }
        });
        Self { address, back, tasks: [up, down] }
    }

    /// Gives the client another address from the server's point of view. The old one is closed.
    pub async fn move_away(&self) {
        self.back.send_replace(Arc::new(bind().await));
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn bind() -> UdpSocket {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a socket")
}
