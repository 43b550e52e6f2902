//! The client's connection against another of the same crate: no server, so that a failure here is the client's own.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rtc::ice::mdns::MulticastDnsMode;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use tokio::sync::mpsc;
use tokio::time::timeout;
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState, RTCSessionDescription,
    SettingEngineBuilder,
};

use super::chain::{self, VideoCodec};
use super::peer::{Peer, PeerOptions};
use crate::rtp::packet::Packet;

const PATIENCE: Duration = Duration::from_secs(10);

/// The other side: answers, asks every track for a keyframe, and reports what arrives.
struct Answerer {
    gathered: mpsc::UnboundedSender<()>,
    arrived: mpsc::UnboundedSender<u32>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Answerer {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            let _ = self.gathered.send(());
        }
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let arrived = self.arrived.clone();
        tokio::spawn(async move {
            while let Some(event) = track.poll().await {
                let TrackRemoteEvent::OnRtpPacket(packet) = event else { continue };
                let media_ssrc = packet.header.ssrc;
                let request = PictureLossIndication { sender_ssrc: 0, media_ssrc };
                let _ = track.write_rtcp(vec![Box::new(request)]).await;
                let _ = arrived.send(media_ssrc);
            }
        });
    }
}

async fn answerer(offer: String) -> (Arc<dyn PeerConnection>, String, mpsc::UnboundedReceiver<u32>) {
    let (engine, registry) = chain::negotiation(&[VideoCodec::Vp8]).expect("codecs");
    let settings = SettingEngineBuilder::new()
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        .with_include_loopback_candidate(true)
        .with_ice_connection_attempts(Some(Duration::from_millis(5)), Some(2000))
        .build();
    let (gathered, mut complete) = mpsc::unbounded_channel();
    let (arrived, arrivals) = mpsc::unbounded_channel();
    let connection = PeerConnectionBuilder::new()
        .with_media_engine(engine)
        .with_interceptor_registry(registry)
        .with_setting_engine(settings)
        .with_handler(Arc::new(Answerer { gathered, arrived }))
        .with_udp_addrs(vec!["127.0.0.1:0"])
        .build()
        .await
        .expect("a connection");
    let connection: Arc<dyn PeerConnection> = Arc::new(connection);
    connection.set_remote_description(RTCSessionDescription::offer(offer).expect("an offer")).await.expect("usable");
    let answer = connection.create_answer(None).await.expect("an answer");
    connection.set_local_description(answer).await.expect("usable");
    timeout(PATIENCE, complete.recv()).await.expect("candidates in time");
    let sdp = connection.local_description().await.expect("a description").sdp;
    (connection, sdp, arrivals)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_connects_sends_and_hears_a_keyframe_request() {
    let peer = Peer::new(PeerOptions::loopback(Arc::new(|_| ()))).await.expect("a peer");
    let (other, answer, mut arrivals) = answerer(peer.offer().await.expect("an offer")).await;
    peer.accept(answer).await.expect("usable");
    timeout(PATIENCE, peer.connected()).await.expect("in time").expect("connected");
    // This end may be connected a moment before the other, which drops what comes early.
    let sending = async {
        for sequence in 0.. {
            let payload = Bytes::from_static(&[0x90, 0x80, 0x80, 0x01, 0x10, 0x02]);
            let packet = Packet { marker: true, payload_type: 0, sequence, timestamp: 0, ssrc: 0, payload };
            peer.video.send(packet).await.expect("sent");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let ssrc = tokio::select! {
        () = sending => unreachable!("it sends for ever"),
        ssrc = timeout(PATIENCE, arrivals.recv()) => ssrc.expect("in time").expect("a packet"),
    };
    assert_eq!(ssrc, peer.video.ssrc);
    timeout(PATIENCE, peer.video.keyframe_request()).await.expect("in time").expect("a request");
    peer.close().await.expect("closed");
    other.close().await.expect("closed");
}
