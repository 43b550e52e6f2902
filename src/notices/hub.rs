//! Who listens: the open sockets of people who are logged in.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc};

use crate::base::id::{CallId, KnockId, NoticeId, SessionId, UserId};

/// Words that may wait for one socket. Beyond that they are dropped: the rows are there.
const QUEUE: usize = 64;

/// The sockets that listen; clones share them.
#[derive(Clone, Default)]
pub struct Hub(Arc<Shared>);

#[derive(Default)]
struct Shared {
    ears: Mutex<Ears>,
    /// Somebody's last socket has gone.
    silent: Notify,
}

#[derive(Default)]
struct Ears {
    next: u64,
    people: HashMap<UserId, Vec<(u64, mpsc::Sender<Word>)>>,
    sessions: HashMap<SessionId, Vec<(u64, Arc<Notify>)>>,
}

/// What a socket is to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Notice(NoticeId),
    Call(CallId),
    Knock(KnockId),
}

/// What one socket hears, until it is dropped.
pub struct Listener {
    hub: Hub,
    number: u64,
    user: UserId,
    session: SessionId,
    /// Calls that this socket alone is to read, before anything else.
    recalled: VecDeque<CallId>,
    words: mpsc::Receiver<Word>,
    changed: Arc<Notify>,
}

/// Something that a socket hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A notification is there to be read.
    Notice(NoticeId),
    /// A call that the person makes or gets has changed.
    Call(CallId),
    /// A knock of theirs was answered.
    Knock(KnockId),
    /// The log-in ended, or something about it changed.
    Session,
}

impl Hub {
    /// Listens for `user` and for the end of `session`.
    pub fn listen(&self, user: UserId, session: SessionId) -> Listener {
        let (sender, words) = mpsc::channel(QUEUE);
        let changed = Arc::new(Notify::new());
        let mut ears = self.0.ears.lock();
        ears.next += 1;
        let number = ears.next;
        ears.people.entry(user).or_default().push((number, sender));
        ears.sessions.entry(session).or_default().push((number, changed.clone()));
        Listener { hub: self.clone(), number, user, session, recalled: VecDeque::new(), words, changed }
    }

    /// Has every socket of `user` read a notification. To be called once its row is committed.
    pub fn wake(&self, user: UserId, notice: NoticeId) {
        self.tell(user, Word::Notice(notice));
    }

    /// Has every socket of `user` read a call that they make or get. To be called once its row is committed.
    pub fn ring(&self, user: UserId, call: CallId) {
        self.tell(user, Word::Call(call));
    }

    /// Has every socket of `user` read the answer to a knock of theirs. To be called once its row is committed.
    pub fn answer(&self, user: UserId, knock: KnockId) {
        self.tell(user, Word::Knock(knock));
    }

    fn tell(&self, user: UserId, word: Word) {
        for (_, sender) in self.0.ears.lock().people.get(&user).into_iter().flatten() {
            let _ = sender.try_send(word);
        }
    }

    /// Has every socket of a log-in look whether it still holds.
    pub fn session_changed(&self, session: SessionId) {
        for (_, changed) in self.0.ears.lock().sessions.get(&session).into_iter().flatten() {
            changed.notify_one();
        }
    }

    /// Whether a socket of `user` is open.
    pub fn hears(&self, user: UserId) -> bool {
        self.0.ears.lock().people.contains_key(&user)
    }

    /// Waits until somebody's last socket has gone since this was waited for before. For one waiter.
    pub async fn silence(&self) {
        self.0.silent.notified().await;
    }

    /// People and log-ins that somebody listens for.
    pub fn counts(&self) -> (usize, usize) {
        let ears = self.0.ears.lock();
        (ears.people.len(), ears.sessions.len())
    }
}

impl Listener {
    /// Whom it listens for.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// Which log-in.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Has this socket read calls that changed before it listened.
    pub fn recall(&mut self, calls: impl IntoIterator<Item = CallId>) {
        self.recalled.extend(calls.into_iter().take(QUEUE));
    }

