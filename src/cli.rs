//! The command line: `serve`, `migrate`, `bench`, `config`, `keys`, `models`, `staff`, `doctor`.

mod doctor;
mod keys;
mod models;
mod staff;

use clap::{Parser, Subcommand};

use crate::config::{self, Flags};
use crate::{app, bench, store};

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
    /// Bring the database's schema up to date
    Migrate(Flags),
    /// Measure the pipeline and the call
    #[command(subcommand)]
    Bench(bench::Command),
    /// Show or check the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Change the keys that sign access tokens
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Check the networks of the mood filter
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Say who is staff: who reads reports and acts on them
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Say what this machine has, what is missing, and what that means
    Doctor(Flags),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print every setting and where its value comes from
    Print(Flags),
    /// Say whether the settings can be used
    Check(Flags),
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Put a new key beside the present ones; it signs from the next start on
    Rotate(Flags),
}

#[derive(Debug, Subcommand)]
enum ModelsCommand {
    /// Read every file, compare it with the manifest, and run it once
    Verify(Flags),
}

#[derive(Debug, Subcommand)]
enum StaffCommand {
    /// Make somebody staff
    Add(StaffArguments),
    /// Make somebody staff no more
    Remove(StaffArguments),
}

#[derive(Debug, clap::Args)]
struct StaffArguments {
    /// Their handle
    handle: String,
    #[command(flatten)]
    flags: Flags,
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
        Command::Migrate(flags) => {
            let options = app::store_options(&config::load(&flags)?.config);
            std::fs::create_dir_all(&options.folder)?;
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
                store::Store::open(&options).await?.close().await;
                println!("the schema is at version {}", store::newest());
                Ok(())
            })
        }
        Command::Bench(command) => bench::run(command),
        Command::Config(ConfigCommand::Print(flags)) => {
            print!("{}", config::load(&flags)?.print()?);
            Ok(())
        }
        Command::Config(ConfigCommand::Check(flags)) => {
            config::load(&flags)?;
            println!("the settings can be used");
            Ok(())
        }
        Command::Keys(KeysCommand::Rotate(flags)) => keys::rotate(&config::load(&flags)?.config.server.data_dir),
        Command::Models(ModelsCommand::Verify(flags)) => models::verify(&config::load(&flags)?.config.filter),
        Command::Staff(StaffCommand::Add(arguments)) => staff::appoint(&arguments, true),
        Command::Staff(StaffCommand::Remove(arguments)) => staff::appoint(&arguments, false),
        Command::Doctor(flags) => doctor::run(&config::load(&flags)?.config),
    }
}

/// An error with its causes in one line, each said once: many of ours name their cause already.
pub fn told(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !told.contains(&cause) {
            told = if told.is_empty() { cause } else { format!("{told}: {cause}") };
        }
    }
    told
}
