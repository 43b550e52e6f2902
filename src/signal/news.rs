//! What a socket hears of the person whose log-in it belongs to: notifications, calls, and the end of the log-in.

use super::Refusal;
use super::session::Stage;
use super::socket::Connection;
use crate::notices::hub::Heard;
use crate::notices::{Listener, Noted};
use crate::protocol::close;
use crate::protocol::code::Code;
use crate::protocol::server::{LeaveReason, ServerMessage};
use crate::rooms::calls::told;
use crate::rooms::knocks;
use crate::rooms::ticket::Account;
use crate::users::card::picture_url;

/// The next thing; a guest's socket hears nothing, for ever.
pub(super) async fn hear(news: &mut Option<Listener>) -> Heard {
    match news {
        Some(listener) => listener.hear().await,
        None => std::future::pending().await,
    }
}

impl Connection {
    /// Listens for somebody, if their log-in still holds. In this order, so that an end in between is heard.
    pub(super) async fn attend(&mut self, account: Account) -> Result<(), Refusal> {
        let state = &self.signal.rooms.state;
        let mut listener = state.notices.listen(account.user, account.session);
        match self.signal.users.live.standing(account.session).await {
            Ok(Some(standing)) if standing.user == account.user => {}
            Ok(_) => return Err(Code::SessionOver.into()),
            Err(error) => {
                tracing::warn!(%error, "a log-in cannot be looked up");
                return Err(Code::Unavailable.into());
            }
        }
        match told::ringing(&state.store, account.user).await {
            Ok(calls) => listener.recall(calls),
            // They ring on the pages that were open before.
            Err(error) => tracing::warn!(%error, "a page does not hear what rings already"),
        }
        self.news = Some(listener);
        Ok(())
    }

    /// Says what was heard. False when the log-in is over: the seat is free, and the socket has nothing more to say.
    pub(super) async fn tell(&mut self, heard: Heard) -> bool {
        let Some(listener) = &self.news else { return true };
        let (user, session) = (listener.user(), listener.session());
        let told = match heard {
            Heard::Session => match self.signal.users.live.standing(session).await {
                Ok(Some(standing)) if standing.user == user => return true,
                Ok(_) => {
                    if let Stage::Seated(_, participant) = self.session.stage {
                        self.signal.rooms.leave(participant, LeaveReason::Left).await;
                    }
                    self.end(None, Code::SessionOver.into(), close::POLICY);
                    return false;
                }
                Err(error) => Err(error),
            },
            Heard::Notice(id) => {
                let row = Noted::with_unread(self.signal.rooms.state.store.read(), user, id).await;
                row.map(|row| {
                    if let Some((row, unread)) = row {
                        let notification = row.shown(picture_url);
                        self.outbox.say(ServerMessage::Notification { notification, unread });
                    }
                })
            }
            Heard::Call(call) => {
                let said = told::told(&self.signal.rooms.state.store, user, call).await;
                said.map(|said| said.into_iter().for_each(|message| self.outbox.say(message)))
            }
            Heard::Knock(knock) => {
                let said = knocks::told::told(&self.signal.rooms.state.store, user, knock).await;
                said.map(|said| said.into_iter().for_each(|message| self.outbox.say(message)))
            }
        };
        if let Err(error) = told {
            // The row is there for the next page; a log-in is looked at again soon.
            tracing::warn!(%error, "a socket could not be told");
        }
        true
    }
}
