//! Who listens: the open sockets of people who are logged in.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc};

use crate::base::id::{NoticeId, SessionId, UserId};

/// Words that may wait for one socket. Beyond that they are dropped: the rows are there.
const QUEUE: usize = 64;

/// The sockets that listen; clones share them.
#[derive(Clone, Default)]
pub struct Hub(Arc<Mutex<Ears>>);

#[derive(Default)]
struct Ears {
    next: u64,
    people: HashMap<UserId, Vec<(u64, mpsc::Sender<NoticeId>)>>,
    sessions: HashMap<SessionId, Vec<(u64, Arc<Notify>)>>,
}

/// What one socket hears, until it is dropped.
pub struct Listener {
    hub: Hub,
    number: u64,
    user: UserId,
    session: SessionId,
    notices: mpsc::Receiver<NoticeId>,
    changed: Arc<Notify>,
}

/// Something that a socket hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A notification is there to be read.
    Notice(NoticeId),
    /// The log-in ended, or something about it changed.
    Session,
}

impl Hub {
    /// Listens for `user` and for the end of `session`.
    pub fn listen(&self, user: UserId, session: SessionId) -> Listener {
        let (sender, notices) = mpsc::channel(QUEUE);
        let changed = Arc::new(Notify::new());
        let mut ears = self.0.lock();
        ears.next += 1;
        let number = ears.next;
        ears.people.entry(user).or_default().push((number, sender));
        ears.sessions.entry(session).or_default().push((number, changed.clone()));
        Listener { hub: self.clone(), number, user, session, notices, changed }
    }

    /// Has every socket of `user` read a notification. To be called once its row is committed.
    pub fn wake(&self, user: UserId, notice: NoticeId) {
        for (_, sender) in self.0.lock().people.get(&user).into_iter().flatten() {
            let _ = sender.try_send(notice);
        }
    }

    /// Has every socket of a log-in look whether it still holds.
    pub fn session_changed(&self, session: SessionId) {
        for (_, changed) in self.0.lock().sessions.get(&session).into_iter().flatten() {
            changed.notify_one();
        }
    }

    /// People and log-ins that somebody listens for.
    pub fn counts(&self) -> (usize, usize) {
        let ears = self.0.lock();
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

    /// The next thing. Can be dropped while it waits, and nothing is lost.
    pub async fn hear(&mut self) -> Heard {
        tokio::select! {
            biased;
            () = self.changed.notified() => Heard::Session,
            Some(notice) = self.notices.recv() => Heard::Notice(notice),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut ears = self.hub.0.lock();
        let number = self.number;
        remove(&mut ears.people, self.user, number);
        remove(&mut ears.sessions, self.session, number);
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
        let notice = NoticeId::new();
        hub.wake(ada, notice);
        assert_eq!((one.hear().await, two.hear().await), (Heard::Notice(notice), Heard::Notice(notice)));
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
        assert_eq!(std::iter::from_fn(|| slow.notices.try_recv().ok()).count(), QUEUE);
    }
}
