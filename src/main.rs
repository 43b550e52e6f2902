//! The program. Everything is in the library: `cli` reads the command line, `app` builds and runs the server.

fn main() -> anyhow::Result<()> {
    moodcall::cli::run()
}
