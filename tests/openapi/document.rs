//! The description as the program makes it, and a walk through its operations.

use serde_json::Value;

/// The methods that a path may describe.
pub const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The whole description.
pub fn document() -> Value {
    let (_, document) = moodcall::app::router::described();
    serde_json::from_slice(document.as_bytes()).expect("JSON")
}

/// Path, method and description of every operation.
pub fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let all = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().expect("an item");
        let methods = item.iter().filter(|(name, _)| METHODS.contains(&name.as_str()));
        methods.map(|(method, operation)| (path.clone(), method.clone(), operation.clone()))
    });
    all.collect()
}

/// What a `$ref` inside the document means; anything else is itself.
pub fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(at) => document.pointer(at.trim_start_matches('#')).unwrap_or_else(|| panic!("{at} leads nowhere")),
        None => value,
    }
}
