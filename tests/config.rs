//! Settings: the sample file equals the defaults, unknown keys are refused, each source beats the one before it.

use std::fs;
use std::process::{Command, Output};

use moodcall::config::{self, Config, Flags};

const SAMPLE: &str = include_str!("../config.sample.toml");

/// The sample with the optional keys, which have no default, taken out of their comments or not.
fn sample(optional: bool) -> String {
    let open = |line: &str| match line.strip_prefix("#= ") {
        Some(setting) if optional => setting.to_owned(),
        _ => line.to_owned(),
    };
    SAMPLE.lines().map(open).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_sample_file_is_the_defaults_and_names_every_key() {
    let read: Config = toml::from_str(&sample(false)).expect("the sample can be read");
    assert_eq!(read, Config::default());

    let with: toml::Table = toml::from_str(&sample(true)).expect("the sample can be read");
    let _: Config = toml::from_str(&sample(true)).expect("its optional keys exist");
    let defaults = toml::Table::try_from(Config::default()).expect("TOML");
    for (section, keys) in &defaults {
        for key in keys.as_table().expect("a section").keys() {
            assert!(with[section].get(key).is_some(), "{section}.{key} is not in config.sample.toml");
        }
    }
    // Every key and section is explained by a comment above it.
    let mut above = "";
    for line in SAMPLE.lines() {
        if line.starts_with("#= ") || (!line.starts_with('#') && line.contains(" = ")) || line.starts_with('[') {
            assert!(above.starts_with('#') && !above.starts_with("#="), "no comment above {line}");
        }
        above = line;
    }
}

fn moodcall(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_moodcall"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MOODCALL_")) {
        command.env_remove(name);
    }
    command.args(arguments).envs(variables.iter().copied()).output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn each_source_beats_the_one_before_it_and_print_says_which_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("moodcall.toml");
    fs::write(&file, "[server]\nlisten = \"127.0.0.1:1\"\ndrain_seconds = 7\n[media]\nudp_port = 11\n")
        .expect("written");
    let variables = [
        ("MOODCALL_CONFIG", file.to_str().expect("text")),
        ("MOODCALL_UDP_PORT", "22"),
        ("MOODCALL_PUBLIC_ADDRESS", "192.0.2.1, 192.0.2.2"),
        ("MOODCALL_LISTEN", "[::1]:2"),
        ("MOODCALL_ROOMS__MAX_CAPACITY", "5"),
        ("MOODCALL_SERVER__TRUSTED_PROXIES", r#"["127.0.0.1", "10.0.0.0/8"]"#),
        ("MOODCALL_SERVER__METRICS_TOKEN", "hush"),
    ];
    let printed = moodcall(&["config", "print", "--listen", "127.0.0.1:3"], &variables);
    assert!(printed.status.success(), "{}", text(&printed.stderr));
    let printed = text(&printed.stdout);
    let table = [
        ("listen = \"127.0.0.1:3\"", "flag"),
        ("drain_seconds = 7", "moodcall.toml"),
        ("udp_port = 22", "environment"),
        ("public_address = [\"192.0.2.1\", \"192.0.2.2\"]", "environment"),
        ("max_capacity = 5", "environment"),
        ("trusted_proxies = [\"127.0.0.1/32\", \"10.0.0.0/8\"]", "environment"),
        ("default_capacity = 2", "default"),
    ];
    for (setting, origin) in table {
        let line = printed.lines().find(|line| line.starts_with(setting));
        let line = line.unwrap_or_else(|| panic!("{setting} in\n{printed}"));
        assert!(line.ends_with(origin), "{origin}: {line}");
    }
    assert!(!printed.contains("hush"), "a secret is shown");
    let _: Config =
        toml::from_str(&printed.replace("\"(set)\"", "\"x\"")).expect("what is printed can be used as a file");
}

#[test]
fn what_is_unknown_or_not_allowed_is_refused_with_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = [
        ("[server]\nlissten = \"127.0.0.1:1\"\n", "lissten"),
        ("[sever]\n", "sever"),
        ("[rooms]\nmax_capacity = \"many\"\n", "max_capacity"),
        ("[rooms]\ndefault_capacity = 9\n", "rooms.default_capacity"),
        ("[rooms]\nmax_capacity = 0\n", "rooms.max_capacity"),
        ("[server]\npublic_origin = \"call.example.org\"\n", "server.public_origin"),
        ("[server]\npublic_origin = \"https://call.example.org/x\"\n", "server.public_origin"),
        ("[server]\ntrusted_proxies = [\"10.0.0.0/40\"]\n", "10.0.0.0/40"),
        ("[media]\npublic_address = [\"0.0.0.0\"]\n", "media.public_address"),
        ("[redis]\nurl = \"http://x\"\n", "redis.url"),
        ("not toml", "moodcall.toml"),
    ];
    let file = folder.path().join("moodcall.toml");
    for (content, named) in table {
        fs::write(&file, content).expect("written");
        let flags = Flags { config: Some(file.clone()), ..Flags::default() };
        let error = config::load(&flags).expect_err(content).to_string();
        assert!(error.contains(named), "{content}: {error}");
    }
    let missing = Flags { config: Some(folder.path().join("none.toml")), ..Flags::default() };
    assert!(config::load(&missing).is_err());
    for (name, value) in [("MOODCALL_LISSTEN", "x"), ("MOODCALL_SERVER__LISSTEN", "x"), ("MOODCALL_UDP_PORT", "70000")]
    {
        let checked = moodcall(&["config", "check"], &[(name, value)]);
        assert!(!checked.status.success(), "{name}");
        let said = text(&checked.stderr).to_lowercase();
        assert!(said.contains("lissten") || said.contains("udp_port"), "{said}");
    }
    assert!(moodcall(&["config", "check"], &[]).status.success());
}
