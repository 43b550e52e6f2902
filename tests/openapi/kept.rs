//! `docs/openapi.json` is what the program says about itself, so that a change of the API shows in a change's text.

use std::path::Path;

use super::document::document;

#[test]
fn the_file_is_what_the_program_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let mut text = serde_json::to_string_pretty(&document()).expect("JSON");
    text.push('\n');
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("docs/openapi.json can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let at = kept.lines().zip(text.lines()).position(|(kept, now)| kept != now);
    let line = at.unwrap_or_else(|| kept.lines().count().min(text.lines().count()));
    assert!(
        kept == text,
        "docs/openapi.json differs from line {} on:\n  kept: {}\n  now:  {}\nif that is meant: UPDATE=1 cargo test --test openapi",
        line + 1,
        kept.lines().nth(line).unwrap_or("(the end)"),
        text.lines().nth(line).unwrap_or("(the end)"),
    );
}
