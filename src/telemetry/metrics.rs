//! The recorder behind the `metrics` macros, rendered as Prometheus text.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Bounds of histograms that measure seconds.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// What `/metrics` asks. Cheap to clone.
#[derive(Clone)]
pub struct Recorder(PrometheusHandle);

impl Recorder {
    /// The process's recorder, installed at the first call: the macros know only one.
    pub fn install() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = HANDLE.get_or_init(|| {
            let builder = PrometheusBuilder::new();
            let builder = builder.set_buckets(SECONDS).unwrap_or_else(|_| PrometheusBuilder::new());
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another metrics recorder is installed; /metrics will stay empty");
            }
            describe();
            handle
        });
        Self(handle.clone())
    }

    /// Everything recorded so far, as Prometheus text.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

fn describe() {
    metrics::describe_counter!("moodcall_csp_reports_total", "Reports of a broken content security policy");
    metrics::describe_counter!("moodcall_http_requests_total", "HTTP requests, by method, route and status");
    metrics::describe_counter!("moodcall_signal_messages_total", "Messages that clients sent on sockets");
    metrics::describe_counter!("moodcall_signal_errors_total", "Errors told on sockets, by code");
    metrics::describe_counter!("moodcall_signal_sockets_refused_total", "Sockets that were refused, by reason");
    metrics::describe_gauge!("moodcall_signal_sockets", "Open sockets");
    metrics::describe_gauge!("moodcall_rooms", "Rooms with somebody in them");
    metrics::describe_gauge!("moodcall_seats", "Seats taken");
}
