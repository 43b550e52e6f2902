//! How identifiers and times stand in a row: TEXT and BIGINT. With these, both bind and read like any other value.

use sqlx::any::{Any, AnyTypeInfo, AnyValueRef};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

use crate::base::id::{
    ActId, CallId, CommentId, EntryId, ExportId, FriendRequestId, GenerationId, InviteId, KnockId, MailId, MessageId,
    NoticeId, ParticipantId, PlaylistId, PostId, ReportId, RoomId, SessionId, SongId, StillId, TagId, UploadId, UserId,
    VerificationId,
};
use crate::base::timestamp::Timestamp;

macro_rules! text {
    ($($name:ty),* $(,)?) => {$(
        impl Type<Any> for $name {
            fn type_info() -> AnyTypeInfo {
                <String as Type<Any>>::type_info()
            }
        }

        impl Encode<'_, Any> for $name {
            fn encode_by_ref(&self, buffer: &mut <Any as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                <String as Encode<'_, Any>>::encode(self.to_string(), buffer)
            }
        }

        impl<'r> Decode<'r, Any> for $name {
            fn decode(value: AnyValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok(<&str as Decode<'r, Any>>::decode(value)?.parse()?)
            }
        }
    )*};
}

text!(
    ActId,
    CallId,
    CommentId,
    EntryId,
    ExportId,
    FriendRequestId,
    GenerationId,
    InviteId,
    KnockId,
    MailId,
    MessageId,
    NoticeId,
    ParticipantId,
    PlaylistId,
    PostId,
    ReportId,
    RoomId,
    SessionId,
    SongId,
    StillId,
    TagId,
    UploadId,
    UserId,
    VerificationId,
);

impl Type<Any> for Timestamp {
    fn type_info() -> AnyTypeInfo {
        <i64 as Type<Any>>::type_info()
    }
}

impl Encode<'_, Any> for Timestamp {
    fn encode_by_ref(&self, buffer: &mut <Any as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <i64 as Encode<'_, Any>>::encode(self.millis(), buffer)
    }
}

impl<'r> Decode<'r, Any> for Timestamp {
    fn decode(value: AnyValueRef<'r>) -> Result<Self, BoxDynError> {
        <i64 as Decode<'r, Any>>::decode(value).map(Self::from_millis)
    }
}
