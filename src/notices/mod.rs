//! Notifications: rows in the database, pushed to whoever has a page open.
