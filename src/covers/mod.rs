//! Covers of playlists, drawn from a mood, a genre and a seed: an SVG that becomes a PNG.
