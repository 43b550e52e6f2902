//! Logs to standard error and figures for Prometheus.

pub mod logs;
pub mod metrics;
