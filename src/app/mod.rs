//! Builds everything from the settings, wires it, runs it, stops it.

pub mod adapters;
pub mod assets;
pub mod development;
pub mod headers;
pub mod health;
pub mod limits;
pub mod listener;
pub mod moods;
pub mod openapi;
pub mod outside;
pub mod router;
pub mod studio;
pub mod system;

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::FromRef;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use self::development::provider::DevelopmentProvider;
use crate::base::processors::Processors;
use crate::base::shutdown::{Phase, Shutdown};
use crate::base::timestamp::Timestamp;
use crate::blobs::Blobs;
use crate::config::Config;
use crate::generation::Generations;
use crate::mail::{self, Mail};
use crate::notices::{Hub, Partings};
use crate::posts::view::Visits;
use crate::protocol::code::Code;
use crate::protocol::server::ServerMessage;
use crate::rooms::Rooms;
use crate::sfu::{self, Sfu};
use crate::signal::Signal;
use crate::state::{AppState, Handles};
use crate::store::{self, Store};
use crate::telemetry::metrics::Recorder;
use crate::users::Users;
use crate::web::idempotency;
use crate::{bus, playlists, posts, songs, telemetry};

/// Time for background tasks once everything stops.
const LAST_TASKS: Duration = Duration::from_millis(300);

/// What the router's handlers take their parts from.
#[derive(Clone)]
pub struct App {
    /// The handles that every feature may reach.
    pub state: AppState,
    /// Accounts and log-ins.
    pub users: Users,
    /// Who sits where.
    pub rooms: Rooms,
    /// Who looked at which post just now.
    pub visits: Visits,
    /// The sockets.
    pub signal: Signal,
    /// Playlists in the making.
    pub generations: Generations,
    /// The provider that is built in; none outside of development mode.
    pub provider: Option<Arc<DevelopmentProvider>>,
    /// What `/api/v1/models` tells.
    pub models: Arc<moods::Models>,
    /// The figures.
    pub recorder: Recorder,
}

impl FromRef<App> for AppState {
    fn from_ref(app: &App) -> Self {
        app.state.clone()
    }
}

impl FromRef<App> for Users {
    fn from_ref(app: &App) -> Self {
        app.users.clone()
    }
}

impl FromRef<App> for Rooms {
    fn from_ref(app: &App) -> Self {
        app.rooms.clone()
    }
}

impl FromRef<App> for Visits {
    fn from_ref(app: &App) -> Self {
        app.visits.clone()
    }
}

impl FromRef<App> for Signal {
    fn from_ref(app: &App) -> Self {
        app.signal.clone()
    }
}

impl FromRef<App> for Generations {
    fn from_ref(app: &App) -> Self {
        app.generations.clone()
    }
}

/// A running server.
pub struct Running {
    /// Everything that a handler sees.
    pub app: App,
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Running {
    /// Starts the server: keys, SFU, routes, listener. It answers when this returns.
    ///
    /// # Errors
    /// Something that the server cannot do without is missing; the message says what.
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        let folder = &config.server.data_dir;
        tokio::fs::create_dir_all(folder)
            .await
            .with_context(|| format!("the data folder {} cannot be made", folder.display()))?;
        let app = build(config).await?;
        let wanted = app.state.config.server.listen;
        let listener = TcpListener::bind(wanted).await.with_context(|| format!("cannot listen on {wanted}"))?;
        let address = listener.local_addr()?;
        app.users.oidc.bind(address);
        let serving = tokio::spawn(listener::serve(listener, router::router(app.clone()), app.state.shutdown.clone()));
        tracing::info!(%address, media = ?app.state.sfu.announced(), "ready");
        Ok(Self { app, address, serving })
    }

    /// Where HTTP listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Drains: nobody new, and waits until the last call has ended or `drain_seconds` are over, then stops everything.
    pub async fn stop(self) {
        let state = &self.app.state;
        state.shutdown.advance(Phase::Draining);
        // Nobody is thrown out yet: whoever is in a call is told, and may finish it.
        let notice = ServerMessage::Error { code: Code::Draining, detail: "The server shuts down soon.".into() };
        self.app.rooms.live().tell_all(&notice);
        let in_time = tokio::time::timeout(state.config.server.drain(), self.app.rooms.empty());
        tokio::select! {
            in_time = in_time => tracing::info!(all_left = in_time.is_ok(), "drained"),
            () = state.shutdown.reached(Phase::Stopping) => {}
        }
        state.shutdown.advance(Phase::Stopping);
        state.tasks.close();
        if tokio::time::timeout(LAST_TASKS, state.tasks.wait()).await.is_err() {
            tracing::warn!(left = state.tasks.len(), "some tasks did not end in time");
        }
        state.sfu.shutdown().await;
        state.store.close().await;
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "the listener ended badly");
        }
    }
}

