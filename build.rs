//! Turns `static/vendor.json` (address -> file in `node_modules`) into a table of embedded files, so that the program
//! serves exactly the browser packages' files that the page uses and nothing else of them. Embeds the font of the stills
//! from there too.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    // The migrations are embedded by a macro that sees only the files it knew.
    println!("cargo:rerun-if-changed={}", root.join("migrations").display());
    let list = root.join("static/vendor.json");
    println!("cargo:rerun-if-changed={}", list.display());
    let text = fs::read_to_string(&list).unwrap_or_else(|_| "{}".into());
    let files: BTreeMap<String, String> = serde_json::from_str(&text).expect("static/vendor.json maps text to text");

    let mut table = String::from("&[\n");
    let mut missing = 0;
    for (address, file) in &files {
        let path = root.join("node_modules").join(file);
        println!("cargo:rerun-if-changed={}", path.display());
        if path.is_file() {
            let _ = writeln!(table, "    ({address:?}, include_bytes!({:?})),", path.display().to_string());
        } else {
            missing += 1;
        }
    }
    table.push(']');
    if missing > 0 {
        println!("cargo:warning={missing} files of static/vendor.json are missing: run `make setup` (npm ci)");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("vendor.rs"), table).expect("OUT_DIR can be written");
    fs::write(out.join("font.rs"), font(&root)).expect("OUT_DIR can be written");
}

/// The font in which stills name people: an optional slice, because a build before `npm ci` has none.
fn font(root: &std::path::Path) -> String {
    let path = root.join("node_modules/pretendard/dist/public/static/Pretendard-SemiBold.otf");
    println!("cargo:rerun-if-changed={}", path.display());
    if path.is_file() { format!("Some(include_bytes!({:?}))", path.display().to_string()) } else { "None".into() }
}
