//! The closed list of error codes, shared by HTTP (`code` in problem+json) and the socket (`error`).

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// A machine-readable error code. `/problems/{code}` explains each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name),*
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// The code as it stands on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),* }
            }
        }
    };
}

codes! {
    /// The message or body is not what the protocol says: not JSON, an unknown type, a field missing or too much.
    Malformed = "malformed",
    /// A value has the right type and is not allowed.
    Invalid = "invalid",
    /// More than 64 KiB in one message, or a body above its limit.
    TooLarge = "too-large",
    /// Too many messages or requests in a short time.
    TooMany = "too-many",
    /// No valid `hello` came in time, or something else came first.
    HelloExpected = "hello-expected",
    /// The client speaks another version of the protocol.
    Version = "version",
    /// The ticket is wrong, used, or too old.
    Ticket = "ticket",
    /// The resume token is wrong or its seat is gone.
    Resume = "resume",
    /// The page's origin may not open a socket here.
    Origin = "origin",
    /// The message makes sense only inside a room.
    NotJoined = "not-joined",
    /// Already in the room.
    AlreadyJoined = "already-joined",
    /// All seats are taken.
    RoomFull = "room-full",
    /// The room does not exist, or its link is too old.
    RoomGone = "room-gone",
    /// Another socket took this seat over.
    Replaced = "replaced",
    /// Not allowed to this person.
    Forbidden = "forbidden",
    /// Nobody is logged in, or the access token is wrong or too old.
    LoginNeeded = "login-needed",
    /// The e-mail or handle and the password do not belong together.
    Credentials = "credentials",
    /// The refresh token is wrong, too old, or was used before; its log-in has ended.
    SessionOver = "session-over",
    /// The code is wrong, too old, or was used.
    Verification = "verification",
    /// The link is wrong, too old, or was used.
    Link = "link",
    /// Somebody has that name or address already.
    Taken = "taken",
    /// The password is too easy to guess.
    WeakPassword = "weak-password",
    /// Not with oneself.
    Oneself = "oneself",
    /// The two are friends, or one has asked the other, already.
    Already = "already",
    /// The request has been answered or withdrawn.
    Answered = "answered",
    /// The picture cannot be used.
    Picture = "picture",
    /// The provider did not say who it is.
    Provider = "provider",
    /// Nothing else would open the account.
    LastLogIn = "last-log-in",
    /// The cursor is none that a list gave out.
    Cursor = "cursor",
    /// The same Idempotency-Key came with another request.
    KeyReused = "key-reused",
    /// The room is entered by invitation, or after a knock.
    InviteNeeded = "invite-needed",
    /// Somebody in the picture has not agreed that it is shown.
    NotAgreed = "not-agreed",
    /// Staff have let the account look only, for a while.
    Suspended = "suspended",
    /// The thing changed in the meantime (`If-Match`).
    Changed = "changed",
    /// The database or another service does not answer.
    Unavailable = "unavailable",
    /// Nothing of that name is here.
    NotFound = "not-found",
    /// The method is not for this address.
    Method = "method",
    /// The body's media type is not understood.
    MediaType = "media-type",
    /// The offer could not be used.
    Sdp = "sdp",
    /// No such track of yours.
    Track = "track",
    /// The effect cannot work on this track's codec.
    Codec = "codec",
    /// The expression is analyzed only after the person agreed.
    Consent = "consent",
    /// The filter cannot be used on this server now.
    FilterUnavailable = "filter-unavailable",
    /// Nothing can be shown yet.
    NothingToShow = "nothing-to-show",
    /// The gallery holds as many stills as one person may keep.
    GalleryFull = "gallery-full",
    /// The signature of the address is wrong or its time is over.
    Signature = "signature",
    /// The server is shutting down.
    Draining = "draining",
    /// The client did not read fast enough.
    Slow = "slow",
    /// Our fault.
    Internal = "internal",
}
