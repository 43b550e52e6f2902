-- Songs, playlists, how playlists are made.

-- Songs of the built-in catalogue, and songs that somebody named: a model, or a search for videos.
CREATE TABLE songs (
    id TEXT NOT NULL PRIMARY KEY,
    -- Artist and title, folded: the same song is one row.
    song_key TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('catalog', 'named')),
    title_ko TEXT NOT NULL,
    title_en TEXT NOT NULL,
    artist_ko TEXT NOT NULL,
    artist_en TEXT NOT NULL,
    genre TEXT,
    -- First year of the decade.
    decade BIGINT,
    -- Beats per minute.
    tempo BIGINT,
    -- Thousandths: how strong it is, and how bright.
    energy BIGINT CHECK (energy BETWEEN 0 AND 1000),
    valence BIGINT CHECK (valence BETWEEN 0 AND 1000),
    -- With commas between, the strongest first: what a song shows. `song_moods` is what songs are found by.
    moods TEXT NOT NULL DEFAULT '',
    -- What the preview is played from: semitones above C, minor or major, length, and the seed of its notes.
    pitch BIGINT NOT NULL CHECK (pitch BETWEEN 0 AND 11),
    is_minor SMALLINT NOT NULL CHECK (is_minor IN (0, 1)),
    seconds BIGINT NOT NULL CHECK (seconds > 0),
    seed BIGINT NOT NULL,
    -- Its place in an order that means nothing, for digging at random.
    draw BIGINT NOT NULL,
    -- The video that was found for it, and when somebody last looked.
    video_id TEXT,
    video_looked_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX songs_song_key ON songs (song_key);
CREATE INDEX songs_draw ON songs (draw, id);
CREATE INDEX songs_genre ON songs (genre, id);
CREATE INDEX songs_decade ON songs (decade, id);

-- Which edition of the built-in catalogue the rows are of; written with them.
CREATE TABLE song_editions (
    source TEXT NOT NULL PRIMARY KEY,
    edition TEXT NOT NULL,
    written_at BIGINT NOT NULL
);

-- Searches for videos on a day of the service's quota, such as `2026-11-22`.
CREATE TABLE video_searches (
    day TEXT NOT NULL PRIMARY KEY,
    searches BIGINT NOT NULL
);

CREATE TABLE song_moods (
    song_id TEXT NOT NULL REFERENCES songs (id) ON DELETE CASCADE,
    mood TEXT NOT NULL,
    PRIMARY KEY (mood, song_id)
);
CREATE INDEX song_moods_song ON song_moods (song_id);

-- Every two characters that stand together in a title or an artist's name.
CREATE TABLE song_grams (
    gram TEXT NOT NULL,
    song_id TEXT NOT NULL REFERENCES songs (id) ON DELETE CASCADE,
    PRIMARY KEY (gram, song_id)
);
CREATE INDEX song_grams_song ON song_grams (song_id);

