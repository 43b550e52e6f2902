//! What each code means, in both languages: the texts of problem documents and of `/problems/{code}`.

use super::language::Language;
use crate::protocol::code::Code;

/// What a code means to a reader.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    /// A few words.
    pub title: &'static str,
    /// One or two sentences: what happened and what to do.
    pub explanation: &'static str,
}

/// The meaning of `code` in `language`.
pub fn meaning(code: Code, language: Language) -> Meaning {
    let [title, explanation] = match language {
        Language::En => english(code),
        Language::Ko => korean(code),
    };
    Meaning { title, explanation }
}

fn english(code: Code) -> [&'static str; 2] {
    match code {
        Code::Malformed => ["Not understood", "The message or body is not what the protocol says."],
        Code::Invalid => ["Value not allowed", "A value has the right type and is not allowed here."],
        Code::TooLarge => ["Too large", "The message or body is larger than its limit."],
        Code::TooMany => ["Too many", "Too much was asked for in a short time. Wait a little and try again."],
        Code::HelloExpected => ["Hello expected", "A socket must begin with a valid hello within its time."],
        Code::Version => ["Other version", "This server speaks another version of the protocol. Reload the page."],
        Code::Ticket => ["Ticket refused", "The ticket is wrong, used, or too old. Ask for a new one."],
        Code::Resume => ["Seat gone", "The seat was given up in the meantime. Join again."],
        Code::Origin => ["Wrong origin", "A page of this origin may not open a socket here."],
        Code::NotJoined => ["Not in the room", "This can be asked only inside a room."],
        Code::AlreadyJoined => ["Already in the room", "This socket has joined already."],
        Code::RoomFull => ["Room full", "All seats of this room are taken."],
        Code::RoomGone => ["No such room", "The room does not exist, or its link is too old."],
        Code::Replaced => ["Opened elsewhere", "Another window took this seat over."],
        Code::Forbidden => ["Not allowed", "This is not allowed to you."],
        Code::LoginNeeded => ["Log in first", "Nobody is logged in here, or the log-in is too old."],
        Code::Credentials => ["Wrong log-in", "The e-mail or handle and the password do not belong together."],
        Code::SessionOver => ["Logged out", "This log-in has ended. Log in again."],
        Code::Verification => ["Code refused", "The code is wrong, too old, or used. Ask for a new one."],
        Code::Link => ["Link refused", "The link is wrong, too old, or used. Ask for a new one."],
        Code::Taken => ["Taken", "Somebody has that already. Choose another."],
        Code::WeakPassword => ["Password too weak", "The password is too easy to guess. Make it longer or stranger."],
        Code::Oneself => ["Not with oneself", "This can be done only with somebody else."],
        Code::Already => ["Already so", "You are friends, or one of you has asked the other already."],
        Code::Answered => ["Already answered", "The request was answered or withdrawn in the meantime."],
        Code::Picture => {
            ["Picture not usable", "The picture must be a JPEG, PNG or WebP of at most 4096 by 4096 pixels."]
        }
        Code::Provider => ["Provider refused", "The provider did not say who you are. Try again."],
        Code::LastLogIn => ["Last way in", "Nothing else would open the account. Choose a password first."],
        Code::Cursor => ["Wrong cursor", "The cursor is none that this list gave out. Begin again without one."],
        Code::KeyReused => ["Key used before", "The same Idempotency-Key came with another request."],
        Code::InviteNeeded => {
            ["By invitation", "The room is entered by invitation. Knock, and somebody inside can let you in."]
        }
        Code::NotAgreed => ["Not agreed", "Somebody in the picture has not agreed that it is shown to others."],
        Code::Suspended => ["Suspended", "This account may look, but not write, for a while."],
        Code::Changed => ["Changed meanwhile", "Somebody changed it in the meantime. Load it again."],
        Code::Unavailable => ["Not now", "A part of the server does not answer now. Try again in a moment."],
        Code::NotFound => ["Not found", "Nothing of that name is here."],
        Code::Method => ["Method not allowed", "This address does not understand that method."],
        Code::MediaType => ["Media type not supported", "The body must be of another media type."],
        Code::Sdp => ["Offer not usable", "The offer could not be used."],
        Code::Track => ["No such track", "You publish no such track."],
        Code::Codec => ["Codec without effects", "The effect cannot work on this track's codec."],
        Code::Consent => ["Consent needed", "The expression is read only after the person agreed."],
        Code::FilterUnavailable => ["Effects unavailable", "Effects cannot be used on this server now."],
        Code::NothingToShow => ["Nothing to show", "There is nothing to take a picture of yet."],
        Code::GalleryFull => {
            ["Gallery full", "The gallery holds as many stills as it may. Delete one to take another."]
        }
        Code::Signature => ["Address expired", "The signature of the address is wrong or its time is over."],
        Code::Draining => ["Shutting down", "The server is shutting down. Try again in a moment."],
        Code::Slow => ["Too slow", "The connection did not keep up with the messages."],
        Code::Internal => ["Our fault", "Something went wrong on the server. It was logged."],
    }
}

