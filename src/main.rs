//! The program. Everything is in the library: `cli` reads the command line, `app` builds and runs the server.

use std::process::ExitCode;

fn main() -> ExitCode {
    match moodcall::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("moodcall: {}", moodcall::cli::told(&error));
            ExitCode::FAILURE
        }
    }
}
