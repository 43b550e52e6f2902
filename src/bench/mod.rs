//! `moodcall bench`: measures the pipeline, the call and the API, and prints a table or JSON. `docs/bench.md` says what the
//! figures mean.

pub mod api;
pub mod call;
pub mod child;
pub mod client;
pub mod clip;
pub mod load;
pub mod pipeline;
pub mod received;
pub mod report;
pub mod source;

/// What can be measured.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Requests to the API with many people in the database: what they cost, and how long they take
    Api(api::ApiArgs),
    /// Real clients in rooms: join time, delay, loss, and what they cost the server
    Call(call::CallArgs),
    /// One picture's way from packets to packets: what it costs, beside its parts alone
    Pipeline(pipeline::Arguments),
}

/// Measures and prints.
///
/// # Errors
/// What kept it from measuring, for the person at the terminal.
pub fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Api(args) => {
            load::raise_open_files();
            tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(api::run(args))
        }
        Command::Call(args) => {
            load::raise_open_files();
            tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(call::run(args))
        }
        Command::Pipeline(args) => pipeline::run(&args),
    }
}
