//! Moodcall: a video call whose picture answers your mood. One binary is the SFU, the signaling, the media pipeline,
//! the API and the web app. `ARCHITECTURE.md` has the map; modules stand here by their layers, lowest first, and a module
//! uses only those above it on this page.

pub mod base;
pub mod config;
pub mod protocol;
pub mod rtp;
pub mod telemetry;

pub mod blobs;
pub mod bus;
pub mod media;
pub mod sfu;

pub mod studio;

pub mod state;
pub mod web;

pub mod rooms;

pub mod signal;

pub mod app;
pub mod bench;

pub mod cli;
