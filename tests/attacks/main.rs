//! Attacks on the real SFU over real sockets on loopback (`docs/threats.md` names them): each is counted, so that a test
//! in which nothing arrived does not pass for a defence, and each watches a call that has to go on.

mod address_latching;
mod attacker;
mod forged_client_hello;
mod garbage;
#[path = "../sfu/guest.rs"]
#[expect(dead_code, reason = "shared with the SFU's own tests, which use all of it")]
mod guest;
mod keyframe_storm;
mod sdp_bomb;
mod too_many_ssrcs;
