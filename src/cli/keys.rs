//! `moodcall keys`: the keys that sign access tokens.

use std::path::Path;

use crate::users::access;

/// Puts a new key beside the present ones, and says what to do next.
pub fn rotate(data: &Path) -> anyhow::Result<()> {
    let path = access::rotate(data)?;
    println!("made {}", path.display());
    println!("restart the server: it signs with this key from then on, and still knows tokens by the older ones");
    println!("remove an older key when accounts.access_minutes have passed since");
    Ok(())
}
