//! One socket's session as a value: what was said so far, and so which message may be handled now.

use std::time::Instant;

use crate::base::id::{ParticipantId, RoomId};
use crate::base::token::TokenHash;
use crate::protocol::MAX_MESSAGE_BYTES;
use crate::protocol::client::{ClientMessage, Request};
use crate::protocol::code::Code;
use crate::rooms::ticket::Claims;
use crate::signal::Refusal;
use crate::web::limit::Bucket;

/// How often a session may speak.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Messages a second on average.
    pub rate: u32,
    /// Messages at once.
    pub burst: u32,
}

/// Errors that a socket may cause at once before it is closed; they come back one in two seconds.
const PATIENCE: u32 = 30;

/// What was said so far.
#[derive(Debug)]
pub enum Stage {
    /// Nothing yet.
    New,
    /// A ticket, and the resume token of the seat to come.
    Greeted(Box<Claims>, TokenHash),
    /// A ticket for no room: it hears of notifications.
    Listening,
    /// A seat.
    Seated(RoomId, ParticipantId),
}

/// What to do with what a client sent.
#[derive(Debug)]
pub enum Step {
    /// Handle the request in the session's stage.
    Handle(Request),
    /// Tell the client and go on.
    Refuse(Option<u64>, Refusal),
    /// Tell the client and close the socket: it broke the rules for good.
    Close(Option<u64>, Refusal),
}

/// One socket's session.
#[derive(Debug)]
pub struct Session {
    /// What was said so far.
    pub stage: Stage,
    pace: Pace,
    allowance: Bucket,
    patience: Bucket,
}

impl Session {
    /// A session that starts now.
    pub fn new(pace: Pace, now: Instant) -> Self {
        let allowance = Bucket::full(pace.burst, now);
        Self { stage: Stage::New, pace, allowance, patience: Bucket::full(PATIENCE, now) }
    }

    /// Judges a text message.
    pub fn text(&mut self, text: &str, now: Instant) -> Step {
        if let Err(wait) = self.allowance.take(f64::from(self.pace.rate), self.pace.burst, now) {
            let detail = format!("Wait {} ms.", wait.as_millis() + 1);
            return self.strike(None, Refusal::new(Code::TooMany, detail), now);
        }
        if text.len() > MAX_MESSAGE_BYTES {
            let detail = format!("A message may have {MAX_MESSAGE_BYTES} bytes.");
            return self.strike(None, Refusal::new(Code::TooLarge, detail), now);
        }
        match Request::parse(text) {
            Ok(request) => self.admit(request, now),
            Err(error) => self.strike(error.id, Refusal::new(Code::Malformed, error.detail), now),
        }
    }

    /// Judges a binary message: there are none.
    pub fn binary(&mut self, now: Instant) -> Step {
        self.strike(None, Refusal::new(Code::Malformed, "Messages are text."), now)
    }

    /// Judges a message far above the limit, of which nothing was kept.
    pub fn oversize(&mut self) -> Step {
        Step::Close(None, Refusal::new(Code::TooLarge, format!("A message may have {MAX_MESSAGE_BYTES} bytes.")))
    }

    fn admit(&mut self, request: Request, now: Instant) -> Step {
        let hello = matches!(request.message, ClientMessage::Hello { .. });
        let refusal = match (&self.stage, &request.message) {
            (Stage::New, _) if hello => return Step::Handle(request),
            (Stage::New, _) => return Step::Close(request.id, Refusal::from(Code::HelloExpected)),
            (_, ClientMessage::Ping) => return Step::Handle(request),
            (Stage::Greeted(..), ClientMessage::Join { .. }) => return Step::Handle(request),
            (Stage::Greeted(..) | Stage::Listening, _) if hello => Code::HelloExpected,
            (Stage::Greeted(..) | Stage::Listening, _) => Code::NotJoined,
            (Stage::Seated(..), _) => return Step::Handle(request),
        };
        self.strike(request.id, Refusal::from(refusal), now)
    }

    /// One error more; too many of them end the socket.
    fn strike(&mut self, re: Option<u64>, refusal: Refusal, now: Instant) -> Step {
        match self.patience.take(0.5, PATIENCE, now) {
            // Before the hello there is nothing to be patient for.
            _ if matches!(self.stage, Stage::New) => Step::Close(re, refusal),
            Ok(()) => Step::Refuse(re, refusal),
            Err(_) => Step::Close(re, refusal),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::base::clock;

    const PACE: Pace = Pace { rate: 20, burst: 60 };

    fn seated() -> (Session, Instant) {
        let now = clock::now();
        let mut session = Session::new(PACE, now);
        session.stage = Stage::Seated(RoomId::new(), ParticipantId::new());
        (session, now)
    }

    #[test]
    fn anything_before_a_hello_ends_the_socket() {
        let now = clock::now();
        for text in [r#"{"type":"ping"}"#, r#"{"type":"leave"}"#, "nonsense", ""] {
            let mut session = Session::new(PACE, now);
            assert!(matches!(session.text(text, now), Step::Close(..)), "{text}");
        }
        let mut session = Session::new(PACE, now);
        let hello = r#"{"type":"hello","version":1,"ticket":"x"}"#;
        assert!(matches!(session.text(hello, now), Step::Handle(_)));
    }

    #[test]
    fn a_bad_message_is_answered_with_its_number_and_the_session_goes_on() {
        let (mut session, now) = seated();
        let table = [
            ("nonsense", None, Code::Malformed),
            (r#"{"type":"unknown","id":7}"#, Some(7), Code::Malformed),
            (r#"{"type":"chat","id":8}"#, Some(8), Code::Malformed),
            (r#"{"type":"chat","text":"a","id":9,"more":1}"#, Some(9), Code::Malformed),
            (r#"{"type":"leave","id":10,"more":1}"#, Some(10), Code::Malformed),
            (r#"{"type":"chat","text":"a","id":-1}"#, None, Code::Malformed),
            ("[]", None, Code::Malformed),
        ];
        for (text, re, code) in table {
            match session.text(text, now) {
                Step::Refuse(number, refusal) => assert_eq!((number, refusal.code), (re, code), "{text}"),
                step => panic!("{text}: {step:?}"),
            }
        }
        let long = format!(r#"{{"type":"chat","text":"{}"}}"#, "x".repeat(MAX_MESSAGE_BYTES));
        assert!(matches!(session.text(&long, now), Step::Refuse(_, refusal) if refusal.code == Code::TooLarge));
        assert!(matches!(session.text(r#"{"type":"ping"}"#, now), Step::Handle(_)));
    }

    #[test]
    fn a_flood_is_refused_and_then_cut_off() {
        let (mut session, now) = seated();
        let mut steps = [0; 3];
        for _ in 0..500 {
            match session.text(r#"{"type":"ping"}"#, now) {
                Step::Handle(_) => steps[0] += 1,
                Step::Refuse(..) => steps[1] += 1,
                Step::Close(..) => steps[2] += 1,
            }
        }
        assert_eq!(steps[..2], [60, PATIENCE as usize]);
        assert!(steps[2] > 0);
    }

    #[test]
    fn a_steady_speaker_is_never_refused() {
        let (mut session, start) = seated();
        for number in 0..2000u32 {
            let now = start + Duration::from_millis(51) * number;
            assert!(matches!(session.text(r#"{"type":"ping"}"#, now), Step::Handle(_)), "message {number}");
        }
    }
}
