//! Finding people by what they are called, in any script.
