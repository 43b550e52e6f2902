//! Playlists in the making: a job that turns a sentence, a genre and a decade, or the mood of a call into a playlist.

pub mod cover;
