//! A scripted client on a virtual clock: first path, moves, restarts, consent, and what must not move anything.

use std::time::Instant;

use proptest::prelude::*;

use super::*;
use crate::base::clock;
use crate::sfu::stun::{Builder, Class, Key, Message, Role, TransactionId};

const HOME: u16 = 5000;
const AWAY: u16 = 6000;

fn path(port: u16) -> Path {
    Path::udp(([198, 51, 100, 7], port).into())
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// The full ICE agent at the other end, as far as these tests need it.
struct Client {
    own: Credentials,
    agent: Agent,
    now: Instant,
}

impl Client {
    fn new() -> Self {
        let (own, now) = (Credentials::fresh(), clock::now());
        Self { agent: Agent::new(own.clone(), Patience::default(), now), own, now }
    }

    fn connected() -> Self {
        let mut client = Self::new();
        client.check(HOME, true);
        client.events();
        client
    }

    fn request(&self, nominate: bool) -> Vec<u8> {
        let server = self.agent.local();
        let request = Builder::new(Class::Request, TransactionId::fresh())
            .username(&server.fragment, &self.own.fragment)
            .priority(1)
            .role(Role::Controlling(7));
        let request = if nominate { request.use_candidate() } else { request };
        request.sign(&Key::new(&server.password)).finish()
    }

    /// Sends a check and returns what the server sent in return.
    fn check(&mut self, port: u16, nominate: bool) -> Vec<Transmit> {
        let request = self.request(nominate);
        self.agent.handle(path(port), &request, self.now).expect("a good check is taken");
        self.sent()
    }

    fn sent(&mut self) -> Vec<Transmit> {
        std::iter::from_fn(|| self.agent.poll_transmit()).collect()
    }

    fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.agent.poll_event()).collect()
    }

    /// Answers the server's own request as `password` would, from `port`.
    fn answer(&mut self, question: &Transmit, password: &str, port: u16) -> Result<(), Refusal> {
        let transaction = Message::parse(&question.datagram).unwrap().transaction;
        let answer = Builder::new(Class::Success, transaction).mapped(question.path.remote).sign(&Key::new(password));
        self.agent.handle(path(port), &answer.finish(), self.now)
    }

    fn wait(&mut self, milliseconds: u64) {
        let end = self.now + ms(milliseconds);
        while let Some(due) = self.agent.poll_timeout().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.agent.handle_timeout(self.now);
        }
        self.now = end;
    }
}

fn questions(sent: &[Transmit]) -> Vec<&Transmit> {
    sent.iter().filter(|sent| Message::parse(&sent.datagram).unwrap().class == Class::Request).collect()
}

#[test]
fn the_first_check_is_answered_and_brings_the_path() {
    let mut client = Client::new();
    let sent = client.check(HOME, false);
    let answer = Message::parse(&sent[0].datagram).unwrap();
    assert_eq!((answer.class, answer.mapped), (Class::Success, Some(path(HOME).remote)));
    assert!(answer.verify(&Key::new(&client.agent.local().password)));
    assert_eq!(sent.len(), 1);
    assert_eq!(client.events(), [Event::Validated(path(HOME)), Event::Selected { path: path(HOME), moved: false }]);
}

#[test]
fn a_nominated_address_takes_over_once_it_has_answered_us() {
    let mut client = Client::connected();
    let sent = client.check(AWAY, true);
    let question = questions(&sent)[0].clone();
    assert_eq!(question.path, path(AWAY));
    let parsed = Message::parse(&question.datagram).unwrap();
    assert!(parsed.verify(&Key::new(&client.own.password)), "asked in the client's own credentials");
    assert_eq!(client.agent.selected(), Some(path(HOME)));
    let password = client.own.password.clone();
    client.answer(&question, &password, AWAY).unwrap();
    assert_eq!(client.agent.selected(), Some(path(AWAY)));
    assert_eq!(client.events(), [Event::Validated(path(AWAY)), Event::Selected { path: path(AWAY), moved: true }]);
}

#[test]
fn an_answer_from_elsewhere_or_without_the_password_moves_nothing() {
    let mut client = Client::connected();
    let sent = client.check(AWAY, true);
    let question = questions(&sent)[0].clone();
    let password = client.own.password.clone();
    assert_eq!(client.answer(&question, "not-the-password-at-all", AWAY), Err(Refusal::WrongSignature));
    assert_eq!(client.answer(&question, &password, HOME), Err(Refusal::Stray));
    assert_eq!(client.agent.selected(), Some(path(HOME)));
}

