//! The call, end to end: the program itself as a server on loopback, and native clients with real sockets, DTLS and RTP.
//! Each test starts a server of its own on free ports. Nothing sleeps: tests wait for the event, with a time-out.

mod codecs;
mod fairness;
mod filter;
mod meeting;
mod recovery;
mod relay;
mod residue;
mod rights;
mod stage;
