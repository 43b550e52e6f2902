//! Coming in: a ticket or a resume token, then a seat.

use tokio::sync::mpsc;

use super::session::Stage;
use super::socket::Connection;
use super::{Holder, Refusal, effects, seat};
use crate::base::id::{ParticipantId, RoomId};
use crate::base::timestamp::Timestamp;
use crate::base::token::{self, TokenHash};
use crate::protocol::VERSION;
use crate::protocol::code::Code;
use crate::protocol::server::{LeaveReason, ServerMessage};
use crate::rooms::door::Pass;
use crate::rooms::live::Newcomer;
use crate::rooms::room::Member;
use crate::rooms::ticket::Account;

impl Connection {
    pub(super) async fn hello(
        &mut self,
        re: Option<u64>,
        version: u32,
        ticket: Option<String>,
        resume: Option<String>,
    ) -> Result<(), Refusal> {
        if version != VERSION {
            return Err(Refusal::new(Code::Version, format!("This server speaks version {VERSION}.")));
        }
        match (ticket, resume) {
            (Some(ticket), None) => self.greet(re, &ticket).await,
            (None, Some(resume)) => self.resume(re, &resume).await,
            _ => Err(Refusal::new(Code::Malformed, "A hello carries a ticket or a resume token.")),
        }
    }

    /// A ticket: checked, spent, and answered with a resume token for the seat to come.
    async fn greet(&mut self, re: Option<u64>, ticket: &str) -> Result<(), Refusal> {
        let rooms = &self.signal.rooms;
        if rooms.state.shutdown.draining() {
            return Err(Code::Draining.into());
        }
        let claims = rooms.tickets.check(ticket).map_err(|error| {
            tracing::debug!(%error, "ticket refused");
            Code::Ticket
        })?;
        match rooms.state.ledger.spend(&claims.jti.to_string(), rooms.tickets.remember()).await {
            Ok(true) => {}
            Ok(false) => return Err(Code::Ticket.into()),
            Err(error) => {
                tracing::warn!(%error, "ticket refused: the bus does not answer");
                return Err(Code::Internal.into());
            }
        }
        let holder = claims.account.map_or(Holder::Guest(claims.sub), |account| Holder::Person(account.user));
        if !self.held.name(holder) {
            return Err(Code::TooMany.into());
        }
        if let Some(account) = claims.account {
            self.attend(account).await?;
        }
        let (participant, room) = match (claims.room, claims.account) {
            (Some(room), _) => (claims.sub, room),
            (None, Some(Account { user, .. })) => {
                self.outbox.answer(re, ServerMessage::Listening { version: VERSION, user });
                self.session.stage = Stage::Listening;
                return Ok(());
            }
            // We sign no such ticket.
            (None, None) => return Err(Code::Ticket.into()),
        };
        let (resume, hash) = token::fresh();
        let welcome = ServerMessage::Welcome { version: VERSION, participant, room, resume, resumed: false };
        self.outbox.answer(re, welcome);
        self.session.stage = Stage::Greeted(Box::new(claims), hash);
        Ok(())
    }

    /// A resume token: the seat is this socket's now. Not refused while draining: the call is still going on.
    async fn resume(&mut self, re: Option<u64>, text: &str) -> Result<(), Refusal> {
        let used = token::hash(text);
        let (participant, account) = self.owner(used).ok_or(Code::Resume)?;
        let holder = account.map_or(Holder::Guest(participant), |account| Holder::Person(account.user));
        if !self.held.name(holder) {
            return Err(Code::TooMany.into());
        }
        if let Some(account) = account {
            self.attend(account).await?;
        }
        if let Some(account) = account {
            self.signal.admit(account.session).await?;
        }
        let rooms = &self.signal.rooms;
        let filter = effects::filter(&rooms.state);
        let resumed = rooms.live().resume(used, token::fresh(), self.outbox.clone(), re, filter);
        let (room, participant) = resumed?;
        rooms.changed();
        tracing::debug!(%room, %participant, "seat resumed");
        self.session.stage = Stage::Seated(room, participant);
        Ok(())
    }

    /// Whose seat a resume token is of.
    fn owner(&self, token: TokenHash) -> Option<(ParticipantId, Option<Account>)> {
        let live = self.signal.rooms.live();
        let seat = live.seat(live.holder(token)?)?;
        let account =
            seat.member.as_ref().map(|Member { person, session }| Account { user: person.id, session: *session });
        Some((seat.id, account))
    }

    /// Takes the seat, then the place in the SFU.
    pub(super) async fn join(&mut self, re: Option<u64>, room: RoomId) -> Result<(), Refusal> {
        let Stage::Greeted(claims, token) = &self.session.stage else { return Err(Code::NotJoined.into()) };
        let rooms = &self.signal.rooms;
        if claims.room != Some(room) {
            return Err(Refusal::new(Code::Ticket, "The ticket is for another room."));
        }
        if rooms.state.shutdown.draining() {
            return Err(Code::Draining.into());
        }
        let participant = claims.sub;
        let member = match claims.account {
            Some(account) => Some(self.member(account).await?),
            None => None,
        };
        let user = member.as_ref().map(|member| member.person.id);
        let name = member.as_ref().map_or(&claims.name, |member| &member.person.nickname).clone();
        let (pass, outbox, token) =
            (Pass { host_key: claims.host, invite: claims.invite }, self.outbox.clone(), *token);
        let mut newcomer = Newcomer { participant, name, member, host: false, outbox, token };
        // Their right and whoever sits there were looked at; if a right was taken or somebody else came in meanwhile, all
        // is looked at again.
        loop {
            let (rights, company) = {
                let live = rooms.live();
                (live.rights(), live.company(room))
            };
            let door = rooms.door(room, user, pass).await?;
            door.enter()?;
            if let Some(account) = claims.account {
                self.signal.admit(account.session).await?;
            }
            if let Some(user) = user {
                rooms.may_meet(user, &company).await?;
            }
            let mut live = rooms.live();
            let more = user.is_some() && !live.company(room).iter().all(|other| company.contains(other));
            if more || live.rights() != rights {
                continue;
            }
            newcomer.host = door.is_host();
            // The SFU first would give a place to whoever finds the room full, so the seat comes first; the roster that
            // the seat's owner gets says that it is theirs, and their next message is read after this returns.
            live.join(room, door.room.setting(), newcomer, re, effects::filter(&rooms.state), Timestamp::now())?;
            break;
        }
        rooms.changed();
        rooms.restore_soundtrack(room).await;
        let (events, heard) = mpsc::unbounded_channel();
        if let Err(error) = rooms.state.sfu.join(room, participant, events).await {
            tracing::error!(%error, %participant, "the SFU has no place");
            rooms.leave(participant, LeaveReason::Left).await;
            return Err(Code::Internal.into());
        }
        rooms.state.tasks.spawn(seat::run(rooms.clone(), participant, heard));
        if rooms.live().home(participant).is_none() {
            // Kicked in the meantime, when the SFU did not know them yet.
            rooms.state.sfu.leave(participant).await;
        }
        tracing::info!(%room, %participant, "joined");
        self.session.stage = Stage::Seated(room, participant);
        Ok(())
    }

    /// Somebody with an account, as they are called now.
    async fn member(&self, account: Account) -> Result<Member, Refusal> {
        match self.signal.rooms.person(account.user).await {
            Ok(Some(person)) => Ok(Member { person, session: account.session }),
            Ok(None) => Err(Code::SessionOver.into()),
            Err(error) => {
                tracing::warn!(%error, "nobody can be seated");
                Err(Code::Unavailable.into())
            }
        }
    }
}