#[test]
fn a_deaf_address_is_asked_a_few_times_and_then_let_be() {
    let mut client = Client::connected();
    let mut asked = questions(&client.check(AWAY, true)).len();
    client.wait(4500);
    asked += questions(&client.sent()).len();
    assert_eq!(asked, 5);
    assert_eq!(client.agent.selected(), Some(path(HOME)));
}

#[test]
fn the_later_nomination_wins_whichever_answers_first() {
    for later_first in [false, true] {
        let mut client = Client::connected();
        let first = questions(&client.check(AWAY, true))[0].clone();
        let second = questions(&client.check(AWAY + 1, true))[0].clone();
        let password = client.own.password.clone();
        if later_first {
            client.answer(&second, &password, AWAY + 1).unwrap();
            client.answer(&first, &password, AWAY).unwrap_err();
        } else {
            client.answer(&first, &password, AWAY).unwrap();
            client.answer(&second, &password, AWAY + 1).unwrap();
        }
        assert_eq!(client.agent.selected(), Some(path(AWAY + 1)));
    }
}

#[test]
fn a_check_repeated_from_another_address_is_worth_nothing() {
    let mut client = Client::connected();
    let request = client.request(true);
    client.agent.handle(path(HOME), &request, client.now).unwrap();
    assert_eq!(client.agent.handle(path(AWAY), &request, client.now), Err(Refusal::Replayed));
    assert!(!client.agent.accepts(path(AWAY)));
    assert_eq!(client.sent().len(), 1);
}

#[test]
fn strangers_are_refused_in_no_more_bytes_than_they_sent() {
    let mut client = Client::connected();
    let fragment = client.agent.local().fragment.clone();
    let own = client.own.fragment.clone();
    let user = |server: &str| Builder::new(Class::Request, TransactionId::fresh()).username(server, &own);
    let cases = [
        (Builder::new(Class::Request, TransactionId::fresh()).finish(), Refusal::Unsigned, None),
        (user(&fragment).finish(), Refusal::Unsigned, Some(400)),
        (user("nobody").sign(&Key::new("x")).finish(), Refusal::UnknownUser, Some(401)),
        (user(&fragment).sign(&Key::new("x")).finish(), Refusal::WrongSignature, Some(401)),
    ];
    for (request, refusal, code) in cases {
        assert_eq!(client.agent.handle(path(AWAY), &request, client.now), Err(refusal));
        let sent = client.sent();
        assert_eq!(sent.first().and_then(|sent| Message::parse(&sent.datagram).unwrap().error), code);
        assert!(sent.iter().all(|sent| sent.datagram.len() <= request.len()));
    }
    assert!(client.events().is_empty());
}

#[test]
fn a_peer_that_wants_to_be_controlled_is_told_to_switch() {
    let mut client = Client::connected();
    let server = client.agent.local().clone();
    let request = Builder::new(Class::Request, TransactionId::fresh())
        .username(&server.fragment, &client.own.fragment)
        .role(Role::Controlled(u64::MAX))
        .sign(&Key::new(&server.password))
        .finish();
    assert_eq!(client.agent.handle(path(AWAY), &request, client.now), Err(Refusal::RoleConflict));
    assert_eq!(Message::parse(&client.sent()[0].datagram).unwrap().error, Some(487));
}

#[test]
fn a_restart_keeps_the_old_path_until_the_new_credentials_have_brought_one() {
    let mut client = Client::connected();
    let (old_own, old_request) = (client.own.clone(), client.request(true));
    let old_fragment = client.agent.local().fragment.clone();
    client.own = Credentials::fresh();
    assert!(client.agent.offered(client.own.clone(), client.now));
    assert!(!client.agent.offered(client.own.clone(), client.now), "the same offer again is no restart");
    assert_ne!(client.agent.local().fragment, old_fragment);
    assert_ne!(old_own, client.own);
    client.agent.handle(path(HOME), &old_request, client.now).expect("the old credentials are still good");
    assert_eq!(client.agent.selected(), Some(path(HOME)));
    client.sent();

    let question = questions(&client.check(AWAY, true))[0].clone();
    let password = client.own.password.clone();
    client.answer(&question, &password, AWAY).unwrap();
    let events = client.events();
    assert!(events.contains(&Event::Selected { path: path(AWAY), moved: true }));
    assert!(events.contains(&Event::Retired(old_fragment)));
    assert_eq!(client.agent.fragments().count(), 1);
    assert_eq!(client.agent.handle(path(HOME), &old_request, client.now), Err(Refusal::UnknownUser));
}

#[test]
fn a_restart_on_the_same_address_needs_no_move() {
    let mut client = Client::connected();
    let old_fragment = client.agent.local().fragment.clone();
    client.own = Credentials::fresh();
    client.agent.offered(client.own.clone(), client.now);
    client.check(HOME, true);
    assert_eq!(client.events(), [Event::Retired(old_fragment)]);
}

