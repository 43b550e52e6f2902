-- Posts, what people say and think of them, tags, reports.

-- Words that things are found by: lower case, without a number sign.
CREATE TABLE tags (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- How many things carry it that everybody may see.
    item_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX tags_name ON tags (name);
CREATE INDEX tags_item_count ON tags (item_count, id);

CREATE TABLE room_tags (
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    tag_id TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    -- Of the room, so that a tag's page is a walk along an index.
    created_at BIGINT NOT NULL,
    PRIMARY KEY (room_id, tag_id)
);
CREATE INDEX room_tags_tag ON room_tags (tag_id, created_at, room_id);

CREATE TABLE posts (
    id TEXT NOT NULL PRIMARY KEY,
    author_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    body TEXT NOT NULL DEFAULT '',
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'followers', 'friends', 'private')),
    playlist_id TEXT REFERENCES playlists (id) ON DELETE SET NULL,
    -- The mood of the call that it came from, if the author shows it.
    mood TEXT,
    -- Changes with each edit; the entity tag is made of it.
    version BIGINT NOT NULL DEFAULT 1,
    view_count BIGINT NOT NULL DEFAULT 0,
    like_count BIGINT NOT NULL DEFAULT 0,
    comment_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    -- Gone for everybody; undone by its author within a while, then the row goes.
    deleted_at BIGINT,
    -- Whether staff took it down, which its author cannot undo.
    taken_down SMALLINT NOT NULL DEFAULT 0 CHECK (taken_down IN (0, 1)),
    -- What the popular feed is ordered by: the time of writing, and up to a week that likes and comments are worth. Five
    -- likes are worth a day, thirty half of the week.
    heat BIGINT GENERATED ALWAYS AS (created_at + CAST(604800000 AS BIGINT) * (like_count + 2 * comment_count)
        / (like_count + 2 * comment_count + 30)) STORED,
    -- Hash of the Idempotency-Key and the request that made it, for a day: a retry finds the post, even if the server died
    -- before it could keep its answer.
    request_key TEXT
);
CREATE UNIQUE INDEX posts_author_id ON posts (author_id, request_key) WHERE request_key IS NOT NULL;
CREATE INDEX posts_request_key ON posts (created_at) WHERE request_key IS NOT NULL;
CREATE INDEX posts_author ON posts (author_id, created_at, id);
-- What one person shows to whom: each list of it is a walk along an index.
CREATE INDEX posts_shown ON posts (author_id, visibility, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX posts_latest ON posts (created_at, id) WHERE visibility = 'public' AND deleted_at IS NULL;
CREATE INDEX posts_popular ON posts (heat, id) WHERE visibility = 'public' AND deleted_at IS NULL;
CREATE INDEX posts_playlist ON posts (playlist_id) WHERE playlist_id IS NOT NULL;
CREATE INDEX posts_deleted_at ON posts (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE post_pictures (
    post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    upload_id TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    description TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (post_id, position)
);
CREATE INDEX post_pictures_upload ON post_pictures (upload_id);

-- The still that an upload was made of, to be posted. The picture is hidden while somebody in the still does not agree, and
-- goes with the still, because only there can they say so.
ALTER TABLE uploads ADD COLUMN still_id TEXT REFERENCES stills (id) ON DELETE CASCADE;
CREATE INDEX uploads_still ON uploads (still_id) WHERE still_id IS NOT NULL;

CREATE TABLE post_tags (
    post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    tag_id TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    -- Of the post, so that a tag's page is a walk along an index.
    created_at BIGINT NOT NULL,
    PRIMARY KEY (post_id, tag_id)
);
CREATE INDEX post_tags_tag ON post_tags (tag_id, created_at, post_id);

-- Every two, three and four characters that stand together in a title or a text, folded, for search in any script. The last
-- character of each stands with a space, so that every character begins a piece.
CREATE TABLE post_grams (
    gram TEXT NOT NULL,
    post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (gram, post_id)
);
CREATE INDEX post_grams_post ON post_grams (post_id);

CREATE TABLE post_likes (
    post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (post_id, user_id)
);
CREATE INDEX post_likes_user ON post_likes (user_id, created_at, post_id);

CREATE TABLE post_bookmarks (
    post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (post_id, user_id)
);
CREATE INDEX post_bookmarks_user ON post_bookmarks (user_id, created_at, post_id);

CREATE TABLE post_views (
    post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    -- The person, or a keyed hash of where somebody without an account asks from.
    viewer TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (post_id, viewer)
);
CREATE INDEX post_views_seen_at ON post_views (seen_at);

-- On a post or on a playlist; one level of replies, whose parent is on the same thing.
CREATE TABLE comments (
    id TEXT NOT NULL PRIMARY KEY,
    post_id TEXT REFERENCES posts (id) ON DELETE CASCADE,
    playlist_id TEXT REFERENCES playlists (id) ON DELETE CASCADE,
    -- None when they are gone and the comment's place is kept for the replies.
    author_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES comments (id) ON DELETE CASCADE,
    body TEXT NOT NULL,
    -- Replies that are not deleted.
    reply_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    -- Then the body is empty; with replies, its place is kept.
    deleted_at BIGINT,
    CHECK ((post_id IS NULL) <> (playlist_id IS NULL)),
    CHECK (parent_id <> id),
    CHECK (author_id IS NOT NULL OR deleted_at IS NOT NULL)
);
-- What a list shows: what is there, and places that are kept.
CREATE INDEX comments_post ON comments (post_id, created_at, id)
    WHERE parent_id IS NULL AND (deleted_at IS NULL OR reply_count > 0);
CREATE INDEX comments_playlist ON comments (playlist_id, created_at, id)
    WHERE parent_id IS NULL AND (deleted_at IS NULL OR reply_count > 0);
CREATE INDEX comments_parent ON comments (parent_id, created_at, id);
CREATE INDEX comments_author ON comments (author_id, created_at, id);
CREATE INDEX comments_of_post ON comments (post_id, author_id) WHERE post_id IS NOT NULL;
CREATE INDEX comments_of_playlist ON comments (playlist_id, author_id) WHERE playlist_id IS NOT NULL;

CREATE TABLE reports (
    id TEXT NOT NULL PRIMARY KEY,
    reporter_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('user', 'post', 'comment', 'room', 'message', 'playlist')),
    subject_id TEXT NOT NULL,
    -- Whose doing it is, as long as they are here.
    author_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    reason TEXT NOT NULL CHECK (reason IN ('spam', 'harassment', 'sexual', 'violence', 'privacy', 'other')),
    note TEXT NOT NULL DEFAULT '',
    -- What the thing said when it was reported.
    excerpt TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL CHECK (status IN ('open', 'upheld', 'dismissed')),
    created_at BIGINT NOT NULL,
    closed_at BIGINT,
    closed_by TEXT REFERENCES users (id) ON DELETE SET NULL
);
-- Each person reports each thing once.
CREATE UNIQUE INDEX reports_reporter_id ON reports (reporter_id, subject_kind, subject_id);
CREATE INDEX reports_queue ON reports (status, created_at, id);
CREATE INDEX reports_subject ON reports (subject_id, subject_kind, status);
CREATE INDEX reports_author ON reports (author_id);
CREATE INDEX reports_closed_by ON reports (closed_by);

-- What staff did. Rows are only added.
CREATE TABLE audit_log (
    id TEXT NOT NULL PRIMARY KEY,
    actor_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
);
CREATE INDEX audit_log_newest ON audit_log (created_at, id);
CREATE INDEX audit_log_subject ON audit_log (subject_id, created_at);
CREATE INDEX audit_log_actor ON audit_log (actor_id);

-- Until when somebody may look only.
ALTER TABLE users ADD COLUMN suspended_until BIGINT;
CREATE INDEX users_suspended_until ON users (suspended_until) WHERE suspended_until IS NOT NULL;
