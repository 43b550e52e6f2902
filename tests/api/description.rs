//! The API's description, read by tests that are made from it.

use serde_json::{Map, Value};

/// One operation.
pub struct Operation {
    pub method: String,
    /// With its parameters in braces.
    pub path: String,
    pub id: String,
    pub text: Value,
}

/// The whole description.
pub fn description() -> Value {
    let (_, document) = moodcall::app::router::described();
    serde_json::from_slice(document.as_bytes()).expect("JSON")
}

/// Every operation of it.
pub fn operations(description: &Value) -> Vec<Operation> {
    let paths = description["paths"].as_object().expect("paths");
    let all = paths.iter().flat_map(|(path, item)| {
        let methods = ["get", "post", "put", "patch", "delete"];
        let described = methods.into_iter().filter_map(|method| Some((method, item.get(method)?.clone())));
        described.map(|(method, text)| {
            let id = text["operationId"].as_str().expect("a name").to_owned();
            Operation { method: method.to_uppercase(), path: path.clone(), id, text }
        })
    });
    all.collect()
}

/// What a `$ref` means; anything else is itself.
pub fn resolved<'a>(description: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(at) => description.pointer(at.trim_start_matches('#')).unwrap_or(&Value::Null),
        None => value,
    }
}

/// A value that fits a schema well enough to reach the handler.
pub fn sample(description: &Value, schema: &Value) -> Value {
    let schema = resolved(description, schema);
    if let Some(example) = schema["examples"].get(0).or_else(|| schema.get("example")) {
        return example.clone();
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    for either in ["oneOf", "anyOf"] {
        let real = |one: &&Value| one["type"] != "null";
        if let Some(one) = schema[either].as_array().and_then(|all| all.iter().find(real)) {
            return sample(description, one);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut whole = Map::new();
        for part in parts {
            match sample(description, part) {
                Value::Object(fields) => whole.extend(fields),
                other => return other,
            }
        }
        return whole.into();
    }
    match kind(schema) {
        "object" => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), sample(description, field))).collect::<Map<_, _>>().into()
        }
        "array" => vec![sample(description, &schema["items"])].into(),
        "integer" | "number" => schema["minimum"].as_i64().unwrap_or(1).into(),
        "boolean" => false.into(),
        "string" => "text".into(),
        _ => Value::Null,
    }
}

/// The type of a resolved schema, whether or not it may be null.
pub fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).find(|one| *one != "null").unwrap_or(""),
        one => one.as_str().unwrap_or(""),
    }
}
