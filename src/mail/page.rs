//! The look of a letter in HTML: one calm column. Mail programs read no style sheets and load no pictures that we would
//! want loaded, so every style is inline and nothing is fetched.

/// What stands in a letter, from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A sentence or a few.
    Words(String),
    /// A code, large and easy to read out.
    Code(String),
    /// A link to follow: what its button says, and where it leads.
    Link {
        /// The button's words.
        words: &'static str,
        /// The address.
        address: String,
    },
}

/// The letter as plain text: paragraphs with an empty line between them.
pub fn text(parts: &[Part], footer: &str) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Words(words) => text.push_str(words),
            Part::Code(code) => {
                text.push_str("    ");
                text.push_str(code);
            }
            Part::Link { words, address } => {
                text.push_str(words);
                text.push_str(":\n");
                text.push_str(address);
            }
        }
        text.push_str("\n\n");
    }
    text.push_str("--\n");
    text.push_str(footer);
    text.push('\n');
    text
}

/// The letter as an HTML document in the language with this tag.
pub fn html(tag: &str, subject: &str, parts: &[Part], footer: &str) -> String {
    let mut body = String::new();
    for part in parts {
        match part {
            Part::Words(words) => {
                body.push_str(&format!("<p style=\"margin:0 0 20px;line-height:1.6\">{}</p>\n", escaped(words)));
            }
            Part::Code(code) => body.push_str(&format!(
                "<p style=\"margin:0 0 20px;padding:16px 0;border-radius:12px;background:#f1eefb;color:#2c2350;\
                 font:600 32px/1.2 ui-monospace,monospace;letter-spacing:6px;text-align:center\">{}</p>\n",
                escaped(code)
            )),
            Part::Link { words, address } => body.push_str(&format!(
                "<p style=\"margin:0 0 12px\"><a href=\"{address}\" style=\"display:inline-block;padding:12px 22px;\
                 border-radius:12px;background:#4b3a97;color:#ffffff;text-decoration:none;font-weight:600\">{}</a></p>\n\
                 <p style=\"margin:0 0 20px;font-size:13px;line-height:1.5;color:#5d5873;word-break:break-all\">\
                 {address}</p>\n",
                escaped(words),
                address = escaped(address)
            )),
        }
    }
    format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{subject}</title>\n</head>\n\
         <body style=\"margin:0;padding:32px 16px;background:#f6f5fa;color:#1f1b2e;\
         font:16px/1.6 system-ui,-apple-system,'Apple SD Gothic Neo','Noto Sans KR',sans-serif\">\n\
         <div style=\"max-width:480px;margin:0 auto;padding:32px;border-radius:20px;background:#ffffff\">\n\
         <p style=\"margin:0 0 24px;font-weight:700;color:#4b3a97\">Moodcall</p>\n{body}\
         <p style=\"margin:28px 0 0;padding-top:16px;border-top:1px solid #e6e3f0;font-size:13px;line-height:1.5;\
         color:#5d5873\">{footer}</p>\n</div>\n</body>\n</html>\n",
        subject = escaped(subject),
        footer = escaped(footer),
    )
}

/// Text as it may stand in HTML, also within an attribute's quotes.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_written_becomes_markup() {
        let hostile = "\"><script>alert('1')</script>&";
        let parts = [
            Part::Words(hostile.into()),
            Part::Code(hostile.into()),
            Part::Link { words: "Go", address: format!("https://call.example.org/?a={hostile}") },
        ];
        let page = html("en", hostile, &parts, hostile);
        assert!(!page.contains("<script"), "{page}");
        assert_eq!(page.matches("&lt;script&gt;").count(), 6, "{page}");
        assert!(!page.contains("&\n") && !page.contains("\"\">"), "{page}");
    }

    #[test]
    fn plain_text_keeps_code_and_address_on_lines_of_their_own() {
        let parts = [Part::Code("123456".into()), Part::Link { words: "Go", address: "https://a.example/?t=1".into() }];
        assert_eq!(text(&parts, "Bye"), "    123456\n\nGo:\nhttps://a.example/?t=1\n\n--\nBye\n");
    }
}
