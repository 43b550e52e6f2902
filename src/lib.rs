//! Moodcall: a video call whose picture answers your mood. One binary is the SFU, the signaling, the media pipeline,
//! the API and the web app. `ARCHITECTURE.md` has the map; modules stand here by their layers, lowest first, and a module
//! uses only those above it on this page.

pub mod base;
pub mod config;
pub mod protocol;
pub mod rtp;
pub mod telemetry;

pub mod store;

pub mod blobs;
pub mod bus;
pub mod covers;
pub mod mail;
pub mod media;
pub mod oidc;
pub mod outside;
pub mod sfu;

pub mod studio;

pub mod state;
pub mod web;

pub mod notices;

pub mod users;

pub mod social;
pub mod songs;
pub mod tags;

pub mod comments;

pub mod moderation;
pub mod playlists;
pub mod posts;
pub mod rooms;
pub mod search;

pub mod feeds;
pub mod generation;

pub mod signal;

pub mod app;
pub mod bench;

pub mod cli;
