//! Ringing: one friend calls another into a room.
//!
//! A row of `calls` says where a call stands, and every change of it is one `UPDATE` that names the status it came from:
//! of two that happen at once, one wins ([`turn`]). [`open`] is what this process watches of calls that are not over, as a
//! value; [`watch`] is the one task that ends what nobody answers, whose caller has gone, or whose room was left.
//! Afterwards every socket of both is told to read the row ([`told`]).

pub mod answer;
pub mod call;
pub mod history;
pub mod open;
pub mod ring;
pub mod row;
pub mod told;
pub mod turn;
pub mod watch;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;

use crate::base::id::UserId;
use crate::web::error::ApiError;
use crate::web::rate::Rate;
use open::Open;

/// How often one person may ring another, a minute and an hour.
const RINGS: (u32, u32) = (3, 20);
/// How many people somebody may ring at a time.
pub const AT_ONCE: i64 = 8;

/// What is known of calls that are not over.
pub struct Calls {
    open: Mutex<Open>,
    changed: Notify,
    minute: Rate<(UserId, UserId)>,
    hour: Rate<(UserId, UserId)>,
}

impl Default for Calls {
    fn default() -> Self {
        let (minute, hour) = (Rate::per_minute(RINGS.0), Rate::per_hour(RINGS.1));
        Self { open: Mutex::default(), changed: Notify::new(), minute, hour }
    }
}

impl Calls {
    /// Calls that this process watches, locked. Never held over an `.await`.
    pub fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock()
    }

    /// Counts one attempt to ring.
    ///
    /// # Errors
    /// 429.
    fn admit(&self, caller: UserId, callee: UserId) -> Result<(), ApiError> {
        self.minute.admit(&(caller, callee))?;
        self.hour.admit(&(caller, callee))
    }
}
