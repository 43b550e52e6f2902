//! `moodcall staff add` and `moodcall staff remove`: who is staff. It stands in the audit log.

use super::StaffArguments;
use crate::app;
use crate::config;
use crate::moderation::appoint;
use crate::store::Store;

/// Makes somebody staff, or no more.
pub(super) fn appoint(arguments: &StaffArguments, staff: bool) -> anyhow::Result<()> {
    let options = app::store_options(&config::load(&arguments.flags)?.config);
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let store = Store::connect(&options).await?;
        store.current().await?;
        let changed = appoint::appoint(&store, &arguments.handle, staff).await?;
        store.close().await;
        println!(
            "{}",
            match (staff, changed) {
                (true, true) => "they are staff now",
                (true, false) => "they were staff before",
                (false, true) => "they are staff no more",
                (false, false) => "they were not staff",
            }
        );
        Ok(())
    })
}
