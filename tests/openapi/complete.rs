//! Nothing is left out: every route is described, and every operation says what a reader needs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::document::{document, operations, resolved};

/// Statuses that a handler may not answer with another body than a problem document.
fn refused(status: &str) -> bool {
    status == "default" || status.starts_with('4') || status.starts_with('5')
}

#[test]
fn a_route_of_the_api_cannot_be_added_without_its_description() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let router = std::fs::read_to_string(root.join("src/app/router.rs")).expect("the router");
    let api = router.split("fn api()").nth(1).and_then(|rest| rest.split("fn around").next()).expect("fn api");
    assert!(api.contains(".routes(routes!("), "the test reads another text than the list of routes");
    for way in [".route(", ".route_service(", ".nest_service(", ".fallback(", ".merge(Router", "From<Router"] {
        assert!(!api.contains(way), "src/app/router.rs adds to the API by {way}: use .routes(routes!(…))");
    }
    let rest = router.replace(api, "").replace("nest(\"/api/v1\", api())", "");
    for line in rest.lines().filter(|line| !line.trim().starts_with("//") && !line.contains("get(assets::docs")) {
        assert!(!line.contains("\"/api/v1"), "src/app/router.rs: {line}");
    }
}

#[test]
fn operations_have_a_name_of_their_own_a_summary_and_a_known_tag() {
    let document = document();
    let tags: BTreeSet<&str> =
        document["tags"].as_array().expect("tags").iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for (path, method, operation) in operations(&document) {
        let at = format!("{method} {path}");
        let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
        let plain =
            name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric());
        if !plain {
            wrong.push(format!("{at}: the operation_id {name:?} is no camelCase word"));
        }
        if !names.insert(name.clone()) {
            wrong.push(format!("{at}: the operation_id {name:?} is used twice"));
        }
        let summary = operation["summary"].as_str().unwrap_or_default();
        if summary.is_empty() || summary.len() > 120 || summary.contains('`') || summary.ends_with('.') {
            wrong.push(format!(
                "{at}: {summary:?} is no summary: the first line of its doc says in a few words what it does"
            ));
        }
        let own: Vec<&str> = operation["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !matches!(own[..], [one] if tags.contains(one)) {
            wrong.push(format!("{at}: its tags are {own:?} and not one of {tags:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_refusal_is_described_as_a_problem_document() {
    let document = document();
    let mut wrong = Vec::new();
    for (path, method, operation) in operations(&document) {
        let at = format!("{method} {path}");
        let answers = operation["responses"].as_object().expect("answers");
        let secured = operation["security"].as_array().is_some_and(|all| all.iter().any(|one| *one != json!({})));
        let mut needed = vec!["429", "500", "503", "default"];
        needed.extend(secured.then_some("401"));
        needed.extend(path.contains('{').then_some("404"));
        if operation.get("requestBody").is_some() {
            needed.extend(["400", "413", "415"]);
        }
        for status in needed {
            if !answers.contains_key(status) {
                wrong.push(format!("{at}: does not list {status}"));
            }
        }
        if !answers.keys().any(|status| !refused(status)) {
            wrong.push(format!("{at}: lists no success"));
        }
        for (status, answer) in answers {
            let answer = resolved(&document, answer);
            let body = &answer["content"]["application/problem+json"]["schema"]["$ref"];
            if refused(status) && body != "#/components/schemas/Problem" {
                wrong.push(format!("{at}: {status} has no problem document"));
            }
            if answer["description"].as_str().is_none_or(str::is_empty) {
                wrong.push(format!("{at}: {status} says nothing"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn parts_of_a_path_are_described_and_only_those() {
    let document = document();
    let mut wrong = Vec::new();
    for (path, method, operation) in operations(&document) {
        let named: BTreeSet<String> =
            path.split(['{', '}']).skip(1).step_by(2).map(|name| name.trim_start_matches('*').to_owned()).collect();
        let all = operation["parameters"].as_array().cloned().unwrap_or_default();
        let of = |place: &str| all.iter().filter(|one| one["in"] == place).collect::<Vec<_>>();
        let described = of("path").iter().filter_map(|one| one["name"].as_str()).map(str::to_owned).collect();
        if named != described {
            wrong.push(format!("{method} {path}: the path has {named:?}, described are {described:?}"));
        }
        for one in all.iter().filter(|one| one["description"].as_str().is_none_or(str::is_empty)) {
            wrong.push(format!("{method} {path}: the parameter {} says nothing", one["name"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Two types of one name would be one schema in the document, silently.
#[test]
fn schemas_have_names_of_their_own() {
    fn walk(folder: &Path, found: &mut BTreeMap<String, Vec<String>>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("text");
            for derived in text.match_indices("ToSchema)]").map(|(index, _)| &text[index..]) {
                let line = derived.lines().find(|line| line.trim_start().starts_with("pub "));
                let mut words = line.unwrap_or_default().split(|c: char| !c.is_alphanumeric() && c != '_');
                let word = words.by_ref().find(|word| ["struct", "enum"].contains(word)).and_then(|_| words.next());
                found.entry(word.unwrap_or("$name").to_owned()).or_default().push(path.display().to_string());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 10, "the test finds only {} types", found.len());
    found.retain(|_, places| places.len() > 1);
    assert!(found.is_empty(), "types of one name in several places: {found:#?}");
    let document = document();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    for name in schemas.keys() {
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && name.starts_with(char::is_uppercase);
        assert!(plain, "{name} is no good name of a schema");
    }
}