#[test]
fn two_restarts_in_a_row_keep_the_credentials_that_carry_the_call() {
    let mut client = Client::connected();
    let request = client.request(false);
    for _ in 0..2 {
        client.own = Credentials::fresh();
        client.agent.offered(client.own.clone(), client.now);
    }
    client.agent.handle(path(HOME), &request, client.now).expect("the first ones are still good");
    assert_eq!(client.agent.fragments().count(), 2);
}

#[test]
fn silence_is_told_then_the_end_then_the_return() {
    let mut client = Client::connected();
    client.wait(4999);
    assert!(client.events().is_empty());
    client.wait(1);
    assert_eq!(client.events(), [Event::Silent]);
    client.agent.heard(client.now);
    assert_eq!(client.events(), [Event::Back]);
    client.wait(24_999);
    assert_eq!(client.events(), [Event::Silent]);
    client.wait(1);
    assert_eq!(client.events(), [Event::Gone, Event::Forgotten(path(HOME))]);
    assert_eq!((client.agent.selected(), client.agent.poll_timeout()), (None, None));
    client.check(AWAY, true);
    let events = client.events();
    assert!(events.contains(&Event::Back) && events.contains(&Event::Selected { path: path(AWAY), moved: true }));
}

#[test]
fn media_alone_does_not_renew_consent() {
    let mut client = Client::connected();
    for _ in 0..30 {
        client.agent.heard(client.now);
        client.wait(1000);
    }
    assert!(client.events().contains(&Event::Gone));
}

#[test]
fn a_client_that_never_nominates_again_is_followed_when_its_address_changed() {
    let mut client = Client::connected();
    assert!(questions(&client.check(AWAY, false)).is_empty(), "the old path is fresh: this is a spare one");
    client.wait(4000);
    let question = questions(&client.check(AWAY, false))[0].clone();
    let password = client.own.password.clone();
    client.answer(&question, &password, AWAY).unwrap();
    assert_eq!(client.agent.selected(), Some(path(AWAY)));
}

#[test]
fn a_closed_connection_hands_over_to_the_one_that_lives() {
    let mut client = Client::new();
    let (first, second) = (Path::tcp(path(HOME).remote), Path::tcp(path(AWAY).remote));
    for tcp in [first, second] {
        let request = client.request(false);
        client.agent.handle(tcp, &request, client.now).unwrap();
    }
    client.sent();
    client.agent.closed(first, client.now);
    let sent = client.sent();
    assert_eq!(questions(&sent)[0].path, second);
    assert_eq!(client.agent.selected(), None);
}

#[test]
fn addresses_and_answers_stay_bounded_under_a_flood_of_good_checks() {
    let mut client = Client::connected();
    for port in 0..500 {
        let request = client.request(true);
        client.agent.handle(path(7000 + port), &request, client.now).unwrap();
    }
    let believed = (0..500).filter(|port| client.agent.accepts(path(7000 + port))).count();
    assert!(believed < 8 && client.agent.accepts(path(HOME)), "{believed} of the flood, and the one in use");
    assert!(client.sent().len() <= 64);
    assert_eq!(client.agent.selected(), Some(path(HOME)));
}

#[test]
fn credentials_of_an_sdp_are_held_to_their_grammar() {
    assert!(Credentials::from_sdp("abcd", "0123456789012345678901").is_some());
    assert!(Credentials::from_sdp("abc", "0123456789012345678901").is_none());
    assert!(Credentials::from_sdp("abcd", "012345678901234567890").is_none());
    assert!(Credentials::from_sdp("ab:d", "0123456789012345678901").is_none());
    let fresh = Credentials::fresh();
    assert_eq!(Credentials::from_sdp(&fresh.fragment, &fresh.password), Some(fresh.clone()));
    assert!(!format!("{fresh:?}").contains(&fresh.password));
}

proptest! {
    #[test]
    fn no_bytes_from_a_stranger_move_the_path(noise in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..20)) {
        let mut client = Client::connected();
        for (index, datagram) in noise.iter().enumerate() {
            let mut changed = client.request(true);
            // Half noise, half a good check with a part overwritten.
            let at = datagram.len() % changed.len();
            let kept = changed.clone();
            changed.iter_mut().skip(at).zip(datagram).for_each(|(byte, noise)| *byte = *noise);
            let sent = if index % 2 == 0 { datagram } else { &changed };
            if *sent != kept {
                prop_assert!(client.agent.handle(path(AWAY), sent, client.now).is_err() || sent[..kept.len() - 8] == kept[..kept.len() - 8]);
            }
        }
        prop_assert_eq!(client.agent.selected(), Some(path(HOME)));
    }
}
