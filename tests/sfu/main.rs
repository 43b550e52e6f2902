//! The SFU with real WebRTC clients on loopback, without signaling: offers and answers are handed over directly.

mod call;
mod churn;
mod codecs;
mod guest;
mod sources;
