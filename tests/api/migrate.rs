//! `moodcall migrate`, as an operator runs it.

use std::path::Path;
use std::process::{Command, Output};

use moodcall::store::{self, Options, Store};

use super::client::database;

fn moodcall(folder: &Path, url: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_moodcall"));
    command.args(arguments).arg("--data-dir").arg(folder).env("MOODCALL_FILTER__ENABLED", "false");
    if let Some(url) = url {
        command.env("MOODCALL_DATABASE_URL", url);
    }
    command.output().expect("it runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_folder_becomes_the_newest_schema_and_stays_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = database().await;
    let version = store::newest().to_string();
    for _ in 0..2 {
        let output = moodcall(folder.path(), url.as_deref(), &["migrate"]);
        assert!(output.status.success(), "{}", said(&output));
        assert!(said(&output).contains(&version), "{}", said(&output));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_refused_in_plain_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = database().await;
    let options = Options { url: url.clone(), ..Options::file(folder.path()) };
    let store = Store::open(&options).await.expect("a database");
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT version + 1000, 'the future', success, checksum, 0 FROM _sqlx_migrations",
    )
    .execute(store.write())
    .await
    .expect("a migration of the future");
    store.close().await;
    for arguments in [&["migrate"][..], &["serve", "--listen", "127.0.0.1:0", "--udp-port", "0"]] {
        let output = moodcall(folder.path(), url.as_deref(), arguments);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(said(&output).contains("newer program"), "{arguments:?}: {}", said(&output));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_may_not_migrate_does_not_start_without_the_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = database().await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_moodcall"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--udp-port", "0", "--data-dir"]).arg(folder.path());
    command.env("MOODCALL_DATABASE__MIGRATE", "false").env("MOODCALL_FILTER__ENABLED", "false");
    if let Some(url) = &url {
        command.env("MOODCALL_DATABASE_URL", url);
    }
    let output = command.output().expect("it ends by itself");
    assert!(!output.status.success());
    assert!(said(&output).contains("moodcall migrate"), "{}", said(&output));
}
