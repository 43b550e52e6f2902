//! Guessing at scale: nobody learns who has an account, not even by a clock, and a storm of log-ins costs the machine
//! little and the others nothing.

use std::time::Duration;

use futures_util::future::join_all;
use moodcall::base::clock;
use serde_json::json;

use super::account::said;
use super::client::{House, house};
use super::program::Program;

/// Time of one answer to a wrong password.
async fn timed(house: &House, client: &reqwest::Client, login: &str) -> Duration {
    let body = json!({ "grant": "password", "login": login, "password": "not the password" });
    let started = clock::now();
    let answer = client.post(house.url("/api/v1/tokens")).json(&body).send().await.expect("an answer");
    let took = clock::now() - started;
    assert_eq!(answer.status(), 401);
    took
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

#[tokio::test]
async fn a_clock_does_not_tell_who_has_an_account() {
    let house = house().await;
    house.sign_up("ada").await;
    let client = reqwest::Client::new();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    timed(&house, &client, "ada").await;
    // Pairs, and each kind first every other time, so that what else the machine does falls on both alike. A machine that
    // is too busy for few pairs gets more of them.
    let mut found = f64::MAX;
    for pairs in [60, 140, 300] {
        while known.len() < pairs {
            let first_known = known.len() % 2 == 0;
            let logins = if first_known { ["ada", "eve"] } else { ["eve", "ada"] };
            for login in logins {
                let took = timed(&house, &client, login).await;
                if login == "ada" { known.push(took) } else { unknown.push(took) }
            }
        }
        let (one, other) = (median(known.clone()), median(unknown.clone()));
        found = (one - other).abs() / one.max(other);
        println!("{pairs} pairs: known {:.1} ms, unknown {:.1} ms, {:.1} % apart", one * 1e3, other * 1e3, found * 1e2);
        if found < 0.1 {
            break;
        }
    }
    assert!(found < 0.1, "{:.1} % apart", found * 1e2);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_log_ins_at_once_cost_little_memory_and_leave_the_server_quick() {
    // A process of its own, so that the memory is its own too.
    let folder = tempfile::tempdir().expect("a folder");
    let many = "1000000";
    let settings = [
        ("MOODCALL_ACCOUNTS__TRIES_PER_MINUTE", many),
        ("MOODCALL_ACCOUNTS__ACCOUNT_TRIES_PER_HOUR", many),
        ("MOODCALL_ACCOUNTS__REQUESTS_PER_MINUTE", many),
    ];
    let (program, line) = Program::start_with(folder.path(), "error", &settings);
    let url = line.strip_prefix("listening on ").expect("the first line").trim().to_owned();
    let client = reqwest::Client::new();
    // The connections and what belongs to them are there before.
    let quick = join_all((0..200).map(|_| client.get(format!("{url}/health/live")).send())).await;
    assert!(quick.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer.status() == 200)));
    let before = program.resident();
    let storm = tokio::spawn({
        let (client, url) = (client.clone(), format!("{url}/api/v1/tokens"));
        async move {
            join_all((0..200).map(|n| {
                let body = json!({ "grant": "password", "login": format!("nobody{n}"), "password": "wrong" });
                client.post(&url).json(&body).send()
            }))
            .await
        }
    });
    let (mut most, mut times) = (0.0_f64, Vec::new());
    while !storm.is_finished() {
        let started = clock::now();
        let answer = client.get(format!("{url}/health/live")).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        times.push(clock::now() - started);
        most = most.max(program.resident());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for answer in storm.await.expect("the storm") {
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), 401);
        assert_eq!(said(answer).await["code"], "credentials");
    }
    times.sort();
    let slow = times[times.len() * 99 / 100];
    println!("{} times asked, 99 of 100 within {slow:?}; {:.1} MiB more than {before:.1}", times.len(), most - before);
    assert!(times.len() > 10, "the storm was over too soon to tell");
    assert!(slow < Duration::from_millis(250), "{slow:?}");
    assert!(most - before > 15.0, "one hash alone needs more than {:.1} MiB: this measures nothing", most - before);
    assert!(most - before < 64.0, "{:.1} MiB more", most - before);
}
