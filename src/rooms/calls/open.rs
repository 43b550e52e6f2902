//! Calls that are not over, as a value: it is told the time, who listens and who sits where, and says what is due.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::base::id::{CallId, RoomId, UserId};
use crate::protocol::call::CallStatus;

/// How long a caller's pages may all be closed while it rings: a page that is loaded again is back by then.
pub const GRACE: Duration = Duration::from_secs(4);

/// The two of a call and where they meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parties {
    /// Who rings.
    pub caller: UserId,
    /// Who is rung.
    pub callee: UserId,
    /// Where they meet.
    pub room: RoomId,
}

#[derive(Debug)]
enum Stage {
    Ringing {
        ends: Instant,
        /// Whether the caller has had a page since it began: who rings without one cannot lose it.
        heard: bool,
        /// Since when they have none.
        silent: Option<Instant>,
    },
    Accepted {
        /// When both must have entered.
        enter_by: Instant,
        /// Whether the caller and the callee were seen in the room.
        seated: [bool; 2],
    },
}

/// Calls that are not over. Each has a row, and nobody is called twice at a time, so there are fewer than people.
#[derive(Debug, Default)]
pub struct Open {
    calls: HashMap<CallId, (Parties, Stage)>,
}

/// What somebody outside knows.
pub trait Witness {
    /// Whether a page of theirs is open.
    fn hears(&self, user: UserId) -> bool;
    /// Whether they have a seat there, be it one that is kept for them.
    fn sits(&self, user: UserId, room: RoomId) -> bool;
}

impl Open {
    /// It rings until `ends`.
    pub fn ring(&mut self, call: CallId, parties: Parties, witness: &impl Witness, ends: Instant) {
        let heard = witness.hears(parties.caller);
        self.calls.insert(call, (parties, Stage::Ringing { ends, heard, silent: None }));
    }

    /// It was accepted; the two are to enter by then.
    pub fn accept(&mut self, call: CallId, parties: Parties, enter_by: Instant) {
        self.calls.insert(call, (parties, Stage::Accepted { enter_by, seated: [false; 2] }));
    }

    /// It is over.
    pub fn over(&mut self, call: CallId) {
        self.calls.remove(&call);
    }

    /// Every call that is watched.
    pub fn all(&self) -> Vec<CallId> {
        self.calls.keys().copied().collect()
    }

    /// What each call that is due becomes, and when to look again if nothing happens before.
    pub fn due(&mut self, witness: &impl Witness, now: Instant) -> (Vec<(CallId, CallStatus)>, Option<Instant>) {
        let (mut due, mut next) = (Vec::new(), None::<Instant>);
        for (call, (parties, stage)) in &mut self.calls {
            match stage.look(parties, witness, now) {
                Ok(Some(at)) => next = Some(next.map_or(at, |next| next.min(at))),
                Ok(None) => {}
                Err(becomes) => due.push((*call, becomes)),
            }
        }
        (due, next)
    }
}

impl Stage {
    /// When this stage ends by itself, or what the call becomes now.
    fn look(&mut self, parties: &Parties, witness: &impl Witness, now: Instant) -> Result<Option<Instant>, CallStatus> {
        match self {
            Self::Ringing { ends, heard, silent } => {
                if witness.hears(parties.caller) {
                    (*heard, *silent) = (true, None);
                } else if *heard {
                    silent.get_or_insert(now);
                }
                let gone = silent.map(|since| since + GRACE);
                if gone.is_some_and(|at| at <= now) {
                    return Err(CallStatus::Canceled);
                }
                if *ends <= now {
                    return Err(CallStatus::Missed);
                }
                Ok(Some(gone.map_or(*ends, |at| at.min(*ends))))
            }
            Self::Accepted { enter_by, seated } => {
                for (user, seen) in [parties.caller, parties.callee].into_iter().zip(&mut *seated) {
                    let sits = witness.sits(user, parties.room);
                    if *seen && !sits {
                        return Err(CallStatus::Ended);
                    }
                    *seen = sits;
                }
                match seated.iter().all(|seen| *seen) {
                    true => Ok(None),
                    false if *enter_by <= now => Err(CallStatus::Ended),
                    false => Ok(Some(*enter_by)),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::base::clock;

    /// Who listens, and who sits in the one room.
    #[derive(Default)]
    struct World {
        listening: RefCell<Vec<UserId>>,
        seated: RefCell<Vec<UserId>>,
    }

    impl Witness for World {
        fn hears(&self, user: UserId) -> bool {
            self.listening.borrow().contains(&user)
        }
        fn sits(&self, user: UserId, _: RoomId) -> bool {
            self.seated.borrow().contains(&user)
        }
    }

    const RING: Duration = Duration::from_secs(30);

    fn begin() -> (Open, World, CallId, Parties, Instant) {
        let parties = Parties { caller: UserId::new(), callee: UserId::new(), room: RoomId::new() };
        let (mut open, call, now) = (Open::default(), CallId::new(), clock::now());
        let world = World::default();
        open.ring(call, parties, &world, now + RING);
        (open, world, call, parties, now)
    }

    #[test]
    fn nobody_answers_and_it_is_missed() {
        let (mut open, world, call, _, now) = begin();
        assert_eq!(open.due(&world, now), (vec![], Some(now + RING)));
        assert_eq!(open.due(&world, now + RING).0, [(call, CallStatus::Missed)]);
        open.over(call);
        assert_eq!(open.due(&world, now + RING), (vec![], None));
    }

    #[test]
    fn a_caller_whose_pages_are_closed_for_longer_than_a_reload_has_given_up() {
        let (mut open, world, call, parties, now) = begin();
        world.listening.borrow_mut().push(parties.caller);
        assert_eq!(open.due(&world, now).1, Some(now + RING));
        world.listening.borrow_mut().clear();
        let lost = now + Duration::from_secs(1);
        assert_eq!(open.due(&world, lost), (vec![], Some(lost + GRACE)));
        world.listening.borrow_mut().push(parties.caller);
        assert_eq!(open.due(&world, lost + GRACE).0, [], "loaded again");
        world.listening.borrow_mut().clear();
        let lost = lost + GRACE;
        assert_eq!(open.due(&world, lost).1, Some(lost + GRACE));
        assert_eq!(open.due(&world, lost + GRACE).0, [(call, CallStatus::Canceled)]);
    }

    #[test]
    fn an_accepted_call_ends_when_either_leaves_or_never_comes() {
        let (mut open, world, call, parties, now) = begin();
        let by = now + Duration::from_secs(60);
        open.accept(call, parties, by);
        world.seated.borrow_mut().push(parties.caller);
        assert_eq!(open.due(&world, now), (vec![], Some(by)));
        world.seated.borrow_mut().push(parties.callee);
        assert_eq!(open.due(&world, now), (vec![], None));
        assert_eq!(open.due(&world, by + RING), (vec![], None), "they talk for as long as they like");
        world.seated.borrow_mut().pop();
        assert_eq!(open.due(&world, by + RING).0, [(call, CallStatus::Ended)]);

        let (mut open, world, call, parties, now) = begin();
        open.accept(call, parties, now + RING);
        world.seated.borrow_mut().push(parties.callee);
        assert_eq!(open.due(&world, now).0, []);
        assert_eq!(open.due(&world, now + RING).0, [(call, CallStatus::Ended)]);
    }
}
