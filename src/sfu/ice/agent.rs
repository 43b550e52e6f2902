//! The ICE-lite agent of one participant: checks in, answers and events out.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::consent::Consent;
use super::probe::{Probe, Terms};
use super::{Credentials, Event, Path, Patience, Transmit};
use crate::sfu::stun::{Builder, Class, Key, Message, ParseError, Role, TransactionId};

/// Addresses believed at the same time: a laptop's interfaces over UDP and TCP fit, a flood does not.
const MAX_PATHS: usize = 8;
/// Questions to new addresses under way at the same time.
const MAX_PROBES: usize = 2;
/// Transactions remembered, so that a check repeated from elsewhere is known.
const MAX_TRANSACTIONS: usize = 128;
/// Answers that may wait to be sent.
const MAX_TRANSMITS: usize = 64;
/// After so long without a check on the selected path, another path may take over without a nomination: not every
/// browser nominates again after its address changed.
const SELECTED_STALE: Duration = Duration::from_secs(3);

/// Why a datagram changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is no Binding message.
    #[error(transparent)]
    Malformed(#[from] ParseError),
    /// It has no user name or no signature.
    #[error("the check is not signed")]
    Unsigned,
    /// Its user name is none of ours.
    #[error("the check is for somebody else")]
    UnknownUser,
    /// Its signature is wrong.
    #[error("the signature does not match")]
    WrongSignature,
    /// It came before, from another address.
    #[error("the check was repeated from another address")]
    Replayed,
    /// It has attributes that we ought to understand.
    #[error("the check has unknown attributes")]
    UnknownAttributes,
    /// The peer believes that we decide.
    #[error("the peer takes the controlled role")]
    RoleConflict,
    /// It answers nothing that we asked, or it is an indication.
    #[error("no question of ours fits this answer")]
    Stray,
}

/// Both sides' credentials between two restarts.
#[derive(Debug)]
struct Session {
    generation: u32,
    local: Credentials,
    local_key: Key,
    remote: Credentials,
    remote_key: Key,
}

impl Session {
    fn new(generation: u32, remote: Credentials) -> Self {
        let local = Credentials::fresh();
        let (local_key, remote_key) = (Key::new(&local.password), Key::new(&remote.password));
        Self { generation, local, local_key, remote, remote_key }
    }
}

#[derive(Debug)]
struct Known {
    path: Path,
    checked: Instant,
    generation: u32,
}

/// Answers a client's checks and says where to send.
#[derive(Debug)]
pub struct Agent {
    current: Session,
    /// The session of the path in use, while a restart has not brought a new one.
    previous: Option<Session>,
    tie_breaker: u64,
    known: Vec<Known>,
    selected: Option<Path>,
    ever_selected: bool,
    probes: Vec<Probe>,
    consent: Consent,
    transactions: VecDeque<(TransactionId, Path)>,
    transmits: VecDeque<Transmit>,
    events: VecDeque<Event>,
    unused_after: Duration,
}

impl Agent {
    /// An agent for a client that offered `remote`; [`Agent::local`] goes into the answer.
    pub fn new(remote: Credentials, patience: Patience, now: Instant) -> Self {
        Self {
            current: Session::new(0, remote),
            previous: None,
            tie_breaker: rand::random(),
            known: Vec::new(),
            selected: None,
            ever_selected: false,
            probes: Vec::new(),
            consent: Consent::new(patience, now),
            transactions: VecDeque::new(),
            transmits: VecDeque::new(),
            events: VecDeque::new(),
            unused_after: patience.gone_after,
        }
    }

    /// A further offer. Other credentials than before are an ICE restart: ours become fresh as well, and the previous
    /// ones stay good until the new ones have brought a path. Returns whether it is one.
    pub fn offered(&mut self, remote: Credentials, now: Instant) -> bool {
        if remote == self.current.remote {
            return false;
        }
        let session = Session::new(self.current.generation + 1, remote);
        let replaced = std::mem::replace(&mut self.current, session);
        if self.previous.is_none() {
            self.previous = Some(replaced);
        } else {
            // The one between never brought a path; the older one still carries the call.
            self.retire(&replaced);
        }
        self.consent.renew(now);
        true
    }

    /// What the answer says: `a=ice-ufrag`, `a=ice-pwd`.
    pub fn local(&self) -> &Credentials {
        &self.current.local
    }

