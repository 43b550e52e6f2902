//! Moodcall: a video call whose picture answers your mood. One binary is the SFU, the signaling, the media pipeline,
//! the API and the web app. `ARCHITECTURE.md` has the map; modules stand here in the order of their layers, lowest first.

pub mod app;
pub mod base;
pub mod bench;
pub mod blobs;
pub mod bus;
pub mod cli;
pub mod config;
pub mod media;
pub mod protocol;
pub mod rooms;
pub mod rtp;
pub mod sfu;
pub mod signal;
pub mod state;
pub mod studio;
pub mod telemetry;
pub mod web;
