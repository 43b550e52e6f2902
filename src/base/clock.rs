//! The only place that reads a clock. State takes `now` as an argument; shells ask here.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Monotonic time, for measuring and for deadlines.
#[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
pub fn now() -> Instant {
    Instant::now()
}

/// Wall-clock time since the Unix epoch, for what people read and for tokens.
#[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
pub fn unix() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Processor time that the calling thread has used so far (user and system), by `CLOCK_THREAD_CPUTIME_ID`.
pub fn thread_cpu() -> Duration {
    cpu_time(libc::CLOCK_THREAD_CPUTIME_ID)
}

/// Processor time that this process has used so far (user and system, all threads).
pub fn process_cpu() -> Duration {
    cpu_time(libc::CLOCK_PROCESS_CPUTIME_ID)
}

fn cpu_time(clock: libc::clockid_t) -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid timespec that the call fills; an unknown clock leaves it zero.
    unsafe { libc::clock_gettime(clock, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