    /// Fragments whose checks are answered: one, or two during a restart.
    pub fn fragments(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.current).chain(&self.previous).map(|session| session.local.fragment.as_str())
    }

    /// Where to send; `None` before the first check and after consent has ended.
    pub fn selected(&self) -> Option<Path> {
        self.selected
    }

    /// Whether datagrams other than STUN may be believed from here.
    pub fn accepts(&self, path: Path) -> bool {
        self.known.iter().any(|known| known.path == path)
    }

    /// Takes a STUN datagram in. Answers wait in [`Agent::poll_transmit`], refusals included where RFC 8489 wants one.
    ///
    /// # Errors
    /// A [`Refusal`] if it changed nothing; for counters.
    pub fn handle(&mut self, path: Path, datagram: &[u8], now: Instant) -> Result<(), Refusal> {
        let message = Message::parse(datagram)?;
        match message.class {
            Class::Request => self.handle_check(path, &message, now),
            Class::Success | Class::Error => self.handle_answer(path, &message, now),
            Class::Indication => Err(Refusal::Stray),
        }
    }

    /// Media from this participant decrypted at `now`.
    pub fn heard(&mut self, now: Instant) {
        self.events.extend(self.consent.heard(now));
    }

    /// The connection under a TCP path is closed.
    pub fn closed(&mut self, path: Path, now: Instant) {
        self.forget(path);
        // Another path that is alive may take over; the client need not nominate it first, since it closed this one.
        let alive = self.known.iter().max_by_key(|known| known.checked).map(|known| (known.path, known.generation));
        if let (None, Some((path, generation))) = (self.selected, alive) {
            self.probe(path, generation, now);
        }
    }

    /// The next datagram to send.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.transmits.pop_front()
    }

    /// The next event.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When [`Agent::handle_timeout`] wants to be called.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let unused = self.known.iter().filter(|known| Some(known.path) != self.selected);
        let unused = unused.map(|known| known.checked + self.unused_after);
        self.probes.iter().map(Probe::due).chain(self.consent.poll_timeout()).chain(unused).min()
    }

    /// Lets time pass.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.send_probes(now);
        while let Some(event) = self.consent.poll(now) {
            let gone = event == Event::Gone;
            self.events.push_back(event);
            if gone {
                self.probes.clear();
                self.known.iter().map(|known| known.path).collect::<Vec<_>>().into_iter().for_each(|p| self.forget(p));
            }
        }
        let (selected, unused_after) = (self.selected, self.unused_after);
        let unused = |known: &Known| Some(known.path) != selected && now >= known.checked + unused_after;
        let unused: Vec<_> = self.known.iter().filter(|known| unused(known)).map(|known| known.path).collect();
        unused.into_iter().for_each(|path| self.forget(path));
    }

    fn handle_check(&mut self, path: Path, check: &Message<'_>, now: Instant) -> Result<(), Refusal> {
        let (Some(username), true) = (check.username, check.signed()) else {
            self.refuse(path, check, 400, None);
            return Err(Refusal::Unsigned);
        };
        let sessions = std::iter::once(&self.current).chain(&self.previous);
        let meant =
            |session: &&Session| username.split_once(':') == Some((&session.local.fragment, &session.remote.fragment));
        let Some(session) = sessions.into_iter().find(meant) else {
            self.refuse(path, check, 401, None);
            return Err(Refusal::UnknownUser);
        };
        let (key, generation) = (session.local_key.clone(), session.generation);
        if !check.verify(&key) {
            self.refuse(path, check, 401, None);
            return Err(Refusal::WrongSignature);
        }
        let repeated = self.transactions.iter().find(|(transaction, _)| *transaction == check.transaction);
        if repeated.is_some_and(|(_, first)| *first != path) {
            return Err(Refusal::Replayed);
        }
        let repeated = repeated.is_some();
        if !check.unknown.is_empty() {
            self.refuse(path, check, 420, Some(&key));
            return Err(Refusal::UnknownAttributes);
        }
        if let Some(Role::Controlled(_)) = check.role {
            // A lite agent never controls (RFC 8445, section 6.1.1), whatever the tie-breakers say: the peer must.
            self.refuse(path, check, 487, Some(&key));
            return Err(Refusal::RoleConflict);
        }
        let answer = Builder::new(Class::Success, check.transaction).mapped(path.remote).sign(&key).finish();
        self.transmit(path, answer);
        if !repeated {
            self.remember(check.transaction, path);
            self.accept(path, generation, check.use_candidate, now);
        }
        Ok(())
    }

    /// An authenticated check that nobody has seen before.
    fn accept(&mut self, path: Path, generation: u32, nominated: bool, now: Instant) {
        let stale = now.saturating_duration_since(self.selected_checked().unwrap_or(now)) >= SELECTED_STALE;
        self.events.extend(self.consent.checked(now));
        match self.known.iter_mut().find(|known| known.path == path) {
            Some(known) => {
                known.checked = now;
                known.generation = known.generation.max(generation);
            }
            None => self.learn(Known { path, checked: now, generation }),
        }
        match self.selected {
            // There is nothing to steal yet, and every round trip delays the first picture.
            None => self.select(path, generation),
            Some(selected) if selected == path => {
                if nominated && generation == self.current.generation {
                    self.finish_restart();
                }
            }
            Some(_) if nominated || stale => self.probe(path, generation, now),
            Some(_) => {}
        }
    }

    fn handle_answer(&mut self, path: Path, answer: &Message<'_>, now: Instant) -> Result<(), Refusal> {
        let asked = |probe: &Probe| probe.asked(answer.transaction) && probe.path == path;
        let index = self.probes.iter().position(asked).ok_or(Refusal::Stray)?;
        let generation = self.probes[index].generation;
        let mut sessions = std::iter::once(&self.current).chain(&self.previous);
        let session = sessions.find(|session| session.generation == generation).ok_or(Refusal::Stray)?;
        if !answer.verify(&session.remote_key) {
            return Err(Refusal::WrongSignature);
        }
        // Those asked before were nominated before: outdated now.
        self.probes.drain(..=index);
        if answer.class == Class::Error || !self.accepts(path) {
            return Err(Refusal::Stray);
        }
        self.events.extend(self.consent.checked(now));
        self.select(path, generation);
        Ok(())
    }

    fn select(&mut self, path: Path, generation: u32) {
        if self.selected != Some(path) {
            self.selected = Some(path);
            self.events.push_back(Event::Selected { path, moved: std::mem::replace(&mut self.ever_selected, true) });
        }
        if generation == self.current.generation {
            self.finish_restart();
        }
    }

    fn finish_restart(&mut self) {
        if let Some(previous) = self.previous.take() {
            self.retire(&previous);
        }
    }

    fn retire(&mut self, session: &Session) {
        self.probes.retain(|probe| probe.generation != session.generation);
        self.events.push_back(Event::Retired(session.local.fragment.clone()));
    }

    fn learn(&mut self, known: Known) {
        if self.known.len() == MAX_PATHS {
            let others = self.known.iter().filter(|known| Some(known.path) != self.selected);
            if let Some(oldest) = others.min_by_key(|known| known.checked).map(|known| known.path) {
                self.forget(oldest);
            }
        }
        self.events.push_back(Event::Validated(known.path));
        self.known.push(known);
    }

    fn forget(&mut self, path: Path) {
        let before = self.known.len();
        self.known.retain(|known| known.path != path);
        self.probes.retain(|probe| probe.path != path);
        self.selected = self.selected.filter(|selected| *selected != path);
        if self.known.len() < before {
            self.events.push_back(Event::Forgotten(path));
        }
    }

    fn selected_checked(&self) -> Option<Instant> {
        let selected = self.selected?;
        self.known.iter().find(|known| known.path == selected).map(|known| known.checked)
    }

    fn probe(&mut self, path: Path, generation: u32, now: Instant) {
        if self.probes.iter().any(|probe| probe.path == path && probe.generation == generation) {
            return;
        }
        let mut sessions = std::iter::once(&self.current).chain(&self.previous);
        let Some(session) = sessions.find(|session| session.generation == generation) else { return };
        let terms = Terms {
            remote_fragment: &session.remote.fragment,
            remote_key: &session.remote_key,
            local_fragment: &session.local.fragment,
            tie_breaker: self.tie_breaker,
            generation,
        };
        let probe = Probe::new(path, &terms, now);
        if self.probes.len() == MAX_PROBES {
            self.probes.remove(0);
        }
        self.probes.push(probe);
        self.send_probes(now);
    }

    fn send_probes(&mut self, now: Instant) {
        let mut due = Vec::new();
        for probe in &mut self.probes {
            let path = probe.path;
            due.extend(probe.poll(now).map(|datagram| (path, datagram.to_vec())));
        }
        self.probes.retain(|probe| !probe.failed(now));
        due.into_iter().for_each(|(path, datagram)| self.transmit(path, datagram));
    }

    /// Refuses a request, unless the answer to a stranger would be longer than the question.
    fn refuse(&mut self, path: Path, request: &Message<'_>, code: u16, key: Option<&Key>) {
        let answer = Builder::new(Class::Error, request.transaction).error(code);
        let answer = if request.unknown.is_empty() { answer } else { answer.unknown(&request.unknown) };
        let answer = if let Some(key) = key { answer.sign(key) } else { answer }.finish();
        if key.is_some() || answer.len() <= request.raw().len() {
            self.transmit(path, answer);
        }
    }

    fn transmit(&mut self, path: Path, datagram: Vec<u8>) {
        if self.transmits.len() < MAX_TRANSMITS {
            self.transmits.push_back(Transmit { path, datagram });
        }
    }

    fn remember(&mut self, transaction: TransactionId, path: Path) {
        if self.transactions.len() == MAX_TRANSACTIONS {
            self.transactions.pop_front();
        }
        self.transactions.push_back((transaction, path));
    }
}