/// Serves until SIGTERM or SIGINT, drains, and ends; a second signal ends at once. Prints where it listens.
///
/// # Errors
/// The server could not start.
pub async fn run(config: Config) -> anyhow::Result<()> {
    telemetry::logs::install(&config.logs).context("logs.level cannot be read")?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let running = Running::start(config).await?;
    {
        // Whoever started us reads this line to know where to go; a closed pipe is no reason to stop.
        let mut out = std::io::stdout();
        let _ = writeln!(out, "listening on http://{}", running.address()).and_then(|()| out.flush());
    }
    tokio::select! { _ = terminate.recv() => {} _ = interrupt.recv() => {} }
    tracing::info!(seconds = running.app.state.config.server.drain_seconds, "draining; a second signal stops at once");
    let shutdown = running.app.state.shutdown.clone();
    let forced = tokio::spawn(async move {
        tokio::select! { _ = terminate.recv() => {} _ = interrupt.recv() => {} }
        tracing::info!("stopping at once");
        shutdown.advance(Phase::Stopping);
    });
    running.stop().await;
    forced.abort();
    tracing::info!("stopped");
    Ok(())
}

async fn build(config: Config) -> anyhow::Result<App> {
    let recorder = Recorder::install();
    let store = open_store(&config).await?;
    songs::edition::write(&store, Timestamp::now()).await.context("the catalogue of songs cannot be written")?;
    let timeout = Duration::from_millis(config.redis.timeout_ms);
    let ledger = bus::ledger(config.redis.url.as_deref(), timeout).context("redis.url cannot be used")?;
    let sfu = Sfu::start(sfu::Options {
        udp_port: config.media.udp_port,
        announced: config.media.public_address.clone(),
        gone_after: config.media.silence(),
        ..sfu::Options::default()
    })
    .context("the media port cannot be opened")?;
    let blobs = Blobs::open(&config.server.data_dir.join("stills")).context("the folder of stills cannot be used")?;
    let uploads =
        Blobs::open(&config.server.data_dir.join("uploads")).context("the folder of uploads cannot be used")?;
    let exports =
        Blobs::open(&config.server.data_dir.join("exports")).context("the folder of exports cannot be used")?;
    let (events, reports) = mpsc::unbounded_channel();
    let studio = studio::start(&config.filter, sfu.clone(), events);
    let models = Arc::new(studio::models(&config.filter, &studio));
    let (shutdown, tasks) = (Shutdown::default(), TaskTracker::new());
    let letters = mail::Options::new(config.mail.smtp_url.clone(), config.mail.from.clone());
    let mail = Mail::start(store.clone(), letters, shutdown.clone(), &tasks)?;
    let processors = Processors::default();
    let (chat, videos) = (outside::chat(&config)?, outside::videos(&config)?);
    let pictures = outside::pictures(&config, &processors)?;
    let state = AppState::new(Handles {
        config: Arc::new(config),
        store,
        notices: Hub::default(),
        partings: Partings::default(),
        mail,
        uploads,
        exports,
        pictures,
        videos,
        chat,
        sfu,
        studio,
        blobs,
        ledger,
        processors,
        shutdown,
        tasks,
    });
    state.tasks.spawn(idempotency::expire(state.store.clone(), state.shutdown.clone()));
    let users = Users::start(state.clone())?;
    state.tasks.spawn(posts::sweep::run(users.clone()));
    state.tasks.spawn(playlists::sweep::run(users.clone()));
    let visits = Visits::default();
    state.tasks.spawn(visits.clone().run(state.store.clone(), state.shutdown.clone()));
    let generations = Generations::start(users.clone()).await;
    let rooms = Rooms::start(state.clone())?;
    let signal = Signal::new(rooms.clone(), users.clone());
    state.tasks.spawn(crate::signal::studio::run(rooms.clone(), reports));
    let provider = match state.config.server.development {
        true => Some(Arc::new(DevelopmentProvider::new()?)),
        false => None,
    };
    Ok(App { state, users, rooms, visits, signal, generations, provider, models, recorder })
}

/// Where the settings say that the database is.
pub fn store_options(config: &Config) -> store::Options {
    let database = &config.database;
    store::Options {
        url: database.url.clone(),
        folder: config.server.data_dir.clone(),
        connections: database.connections,
        wait: database.wait(),
    }
}

async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let options = store_options(config);
    let store = Store::connect(&options).await.context("the database cannot be opened")?;
    if config.database.migrate {
        store.migrate().await?;
    } else {
        store.current().await?;
    }
    Ok(store)
}
