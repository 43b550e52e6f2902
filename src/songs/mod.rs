//! Songs: the built-in catalogue, songs that somebody named, search, digging at random, and which fit a mood.
