-- Rooms as rows, who may enter them, what was said and pictured there, and ringing somebody.
--
-- Whether a room is live is no column: the rooms in memory know, so that a crash leaves none that is live on paper only.

CREATE TABLE rooms (
    id TEXT NOT NULL PRIMARY KEY,
    -- None for a room that a guest made: whoever has the host key is its host.
    host_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    -- Hash of the key that makes a guest the host.
    host_key_hash TEXT,
    title TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    -- link: whoever has the address, listed nowhere; open: everybody, and listed; friends: the host's, and listed to
    -- them; invite: by an invitation, or admitted after a knock.
    visibility TEXT NOT NULL CHECK (visibility IN ('link', 'open', 'friends', 'invite')),
    -- Whether somebody without an account may enter, where they otherwise could.
    guests SMALLINT NOT NULL DEFAULT 1 CHECK (guests IN (0, 1)),
    capacity BIGINT NOT NULL CHECK (capacity > 0),
    -- Number of the last line of chat.
    message_seq BIGINT NOT NULL DEFAULT 0,
    -- Number of the last thing that happened to a line of chat: said, changed or deleted.
    change_seq BIGINT NOT NULL DEFAULT 0,
    -- Days that lines of chat are kept; 0: until the room goes.
    message_days BIGINT NOT NULL DEFAULT 0 CHECK (message_days >= 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- When the link of a room without an account behind it ends.
    expires_at BIGINT,
    -- Whom the host rings here: such a room was made by ringing them, and is used again the next time.
    callee_id TEXT REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX rooms_host_id ON rooms (host_id, callee_id);
CREATE INDEX rooms_callee ON rooms (callee_id) WHERE callee_id IS NOT NULL;
CREATE INDEX rooms_message_days ON rooms (message_days) WHERE message_days > 0;
CREATE INDEX rooms_host ON rooms (host_id, created_at, id);
-- What is listed to everybody, for search.
CREATE INDEX rooms_open ON rooms (id) WHERE visibility = 'open';
CREATE INDEX rooms_expires_at ON rooms (expires_at) WHERE expires_at IS NOT NULL;

-- Who was told that they may, or may not, enter.
CREATE TABLE room_members (
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    standing TEXT NOT NULL CHECK (standing IN ('admitted', 'banned')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX room_members_user ON room_members (user_id, room_id);

CREATE TABLE room_invites (
    id TEXT NOT NULL PRIMARY KEY,
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL,
    created_by TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    max_uses BIGINT CHECK (max_uses > 0),
    uses BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX room_invites_token_hash ON room_invites (token_hash);
CREATE INDEX room_invites_room ON room_invites (room_id, created_at, id);
CREATE INDEX room_invites_created_by ON room_invites (created_by);
CREATE INDEX room_invites_expires_at ON room_invites (expires_at);

CREATE TABLE room_knocks (
    id TEXT NOT NULL PRIMARY KEY,
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('pending', 'admitted', 'refused', 'withdrawn')),
    created_at BIGINT NOT NULL,
    answered_at BIGINT
);
-- One open knock of each person on each door.
CREATE UNIQUE INDEX room_knocks_room_id ON room_knocks (room_id, user_id) WHERE status = 'pending';
CREATE INDEX room_knocks_newest ON room_knocks (room_id, created_at, id);
CREATE INDEX room_knocks_user ON room_knocks (user_id);
CREATE INDEX room_knocks_answered ON room_knocks (answered_at) WHERE answered_at IS NOT NULL;

CREATE TABLE messages (
    id TEXT NOT NULL PRIMARY KEY,
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    -- Counts within the room, given in the transaction that writes the line.
    seq BIGINT NOT NULL,
    -- The last thing that happened to it, counted within the room in the same way.
    change_seq BIGINT NOT NULL DEFAULT 0,
    -- None for a guest, and for somebody who is gone.
    user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    participant_id TEXT NOT NULL,
    -- What they were called.
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    -- Then the body is empty.
    deleted_at BIGINT
);
CREATE UNIQUE INDEX messages_room_id ON messages (room_id, seq);
CREATE INDEX messages_changes ON messages (room_id, change_seq);
CREATE INDEX messages_user ON messages (user_id, created_at, id);
CREATE INDEX messages_created_at ON messages (room_id, created_at);

-- One person ringing another.
CREATE TABLE calls (
    id TEXT NOT NULL PRIMARY KEY,
    caller_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    callee_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    room_id TEXT REFERENCES rooms (id) ON DELETE SET NULL,
    status TEXT NOT NULL CHECK (status IN ('ringing', 'accepted', 'declined', 'busy', 'canceled', 'missed', 'ended')),
    -- Whether the caller means to show a camera.
    video SMALLINT NOT NULL DEFAULT 1 CHECK (video IN (0, 1)),
    created_at BIGINT NOT NULL,
    answered_at BIGINT,
    ended_at BIGINT,
    CHECK (caller_id <> callee_id)
);
CREATE INDEX calls_caller ON calls (caller_id, created_at, id);
CREATE INDEX calls_callee ON calls (callee_id, created_at, id);
CREATE INDEX calls_room ON calls (room_id);
-- What somebody is busy with.
CREATE INDEX calls_open_caller ON calls (caller_id) WHERE status IN ('ringing', 'accepted');
CREATE INDEX calls_open_callee ON calls (callee_id) WHERE status IN ('ringing', 'accepted');

-- Pictures of calls. A still belongs to whoever took it, if they have an account.
CREATE TABLE stills (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    room_id TEXT REFERENCES rooms (id) ON DELETE SET NULL,
    -- What the room was called then.
    room_title TEXT NOT NULL DEFAULT '',
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX stills_owner ON stills (owner_id, created_at, id);
CREATE INDEX stills_room ON stills (room_id);

-- Who is in it. A guest has nobody to ask: such a row stays pending, and the still can be kept but not published.
CREATE TABLE still_people (
    still_id TEXT NOT NULL REFERENCES stills (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL,
    user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    consent TEXT NOT NULL CHECK (consent IN ('pending', 'given', 'refused')),
    answered_at BIGINT,
    PRIMARY KEY (still_id, participant_id)
);
CREATE INDEX still_people_user ON still_people (user_id, still_id);
