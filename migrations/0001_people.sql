-- People: accounts, log-ins, the social graph, notices, mail.
--
-- One dialect for SQLite and PostgreSQL. Identifiers are UUIDv7 as TEXT, times are milliseconds since the Unix epoch as
-- BIGINT, truth is SMALLINT 0 or 1, JSON is TEXT. Every unique index is named after its table and first column, because
-- that is all that SQLite tells when one is violated.

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    -- The address in lower case: what is compared.
    email_key TEXT NOT NULL,
    -- Lower case, a-z 0-9 and _.
    handle TEXT NOT NULL,
    nickname TEXT NOT NULL,
    -- The nickname case-folded: what is compared.
    nickname_key TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT '',
    -- A JSON array of genres.
    genres TEXT NOT NULL DEFAULT '[]',
    -- Public name of the picture among the uploads.
    avatar TEXT,
    -- None for whoever logs in through a provider only.
    password_hash TEXT,
    language TEXT NOT NULL DEFAULT 'en' CHECK (language IN ('ko', 'en')),
    theme TEXT NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark')),
    is_staff SMALLINT NOT NULL DEFAULT 0 CHECK (is_staff IN (0, 1)),
    follower_count BIGINT NOT NULL DEFAULT 0,
    following_count BIGINT NOT NULL DEFAULT 0,
    friend_count BIGINT NOT NULL DEFAULT 0,
    unread_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- When the account and its files go for good; set by its deletion, cleared by a log-in within the grace time.
    deletes_at BIGINT
);
CREATE UNIQUE INDEX users_email_key ON users (email_key);
CREATE UNIQUE INDEX users_handle ON users (handle);
CREATE UNIQUE INDEX users_nickname_key ON users (nickname_key);
CREATE INDEX users_deletes_at ON users (deletes_at) WHERE deletes_at IS NOT NULL;

