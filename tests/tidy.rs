//! The house stays true: arrows between modules, sizes, words, the clock. `ARCHITECTURE.md` says why.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Longest file, in lines.
const LINES: usize = 400;

/// Files that may be longer, each with its reason.
const LONG: &[(&str, &str)] = &[];

/// What each module may use besides itself and `base`. `*` is everything.
const ARROWS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("config", &[]),
    ("protocol", &[]),
    ("rtp", &[]),
    ("telemetry", &["config"]),
    ("store", &[]),
    ("blobs", &[]),
    ("mail", &["store"]),
    ("outside", &["protocol", "covers"]),
    ("oidc", &["outside"]),
    ("covers", &["protocol"]),
    ("bus", &["protocol"]),
    ("media", &["rtp"]),
    ("sfu", &["rtp"]),
    ("studio", &["sfu", "media", "rtp", "bus", "protocol"]),
    ("notices", &["store", "bus", "protocol"]),
    ("state", &["config", "blobs", "bus", "mail", "notices", "oidc", "outside", "sfu", "store", "studio"]),
    ("web", &["store", "protocol"]),
    ("users", &["web", "state", "store", "blobs", "bus", "protocol", "notices", "mail", "oidc"]),
    ("social", &["web", "state", "store", "blobs", "bus", "protocol", "notices", "users"]),
    ("tags", &["web", "state", "store", "protocol", "users"]),
    ("songs", &["web", "state", "store", "protocol", "users", "outside"]),
    ("comments", &["web", "state", "store", "protocol", "notices", "users", "social"]),
    ("posts", &["web", "state", "store", "blobs", "protocol", "notices", "users", "social", "tags"]),
    (
        "playlists",
        &[
            "web", "state", "store", "blobs", "protocol", "notices", "users", "social", "tags", "songs", "covers",
            "outside",
        ],
    ),
    ("feeds", &["web", "state", "store", "protocol", "users", "social", "tags", "posts", "playlists", "rooms"]),
    (
        "generation",
        &[
            "web",
            "state",
            "store",
            "blobs",
            "protocol",
            "notices",
            "users",
            "social",
            "tags",
            "songs",
            "covers",
            "playlists",
            "outside",
        ],
    ),
    ("moderation", &["web", "state", "store", "protocol", "notices", "users", "social", "tags", "comments", "rooms"]),
    (
        "rooms",
        &[
            "web", "state", "store", "blobs", "bus", "protocol", "notices", "studio", "sfu", "users", "social", "tags",
            "songs",
        ],
    ),
    (
        "search",
        &["web", "state", "store", "protocol", "users", "social", "tags", "songs", "posts", "playlists", "rooms"],
    ),
    ("signal", &["protocol", "state", "web", "users", "rooms", "notices", "sfu", "studio", "bus"]),
    ("bench", &["media", "sfu", "rtp", "protocol", "config", "store", "songs"]),
    ("app", &["*"]),
    ("cli", &["*"]),
];

/// Modules that are fed by the network: nothing there may panic on what comes in.
const FED: &[&str] = &[
    "rtp",
    "protocol",
    "sfu",
    "bus",
    "blobs",
    "web",
    "rooms",
    "signal",
    "store",
    "mail",
    "oidc",
    "notices",
    "users",
    "social",
    "search",
    "tags",
    "comments",
    "posts",
    "feeds",
    "moderation",
    "outside",
    "covers",
    "songs",
    "playlists",
    "generation",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Path from the root, and content, of every file below `folder` with one of the endings.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    fn walk(folder: &Path, endings: &[&str], found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if path.is_dir() {
                walk(&path, endings, found);
            } else if endings.contains(&ending) {
                let name = path.strip_prefix(root()).expect("below the root").display().to_string();
                found.push((name, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), endings, &mut found);
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    files("src", &["rs"])
}

/// The module at the top that a file of `src/` belongs to.
fn module(name: &str) -> &str {
    let rest = name.strip_prefix("src/").unwrap_or(name);
    rest.split('/').next().unwrap_or(rest).trim_end_matches(".rs")
}

fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line)).filter(|(_, line)| !line.trim().starts_with("//"))
}

/// The part of a file that is in the program: everything before its unit tests.
fn program<'a>(name: &str, text: &'a str) -> &'a str {
    if name.ends_with("tests.rs") || name.contains("/tests/") {
        return "";
    }
    let tests = text.find("#[cfg(test)]\nmod ").or_else(|| text.find("#[cfg(test)]\n#[path"));
    &text[..tests.unwrap_or(text.len())]
}

/// Modules at the top that a file names by `crate::x` or `crate::{x, y::z}`.
fn used(text: &str) -> BTreeSet<String> {
    let code: String = code_lines(text).flat_map(|(_, line)| [line, "\n"]).collect();
    let mut names = BTreeSet::new();
    let name = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    for (start, _) in code.match_indices("crate::") {
        // `$crate::` and `other_crate::` are something else.
        if code[..start].ends_with(|c: char| c == '$' || c == '_' || c.is_ascii_alphanumeric()) {
            continue;
        }
        let rest = &code[start + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.insert(name(rest));
            continue;
        };
        let (mut depth, mut fresh) = (0, true);
        for (index, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => fresh = true,
                c if fresh && c.is_ascii_alphabetic() => {
                    names.insert(name(&group[index..]));
                    fresh = false;
                }
                _ => {}
            }
        }
    }
    names
}

