//! The database under the server: its schema is kept, and one that is too new is refused.

use moodcall::store::{self, Engine, Store, StoreError};

use super::client::{house, house_in};

#[tokio::test]
async fn rows_outlive_a_restart() {
    let first = house().await;
    let ada = first.person("ada").await;
    let url = first.running.app.state.config.database.url.clone();
    let folder = first.stop().await;
    let second = house_in(folder, |config| config.database.url = url).await;
    let handle: String = sqlx::query_scalar("SELECT handle FROM users WHERE id = $1")
        .bind(ada.id)
        .fetch_one(second.running.app.state.store.read())
        .await
        .expect("the row");
    assert_eq!(handle, "ada");
    second.stop().await;
}

#[tokio::test]
async fn a_schema_of_a_newer_program_is_refused_and_left_alone() {
    let house = house().await;
    let options = moodcall::app::store_options(&house.running.app.state.config);
    let newer = store::newest() + 1;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT $1, 'the future', success, checksum, 0 FROM _sqlx_migrations LIMIT 1",
    )
    .bind(newer)
    .execute(house.running.app.state.store.write())
    .await
    .expect("a migration that this program does not know");
    let refused = Store::open(&options).await.expect_err("a refusal");
    assert!(matches!(&refused, StoreError::Newer { version, .. } if *version == newer), "{refused}");
    assert!(refused.to_string().contains("newer program"), "{refused}");
    house.stop().await;
}

#[tokio::test]
async fn a_name_that_is_taken_is_known_by_its_index_on_either_database() {
    let house = house().await;
    let ada = house.person("ada").await;
    let bob = house.person("bob").await;
    let error = sqlx::query("UPDATE users SET handle = 'ada' WHERE id = $1")
        .bind(bob.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect_err("a refusal");
    assert!(StoreError::from(error).is_taken("users_handle"));
    let error = sqlx::query("INSERT INTO follows (follower_id, followee_id, created_at) VALUES ($1, $1, 0)")
        .bind(ada.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect_err("a refusal");
    assert!(matches!(StoreError::from(error), StoreError::Rule));
    house.stop().await;
}

#[tokio::test]
async fn sqlite_plans_a_statement_once_and_shares_no_lock_between_connections() {
    let house = house().await;
    let store = &house.running.app.state.store;
    if store.engine() == Engine::Sqlite {
        let options: Vec<String> =
            sqlx::query_scalar("PRAGMA compile_options").fetch_all(store.read()).await.expect("how it was compiled");
        let has = |name: &str| options.iter().any(|option| option == name);
        assert!(has("ENABLE_QPSG") && has("DEFAULT_MEMSTATUS=0") && !has("ENABLE_MEMORY_MANAGEMENT"), "{options:#?}");
    }
    house.stop().await;
}

#[tokio::test]
async fn a_server_that_cut_its_connections_is_found_again_and_nobody_sees_more_than_that_it_was_away() {
    let house = house().await;
    let store = &house.running.app.state.store;
    if store.engine() == Engine::Postgres {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()";
        let lost = sqlx::query(cut).execute(store.read()).await.expect_err("this connection is one of them");
        assert!(matches!(StoreError::from(lost), StoreError::Unavailable(_)));
        let most = house.running.app.state.config.database.connections as usize;
        // Each lost connection is noticed once; after that there are new ones.
        let mut answers = Vec::new();
        while answers.last() != Some(&200) {
            answers.push(house.get("/api/v1/tags").await.status().as_u16());
            assert!(answers.len() <= most + 1, "{answers:?}");
            assert!(answers.iter().all(|status| [200, 503].contains(status)), "{answers:?}");
        }
    }
    house.stop().await;
}