CREATE TABLE playlists (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    is_public SMALLINT NOT NULL DEFAULT 1 CHECK (is_public IN (0, 1)),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX playlists_owner ON playlists (owner_id, created_at, id);

ALTER TABLE users ADD COLUMN representative_playlist_id TEXT REFERENCES playlists (id) ON DELETE SET NULL;
CREATE INDEX users_representative_playlist ON users (representative_playlist_id)
    WHERE representative_playlist_id IS NOT NULL;

-- Sub-strings of two characters of nicknames and handles, for search in any script.
CREATE TABLE user_grams (
    gram TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (gram, user_id)
);
CREATE INDEX user_grams_user ON user_grams (user_id);

CREATE TABLE email_verifications (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    -- Wrong tries so far.
    tries SMALLINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- When the right code came; the proof, of which the hash is kept, can be used once.
    verified_at BIGINT,
    proof_hash TEXT,
    used_at BIGINT
);
-- One open code for an address: a new one takes the place of the old.
CREATE UNIQUE INDEX email_verifications_email_key ON email_verifications (email_key) WHERE verified_at IS NULL;
CREATE UNIQUE INDEX email_verifications_proof_hash ON email_verifications (proof_hash);
CREATE INDEX email_verifications_expires_at ON email_verifications (expires_at);

-- A log-in: the family of its refresh tokens.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- How they logged in: password, or the provider's name.
    method TEXT NOT NULL,
    user_agent TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    -- Whether the cookie outlives the browser.
    remember SMALLINT NOT NULL DEFAULT 0 CHECK (remember IN (0, 1)),
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
CREATE INDEX sessions_revoked_at ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE refresh_tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_used_at ON refresh_tokens (used_at) WHERE used_at IS NOT NULL;

CREATE TABLE password_resets (
    hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX password_resets_user ON password_resets (user_id);
CREATE INDEX password_resets_expires_at ON password_resets (expires_at);

-- Who a provider says somebody is.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
-- One of each provider.
CREATE UNIQUE INDEX identities_user_id ON identities (user_id, provider);

-- A visit to a provider that has begun: taken out, once, by the callback.
CREATE TABLE oidc_visits (
    state_hash TEXT NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    -- Hash of the cookie of the browser that began it.
    browser_hash TEXT NOT NULL,
    return_to TEXT NOT NULL,
    -- Who links the provider to their account; none for a log-in.
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX oidc_visits_user ON oidc_visits (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX oidc_visits_expires_at ON oidc_visits (expires_at);

CREATE TABLE consents (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('terms', 'expression', 'news')),
    granted SMALLINT NOT NULL CHECK (granted IN (0, 1)),
    -- Which version of the text they saw.
    version TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, purpose)
);

CREATE TABLE exports (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('pending', 'ready', 'failed')),
    -- Key of the ZIP among the blobs.
    blob TEXT,
    bytes BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX exports_user ON exports (user_id, created_at, id);
-- One at a time is made for each person, and looked for without the finished ones.
CREATE UNIQUE INDEX exports_user_id ON exports (user_id) WHERE state = 'pending';
CREATE INDEX exports_pending ON exports (created_at, id) WHERE state = 'pending';
CREATE INDEX exports_blob ON exports (blob);
CREATE INDEX exports_expires_at ON exports (expires_at);

CREATE TABLE uploads (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Random; the address of the picture.
    public_name TEXT NOT NULL,
    -- Key among the blobs: made of the content's hash, so that equal pictures are kept once.
    blob TEXT NOT NULL,
    media_type TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX uploads_public_name ON uploads (public_name);
CREATE INDEX uploads_owner ON uploads (owner_id, created_at, id);
CREATE INDEX uploads_blob ON uploads (blob);

CREATE TABLE follows (
    follower_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    followee_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (follower_id, followee_id),
    CHECK (follower_id <> followee_id)
);
CREATE INDEX follows_followers ON follows (followee_id, created_at, follower_id);
CREATE INDEX follows_following ON follows (follower_id, created_at, followee_id);

CREATE TABLE friend_requests (
    id TEXT NOT NULL PRIMARY KEY,
    from_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    to_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The two in the order of their identifiers: one open request for a pair, whoever asked.
    low_id TEXT NOT NULL,
    high_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'rejected', 'withdrawn')),
    created_at BIGINT NOT NULL,
    answered_at BIGINT,
    CHECK (low_id < high_id),
    CHECK ((from_id = low_id AND to_id = high_id) OR (from_id = high_id AND to_id = low_id))
);
CREATE UNIQUE INDEX friend_requests_low_id ON friend_requests (low_id, high_id) WHERE status = 'pending';
CREATE INDEX friend_requests_to ON friend_requests (to_id, status, created_at, id);
CREATE INDEX friend_requests_from ON friend_requests (from_id, status, created_at, id);

CREATE TABLE friendships (
    low_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    high_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (low_id, high_id),
    CHECK (low_id < high_id)
);
CREATE INDEX friendships_low ON friendships (low_id, created_at, high_id);
CREATE INDEX friendships_high ON friendships (high_id, created_at, low_id);

CREATE TABLE blocks (
    blocker_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    blocked_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (blocker_id, blocked_id),
    CHECK (blocker_id <> blocked_id)
);
CREATE INDEX blocks_blocker ON blocks (blocker_id, created_at, blocked_id);
CREATE INDEX blocks_blocked ON blocks (blocked_id, blocker_id);

CREATE TABLE notifications (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- followed, friend-requested, friend-accepted, and what later features add.
    kind TEXT NOT NULL,
    actor_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    subject_id TEXT,
    -- The same thing done again (follow, unfollow, follow) is one notification.
    sameness TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE UNIQUE INDEX notifications_user_id ON notifications (user_id, sameness);
CREATE INDEX notifications_newest ON notifications (user_id, created_at, id);
CREATE INDEX notifications_unread ON notifications (user_id, created_at) WHERE read_at IS NULL;
CREATE INDEX notifications_actor ON notifications (actor_id, user_id);

CREATE TABLE mail_outbox (
    id TEXT NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When to try next; none when it was sent or given up.
    due_at BIGINT,
    tries BIGINT NOT NULL DEFAULT 0,
    sent_at BIGINT,
    error TEXT
);
CREATE INDEX mail_outbox_due_at ON mail_outbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mail_outbox_recipient ON mail_outbox (recipient);
CREATE INDEX mail_outbox_created_at ON mail_outbox (created_at, id);

-- Answers to requests that carried an Idempotency-Key, so that a retry gets the same.
CREATE TABLE idempotency_keys (
    -- The user, or the hash of what else stands for the client.
    owner TEXT NOT NULL,
    -- Hash of the client's key.
    name TEXT NOT NULL,
    -- Hash of method, path and body: the same key with another request is refused.
    request_hash TEXT NOT NULL,
    -- None while the first request is still at work. Sealed with the client's key, of which only a hash is here.
    answer TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, name)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
