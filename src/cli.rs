//! The command line: `serve`, `config`, and the tools around them.

use clap::{Parser, Subcommand};

use crate::app;
use crate::bench;
use crate::config::{self, Flags};

/// A video call whose picture answers your mood.
#[derive(Debug, Parser)]
#[command(name = "moodcall", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    Serve(Flags),
    /// Show or check the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Measure what a call or the filter costs
    #[command(subcommand)]
    Bench(bench::Command),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print every setting and where its value comes from
    Print(Flags),
    /// Say whether the settings can be used
    Check(Flags),
}

/// Reads the command line and does what it says.
///
/// # Errors
/// What went wrong, for the person at the terminal.
pub fn run() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Serve(flags) => {
            let loaded = config::load(&flags)?;
            tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(app::run(loaded.config))
        }
        Command::Config(ConfigCommand::Print(flags)) => {
            print!("{}", config::load(&flags)?.print()?);
            Ok(())
        }
        Command::Config(ConfigCommand::Check(flags)) => {
            config::load(&flags)?;
            println!("the settings can be used");
            Ok(())
        }
        Command::Bench(command) => bench::run(command),
    }
}
