//! The JSON of the protocol: what is sent, and where in the answer the text stands.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Question;
use crate::outside::answer::OutsideError;

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The program: the rules.
    System,
    /// Who wants something.
    User,
    /// The model.
    Assistant,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Who.
    pub role: Role,
    /// What.
    pub content: String,
}

impl Turn {
    /// Somebody says something.
    pub fn new(role: Role, content: impl Into<String>) -> Self {
        Self { role, content: content.into() }
    }
}

/// The body of a request. It names nobody: the endpoint learns what is asked, and not for whom.
pub(super) fn request(model: &str, question: &Question<'_>) -> Bytes {
    let format = json!({ "name": question.name, "strict": true, "schema": question.schema });
    let body = json!({
        "model": model,
        "messages": question.turns,
        "response_format": { "type": "json_schema", "json_schema": format },
        "stream": false,
    });
    Bytes::from(body.to_string())
}

/// As much of an answer as is read.
#[derive(Deserialize)]
struct Answer {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<Value>,
}

/// The text of the first choice.
pub(super) fn read(bytes: &[u8]) -> Result<String, OutsideError> {
    let answer: Answer = serde_json::from_slice(bytes).map_err(|_| OutsideError::Malformed)?;
    let choice = answer.choices.into_iter().next().ok_or(OutsideError::Malformed)?;
    if choice.message.refusal.is_some_and(|refusal| !refusal.is_null()) {
        return Err(OutsideError::Declined);
    }
    match choice.finish_reason.as_deref() {
        Some("length") => return Err(OutsideError::Malformed),
        Some("content_filter") => return Err(OutsideError::Declined),
        _ => {}
    }
    choice.message.content.filter(|text| !text.trim().is_empty()).ok_or(OutsideError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_the_form_of_its_answer_and_nobody() {
        let turns = [Turn::new(Role::System, "rules"), Turn::new(Role::User, "\"quoted\"")];
        let question = Question { turns: &turns, name: "playlist", schema: &json!({ "type": "object" }) };
        let body: Value = serde_json::from_slice(&request("small", &question)).unwrap();
        assert_eq!(
            body,
            json!({
                "model": "small",
                "messages": [{ "role": "system", "content": "rules" }, { "role": "user", "content": "\"quoted\"" }],
                "response_format": { "type": "json_schema", "json_schema":
                    { "name": "playlist", "strict": true, "schema": { "type": "object" } } },
                "stream": false,
            })
        );
    }

    #[test]
    fn only_a_whole_answer_is_one() {
        let message = |message: Value, reason: &str| {
            json!({ "id": "x", "choices": [{ "index": 0, "message": message, "finish_reason": reason }] }).to_string()
        };
        let table = [
            (message(json!({ "role": "assistant", "content": "{}", "refusal": null }), "stop"), Ok("{}".to_owned())),
            (json!({ "choices": [{ "message": { "content": "x" } }] }).to_string(), Ok("x".to_owned())),
            (message(json!({ "content": "{\"a" }), "length"), Err(OutsideError::Malformed)),
            (message(json!({ "content": "x" }), "content_filter"), Err(OutsideError::Declined)),
            (
                message(json!({ "content": null, "refusal": "I would rather not." }), "stop"),
                Err(OutsideError::Declined),
            ),
            (message(json!({ "content": "  " }), "stop"), Err(OutsideError::Malformed)),
            (message(json!({ "content": null }), "stop"), Err(OutsideError::Malformed)),
            (message(json!({ "content": ["x"] }), "stop"), Err(OutsideError::Malformed)),
            (json!({ "choices": [] }).to_string(), Err(OutsideError::Malformed)),
            (json!({ "error": { "message": "x" } }).to_string(), Err(OutsideError::Malformed)),
            ("data: {\"choices\":[]}\n\ndata: [DONE]".into(), Err(OutsideError::Malformed)),
            ("<html>".into(), Err(OutsideError::Malformed)),
            (String::new(), Err(OutsideError::Malformed)),
        ];
        for (text, expected) in table {
            assert_eq!(read(text.as_bytes()), expected, "{text}");
        }
    }
}
