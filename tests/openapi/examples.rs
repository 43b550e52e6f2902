//! The schemas hold together, and every example is what its schema says.

use serde_json::{Value, json};

use super::document::{document, resolved};

/// Every schema of the document that has examples, with where it stands.
fn with_examples(at: &str, value: &Value, found: &mut Vec<(String, Value, Vec<Value>)>) {
    match value {
        Value::Object(map) => {
            let mut examples = map.get("examples").and_then(Value::as_array).cloned().unwrap_or_default();
            examples.extend(map.get("example").cloned());
            if !examples.is_empty() {
                // A media type or a parameter keeps its schema one step below.
                found.push((at.to_owned(), map.get("schema").unwrap_or(value).clone(), examples));
            }
            for (key, value) in map.iter().filter(|(key, _)| !["example", "examples"].contains(&key.as_str())) {
                with_examples(&format!("{at}/{key}"), value, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                with_examples(&format!("{at}/{index}"), item, found);
            }
        }
        _ => {}
    }
}

/// A schema that can be used by itself: with the document's others beside it.
fn alone(document: &Value, schema: &Value) -> Value {
    json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema],
        "components": document["components"] })
}

#[test]
fn examples_are_what_their_schemas_say() {
    let document = document();
    let mut found = Vec::new();
    with_examples("", &document, &mut found);
    assert!(found.len() > 20, "only {} schemas have examples", found.len());
    let mut wrong = Vec::new();
    for (at, schema, examples) in found {
        let validator = jsonschema::options().should_validate_formats(true).build(&alone(&document, &schema));
        let validator = validator.unwrap_or_else(|error| panic!("{at}: {error}"));
        for example in examples {
            for error in validator.iter_errors(&example) {
                wrong.push(format!("{at}: {example} is no example: {error}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_schema_can_be_used_and_every_reference_leads_somewhere() {
    fn walk(document: &Value, value: &Value) {
        match value {
            Value::Object(map) => {
                resolved(document, value);
                map.values().for_each(|value| walk(document, value));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(document, value)),
            _ => {}
        }
    }
    let document = document();
    walk(&document, &document);
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        jsonschema::validator_for(&alone(&document, schema)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
