//! Tests of transports against a client of the same library.