    /// The next thing. Can be dropped while it waits, and nothing is lost.
    pub async fn hear(&mut self) -> Heard {
        if let Some(call) = self.recalled.pop_front() {
            return Heard::Call(call);
        }
        tokio::select! {
            biased;
            () = self.changed.notified() => Heard::Session,
            Some(word) = self.words.recv() => match word {
                Word::Notice(notice) => Heard::Notice(notice),
                Word::Call(call) => Heard::Call(call),
                Word::Knock(knock) => Heard::Knock(knock),
            },
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut ears = self.hub.0.ears.lock();
        let number = self.number;
        remove(&mut ears.people, self.user, number);
        remove(&mut ears.sessions, self.session, number);
        if !ears.people.contains_key(&self.user) {
            self.hub.0.silent.notify_one();
        }
    }
}

fn remove<K: Eq + Hash, T>(ears: &mut HashMap<K, Vec<(u64, T)>>, key: K, number: u64) {
    if let Some(list) = ears.get_mut(&key) {
        list.retain(|(other, _)| *other != number);
        if list.is_empty() {
            ears.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_socket_of_a_person_hears_and_nobody_elses() {
        let hub = Hub::default();
        let (ada, bob) = (UserId::new(), UserId::new());
        let (phone, desk) = (SessionId::new(), SessionId::new());
        let mut one = hub.listen(ada, phone);
        let mut two = hub.listen(ada, desk);
        let mut other = hub.listen(bob, SessionId::new());
        let (notice, call) = (NoticeId::new(), CallId::new());
        hub.wake(ada, notice);
        hub.ring(ada, call);
        assert_eq!((one.hear().await, two.hear().await), (Heard::Notice(notice), Heard::Notice(notice)));
        assert_eq!((one.hear().await, two.hear().await), (Heard::Call(call), Heard::Call(call)));
        hub.session_changed(desk);
        assert_eq!(two.hear().await, Heard::Session);
        hub.wake(bob, notice);
        assert_eq!(other.hear().await, Heard::Notice(notice));
        assert_eq!(hub.counts(), (2, 3));
        drop((one, two, other));
        assert_eq!(hub.counts(), (0, 0), "nothing is left of sockets that are gone");
    }

    #[tokio::test]
    async fn a_socket_that_does_not_read_loses_words_and_never_the_end_of_its_log_in() {
        let hub = Hub::default();
        let (user, session) = (UserId::new(), SessionId::new());
        let mut slow = hub.listen(user, session);
        for _ in 0..QUEUE * 2 {
            hub.wake(user, NoticeId::new());
        }
        hub.session_changed(session);
        assert_eq!(slow.hear().await, Heard::Session);
        assert_eq!(std::iter::from_fn(|| slow.words.try_recv().ok()).count(), QUEUE);
    }

    #[tokio::test]
    async fn the_last_socket_of_a_person_that_goes_is_noticed_and_no_other() {
        let hub = Hub::default();
        let user = UserId::new();
        let (one, two) = (hub.listen(user, SessionId::new()), hub.listen(user, SessionId::new()));
        drop(one);
        assert!(hub.hears(user));
        assert!(futures_util::FutureExt::now_or_never(hub.silence()).is_none());
        drop(two);
        assert!(!hub.hears(user));
        hub.silence().await;
    }

    #[tokio::test]
    async fn a_socket_reads_what_rang_before_it_was_open() {
        let hub = Hub::default();
        let user = UserId::new();
        let (call, notice) = (CallId::new(), NoticeId::new());
        let mut page = hub.listen(user, SessionId::new());
        hub.wake(user, notice);
        page.recall([call]);
        assert_eq!(page.hear().await, Heard::Call(call));
        assert_eq!(page.hear().await, Heard::Notice(notice));
    }
}
