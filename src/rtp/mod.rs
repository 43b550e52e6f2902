//! Views of RTP packets and of the payload descriptors inside them: read, rewrite, order. No sockets, no state of a call.

pub mod packet;
pub mod payload;
pub mod reorder;
pub mod sequence;
pub mod time;
