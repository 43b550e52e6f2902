//! The real server on a free port, spoken to over HTTP and WebSocket: one file per behaviour.

mod abuse;
mod away;
mod blocking;
mod capacity;
mod churn;
mod client;
mod consents;
mod database;
mod drain;
mod following;
mod friendship;
mod hello;
mod http;
mod kick;
mod ledger;
mod me;
mod messages;
mod notifications;
mod person;
mod picture_attacks;
mod profile;
mod program;
mod resume;
mod stills;
mod uploads;