ALTER TABLE playlists ADD COLUMN genre TEXT;
ALTER TABLE playlists ADD COLUMN mood TEXT;
-- Changes with each edit of the list or of its songs; the entity tag is made of it.
ALTER TABLE playlists ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- File of the cover, and where it comes from.
ALTER TABLE playlists ADD COLUMN cover TEXT;
ALTER TABLE playlists ADD COLUMN cover_kind TEXT CHECK (cover_kind IN ('drawn', 'generated', 'uploaded'));
-- What put it together: none is a person, 'catalog' the scorer inside, else the name of the model.
ALTER TABLE playlists ADD COLUMN generated_by TEXT;
ALTER TABLE playlists ADD COLUMN song_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE playlists ADD COLUMN like_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE playlists ADD COLUMN comment_count BIGINT NOT NULL DEFAULT 0;
-- What the hot ones are ordered by, as the popular posts are; written with `like_count`.
ALTER TABLE playlists ADD COLUMN heat BIGINT NOT NULL DEFAULT 0;
ALTER TABLE playlists ADD COLUMN edited_at BIGINT;
-- Gone for everybody; undone by its owner within a while, then the row goes.
ALTER TABLE playlists ADD COLUMN deleted_at BIGINT;
ALTER TABLE playlists ADD COLUMN taken_down SMALLINT NOT NULL DEFAULT 0 CHECK (taken_down IN (0, 1));
-- Hash of the Idempotency-Key and the request that made it, for a day.
ALTER TABLE playlists ADD COLUMN request_key TEXT;
CREATE UNIQUE INDEX playlists_owner_id ON playlists (owner_id, request_key) WHERE request_key IS NOT NULL;
CREATE INDEX playlists_request_key ON playlists (created_at) WHERE request_key IS NOT NULL;
CREATE INDEX playlists_shown ON playlists (owner_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX playlists_latest ON playlists (created_at, id) WHERE is_public = 1 AND deleted_at IS NULL;
CREATE INDEX playlists_hot ON playlists (heat, id) WHERE is_public = 1 AND deleted_at IS NULL;
CREATE INDEX playlists_genre ON playlists (genre, heat, id) WHERE is_public = 1 AND deleted_at IS NULL;
CREATE INDEX playlists_genre_latest ON playlists (genre, created_at, id) WHERE is_public = 1 AND deleted_at IS NULL;
CREATE INDEX playlists_mood ON playlists (mood, heat, id) WHERE is_public = 1 AND deleted_at IS NULL;
CREATE INDEX playlists_taste ON playlists (genre, mood, heat, id) WHERE is_public = 1 AND deleted_at IS NULL;
CREATE INDEX playlists_bare ON playlists (id) WHERE cover IS NULL AND deleted_at IS NULL;
CREATE INDEX playlists_cover ON playlists (cover) WHERE cover IS NOT NULL;
CREATE INDEX playlists_deleted_at ON playlists (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE playlist_songs (
    id TEXT NOT NULL PRIMARY KEY,
    playlist_id TEXT NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
    song_id TEXT NOT NULL REFERENCES songs (id) ON DELETE CASCADE,
    -- Fraction in hexadecimal digits, which every collation orders alike: between any two there is another.
    place TEXT NOT NULL,
    added_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX playlist_songs_playlist_id ON playlist_songs (playlist_id, place);
CREATE UNIQUE INDEX playlist_songs_song_id ON playlist_songs (song_id, playlist_id);

CREATE TABLE playlist_tags (
    playlist_id TEXT NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
    tag_id TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    -- Of the playlist, so that a tag's page is a walk along an index.
    created_at BIGINT NOT NULL,
    PRIMARY KEY (playlist_id, tag_id)
);
CREATE INDEX playlist_tags_tag ON playlist_tags (tag_id, created_at, playlist_id);

-- Pieces of titles and descriptions, as those of posts.
CREATE TABLE playlist_grams (
    gram TEXT NOT NULL,
    playlist_id TEXT NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
    PRIMARY KEY (gram, playlist_id)
);
CREATE INDEX playlist_grams_playlist ON playlist_grams (playlist_id);

CREATE TABLE playlist_likes (
    playlist_id TEXT NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (playlist_id, user_id)
);
CREATE INDEX playlist_likes_user ON playlist_likes (user_id, created_at, playlist_id);

CREATE TABLE playlist_bookmarks (
    playlist_id TEXT NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (playlist_id, user_id)
);
CREATE INDEX playlist_bookmarks_user ON playlist_bookmarks (user_id, created_at, playlist_id);

-- A playlist in the making. Rows go a day after they have ended; the words that somebody said about their mood go at once.
CREATE TABLE playlist_generations (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('wizard', 'event', 'call')),
    -- What was asked for, as JSON; empty once it has ended.
    input TEXT NOT NULL,
    seed BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'failed', 'canceled')),
    -- Which step runs, and how many are behind it.
    step TEXT NOT NULL DEFAULT '',
    steps_done BIGINT NOT NULL DEFAULT 0,
    -- How often somebody began with it; a server that died leaves one that is begun again.
    tries BIGINT NOT NULL DEFAULT 0,
    -- Until when the server that runs it is believed to live.
    held_until BIGINT,
    playlist_id TEXT REFERENCES playlists (id) ON DELETE SET NULL,
    -- Code of what went wrong.
    problem TEXT,
    request_key TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX playlist_generations_user_id ON playlist_generations (user_id, request_key)
    WHERE request_key IS NOT NULL;
CREATE INDEX playlist_generations_user ON playlist_generations (user_id, created_at, id);
CREATE INDEX playlist_generations_open ON playlist_generations (held_until, created_at) WHERE ended_at IS NULL;
CREATE INDEX playlist_generations_ended_at ON playlist_generations (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX playlist_generations_playlist ON playlist_generations (playlist_id) WHERE playlist_id IS NOT NULL;

-- What plays in a room; where in it is known while the room is live.
ALTER TABLE rooms ADD COLUMN playlist_id TEXT REFERENCES playlists (id) ON DELETE SET NULL;
CREATE INDEX rooms_playlist ON rooms (playlist_id) WHERE playlist_id IS NOT NULL;

-- What others were told about a playlist, to take it away when the list is hidden from them.
CREATE INDEX notifications_of_playlist ON notifications (subject_id) WHERE kind = 'playlist-replied';
