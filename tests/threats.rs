//! Holds `docs/threats.md` to the tests that exist: a defence that nothing proves any more must not look proven.

use std::path::Path;

fn text(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Every `` `file::test` `` in the page.
fn named() -> Vec<(String, String)> {
    let page = text("docs/threats.md");
    let quoted = page.split('`').skip(1).step_by(2);
    quoted.filter_map(|name| name.split_once("::")).map(|(file, test)| (file.to_owned(), test.to_owned())).collect()
}

#[test]
fn every_test_that_the_page_names_exists() {
    let named = named();
    assert!(named.len() > 20, "only {} tests are named", named.len());
    for (file, test) in named {
        let source = text(&file);
        let there = if file.ends_with(".rs") {
            let start = source.find(&format!("fn {test}()"));
            // In a `proptest!` block, the arguments follow.
            let start = start.or_else(|| source.find(&format!("fn {test}(")));
            start.is_some_and(|start| {
                source[..start].lines().rev().take(4).any(|line| line.contains("test]") || line.contains("test("))
            })
        } else {
            // JavaScript escapes a quote that ends the string.
            source.contains(&test) || source.contains(&test.replace('\'', "\\'"))
        };
        assert!(there, "docs/threats.md: {file} has no test `{test}`");
    }
}
