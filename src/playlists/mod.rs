//! Playlists: songs in an order, with a title, a cover, tags, and who may see them.