#[test]
fn arrows_point_down() {
    let known: BTreeSet<&str> = ARROWS.iter().map(|(module, _)| *module).collect();
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let own = module(&name);
        if ["lib", "main"].contains(&own) {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(module, _)| *module == own) else {
            wrong.push(format!("{name}: the module {own} is not in the table"));
            continue;
        };
        for other in used(&text) {
            let fine = other == own || other == "base" || allowed.contains(&"*") || allowed.contains(&other.as_str());
            if known.contains(other.as_str()) && !fine {
                wrong.push(format!("{name}: {own} may not use {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Layer, module and arrows of each row of the table in `ARCHITECTURE.md`.
fn drawn() -> Vec<(u8, String, BTreeSet<String>)> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("text");
    let named = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [layer, module, _, uses] = cells[..] else { return None };
        let layer = layer.parse().ok()?;
        let uses = if uses == "everything" { vec!["*".to_owned()] } else { named(uses) };
        Some((layer, named(module).concat(), uses.into_iter().collect()))
    };
    text.lines().filter_map(row).collect()
}

#[test]
fn the_map_shows_the_same_arrows_and_they_point_down() {
    let drawn = drawn();
    let layer = |name: &str| drawn.iter().find(|(_, module, _)| module == name).map(|(layer, ..)| *layer);
    let mut wrong = Vec::new();
    for (module, allowed) in ARROWS {
        let rows: Vec<_> = drawn.iter().filter(|(_, name, _)| name == module).map(|(_, _, uses)| uses).collect();
        let allowed: BTreeSet<String> = allowed.iter().map(|name| (*name).to_owned()).collect();
        if rows != [&allowed] {
            wrong.push(format!("{module} is drawn as {rows:?}, and may use {allowed:?}"));
        }
        for other in allowed.iter().filter(|other| *other != "*") {
            // Slices use no sibling.
            let most = layer(module).map(|own| if own < 3 { own } else { own - 1 });
            if layer(other) > most {
                wrong.push(format!("the arrow from {module} to {other} does not point down"));
            }
        }
    }
    let known = |name: &str| ARROWS.iter().any(|(module, _)| *module == name);
    wrong.extend(drawn.iter().filter(|(_, name, _)| !known(name)).map(|(_, name, _)| format!("there is no {name}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn uses_are_read_right() {
    let text = "use crate::{a, b::{c, d}};\nlet x = crate::e::f();\n// crate::g\nuse other_crate::h;\nuse crate::i;";
    assert_eq!(used(text).into_iter().collect::<Vec<_>>(), ["a", "b", "e", "i"]);
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "benches", "examples"] {
        for (name, text) in files(folder, &["rs"]) {
            if !text.starts_with("//!") {
                wrong.push(format!("{name}: does not begin with //!"));
            }
            let lines = text.lines().count();
            if lines > LINES && !LONG.iter().any(|(long, _)| *long == name) {
                wrong.push(format!("{name}: {lines} lines"));
            }
        }
    }
    for folder in ["static", "tests/browser"] {
        for (name, text) in files(folder, &["js", "css"]) {
            let lines = text.lines().count();
            if lines > LINES && !LONG.iter().any(|(long, _)| *long == name) {
                wrong.push(format!("{name}: {lines} lines"));
            }
        }
    }
    for (name, reason) in LONG {
        assert!(root().join(name).is_file() && !reason.is_empty(), "{name} is on the list for nothing");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_one_module_reads_a_clock() {
    let reads = ["Instant::now(", "SystemTime::now(", "UtcDateTime::now", "OffsetDateTime::now"];
    let mut wrong = Vec::new();
    for (name, text) in sources().into_iter().filter(|(name, _)| name != "src/base/clock.rs") {
        for (number, line) in code_lines(&text) {
            if reads.iter().any(|read| line.contains(read)) {
                wrong.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_network_feeds_cannot_panic_by_unwrapping() {
    let mut wrong = Vec::new();
    for (name, text) in sources().into_iter().filter(|(name, _)| FED.contains(&module(name))) {
        for (number, line) in code_lines(program(&name, &text)) {
            if line.contains(".unwrap()") || line.contains(".expect(\"") {
                wrong.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Values reach the database by `bind` alone. What sqlx takes as a statement is `&'static str`, unless somebody vouches
/// for a text that was put together; nobody in the program may.
#[test]
fn statements_are_written_and_not_put_together() {
    let starts = ["sqlx::query(", "sqlx::query_as(", "sqlx::query_scalar(", "sqlx::raw_sql(", "QueryBuilder"];
    let words = ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", " WHERE "];
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let code: Vec<(usize, &str)> = code_lines(program(&name, &text)).collect();
        for (index, (number, line)) in code.iter().enumerate() {
            let next = code.get(index + 1).map_or("", |(_, line)| line);
            let vouched = line.contains("AssertSqlSafe") || line.contains("QueryBuilder");
            let made = line.contains("format!(") && words.iter().any(|word| line.contains(word) || next.contains(word));
            let begins = starts.iter().any(|start| line.contains(start));
            let passed = begins && (line.contains("format!(") || next.trim_start().starts_with("&format!("));
            if vouched || made || passed {
                wrong.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_say_what_things_are() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        if ["manager", "helper", "util"].iter().any(|word| name.contains(word)) {
            wrong.push(name.clone());
        }
        for (number, line) in code_lines(&text) {
            let named = ["fn get_", "fn do_", "fn process_", "Manager", "Helper", "todo!(", "unimplemented!("];
            if let Some(word) = named.iter().find(|word| line.contains(**word)) {
                // Another crate's type, and a figure about this process, are called what they are.
                if !line.contains("ConnectionManager") && !line.contains("fn process_cpu") {
                    wrong.push(format!("{name}:{number}: {word}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