fn korean(code: Code) -> [&'static str; 2] {
    match code {
        Code::Malformed => ["이해할 수 없음", "메시지나 본문이 규약과 맞지 않습니다."],
        Code::Invalid => ["허용되지 않는 값", "형식은 맞지만 여기서 쓸 수 없는 값입니다."],
        Code::TooLarge => ["너무 큼", "메시지나 본문이 제한보다 큽니다."],
        Code::TooMany => ["너무 잦음", "짧은 시간에 요청이 너무 많습니다. 잠시 뒤 다시 시도하세요."],
        Code::HelloExpected => ["hello가 필요함", "소켓은 정해진 시간 안에 올바른 hello로 시작해야 합니다."],
        Code::Version => ["다른 버전", "서버의 규약 버전이 다릅니다. 페이지를 새로 고치세요."],
        Code::Ticket => ["입장권 거부", "입장권이 틀렸거나, 이미 쓰였거나, 오래되었습니다. 새로 받으세요."],
        Code::Resume => ["자리가 없어짐", "그 사이 자리가 비워졌습니다. 다시 참가하세요."],
        Code::Origin => ["다른 출처", "이 출처의 페이지는 여기서 소켓을 열 수 없습니다."],
        Code::NotJoined => ["방 밖", "방 안에서만 할 수 있는 요청입니다."],
        Code::AlreadyJoined => ["이미 참가함", "이 소켓은 이미 방에 있습니다."],
        Code::RoomFull => ["방이 가득 참", "이 방의 모든 자리가 찼습니다."],
        Code::RoomGone => ["방이 없음", "방이 없거나 링크가 오래되었습니다."],
        Code::Replaced => ["다른 창에서 열림", "다른 창이 이 자리를 이어받았습니다."],
        Code::Forbidden => ["권한 없음", "허용되지 않은 요청입니다."],
        Code::LoginNeeded => ["로그인이 필요함", "로그인하지 않았거나 로그인한 지 오래되었습니다."],
        Code::Credentials => ["로그인 실패", "이메일이나 아이디와 비밀번호가 서로 맞지 않습니다."],
        Code::SessionOver => ["로그아웃됨", "이 로그인은 끝났습니다. 다시 로그인하세요."],
        Code::Verification => ["인증 번호 거부", "인증 번호가 틀렸거나, 오래되었거나, 이미 쓰였습니다. 새로 받으세요."],
        Code::Link => ["링크 거부", "링크가 틀렸거나, 오래되었거나, 이미 쓰였습니다. 새로 받으세요."],
        Code::Taken => ["이미 사용 중", "다른 사람이 쓰고 있습니다. 다른 것을 고르세요."],
        Code::WeakPassword => ["약한 비밀번호", "짐작하기 쉬운 비밀번호입니다. 더 길거나 색다르게 만드세요."],
        Code::Oneself => ["자기 자신에게는 불가", "다른 사람에게만 할 수 있습니다."],
        Code::Already => ["이미 그런 상태", "이미 친구이거나, 둘 중 한 사람이 먼저 신청했습니다."],
        Code::Answered => ["이미 처리됨", "그 사이 신청에 답했거나 신청이 취소되었습니다."],
        Code::Picture => ["쓸 수 없는 그림", "그림은 4096×4096 이하의 JPEG, PNG, WebP여야 합니다."],
        Code::Provider => ["제공자가 거부함", "제공자가 누구인지 확인해 주지 않았습니다. 다시 시도하세요."],
        Code::LastLogIn => ["마지막 로그인 방법", "이 방법을 끊으면 로그인할 수 없습니다. 먼저 비밀번호를 정하세요."],
        Code::Cursor => ["잘못된 커서", "이 목록에서 받은 커서가 아닙니다. 커서 없이 처음부터 다시 하세요."],
        Code::KeyReused => ["이미 쓰인 키", "같은 Idempotency-Key로 다른 요청이 왔습니다."],
        Code::InviteNeeded => {
            ["초대가 필요함", "초대받아야 들어갈 수 있는 방입니다. 노크하면 안에 있는 사람이 열어 줄 수 있어요."]
        }
        Code::NotAgreed => ["동의하지 않음", "사진 속 누군가가 아직 공개에 동의하지 않았습니다."],
        Code::Suspended => ["활동 제한", "이 계정은 당분간 보기만 할 수 있습니다."],
        Code::Changed => ["그 사이 바뀜", "다른 곳에서 먼저 바뀌었습니다. 다시 불러오세요."],
        Code::Unavailable => ["지금은 안 됨", "서버의 일부가 응답하지 않습니다. 잠시 뒤 다시 시도하세요."],
        Code::NotFound => ["찾을 수 없음", "그런 이름의 것이 없습니다."],
        Code::Method => ["허용되지 않는 메서드", "이 주소에서는 쓸 수 없는 메서드입니다."],
        Code::MediaType => ["지원하지 않는 형식", "본문의 미디어 형식이 다릅니다."],
        Code::Sdp => ["쓸 수 없는 제안", "연결 제안(SDP)을 사용할 수 없습니다."],
        Code::Track => ["그런 트랙이 없음", "게시한 트랙 가운데 그런 것이 없습니다."],
        Code::Codec => ["효과를 쓸 수 없는 코덱", "이 트랙의 코덱에는 효과를 쓸 수 없습니다."],
        Code::Consent => ["동의가 필요함", "본인이 동의한 뒤에만 표정을 읽습니다."],
        Code::FilterUnavailable => ["효과를 쓸 수 없음", "지금 이 서버에서는 효과를 쓸 수 없습니다."],
        Code::NothingToShow => ["보여 줄 것이 없음", "아직 찍을 화면이 없습니다."],
        Code::GalleryFull => {
            ["갤러리가 가득 참", "보관할 수 있는 만큼 사진이 있습니다. 하나를 지우면 다시 찍을 수 있습니다."]
        }
        Code::Signature => ["만료된 주소", "주소의 서명이 틀렸거나 시간이 지났습니다."],
        Code::Draining => ["종료 중", "서버가 종료되고 있습니다. 잠시 뒤 다시 시도하세요."],
        Code::Slow => ["너무 느림", "연결이 메시지를 따라가지 못했습니다."],
        Code::Internal => ["서버 오류", "서버에서 문제가 생겼습니다. 기록되었습니다."],
    }
}
