//! Rooms on a virtual clock and a seeded network: the SFU's own state (ICE agents, address map, rewriting, keyframe
//! requests, queues) wired as the driver wires it, an hour of trouble in milliseconds. A failure prints its seed;
//! `MOODCALL_SEED=n` runs that one alone.

mod churn;
mod client;
mod decoder;
mod loss;
mod moving;
mod network;
mod replay;
mod room;
mod silence;
mod switching;

/// Runs `scenario` with each seed in turn. The seed is printed first, and shown if the test fails.
fn each_seed(count: u64, scenario: impl Fn(u64)) {
    let chosen = std::env::var("MOODCALL_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = chosen.map_or(0..count, |seed| seed..seed + 1);
    for seed in seeds {
        println!("seed {seed}");
        scenario(seed);
    }
}
