//! From an empty folder to a server that listens, and from a signal to an end that loses nothing.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;

use anyhow::Result;
use metrics_exporter_prometheus::PrometheusBuilder;
use platform::doors::{Rooms, doors};
use platform::eligibility::Engines;
use platform::ground::worker::Worker;
use platform::ground::{Caller, Ground, OperatingSystem, RequestId};
use platform::identity::{self, Hasher, HashingCost};
use platform::operations;
use platform::policies::{self, Shelf};
use platform::registry::imports::Importer;
use platform::web::{self, DiskSpace, Metrics, Readiness, Shell};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::place::{self, Place, fault_told};
use super::settings::{Settings, Sources};
use super::{chores, log};
use crate::context::Context;
use crate::load;
use crate::output;
use crate::problem::Problem;

/// Bounds of the times that are counted, in seconds.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// Starts, serves until a signal, and ends.
pub fn run(sources: &Sources, context: &Context) -> Result<()> {
    let settings = sources.settings()?;
    log::begin(&settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(&settings, sources.noted()?, context))
}

async fn serve(settings: &Settings, noted: Value, context: &Context) -> Result<()> {
    // The address is taken first: whoever cannot have it leaves the data alone.
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| {
        let address = settings.listen;
        Problem::new(format!("无法监听 {address}:{error}"), format!("cannot listen on {address}: {error}"))
            .with_help(
                "换一个端口(--listen),或停止占用它的程序",
                "take another port (--listen), or stop what has it",
            )
    })?;
    let (ground, place) = place::open(settings).await?;
    let caller = Caller::system(RequestId::new("start"));
    let served = match operations::note_start(&ground, &caller, noted).await {
        Ok(()) => serve_on(listener, &ground, &place, settings, context).await,
        Err(fault) => Err(fault_told(&fault)),
    };
    chores::file(&ground, &place).await;
    ground.store().clone().close().await;
    tracing::info!("stopped");
    served
}

async fn serve_on(
    listener: TcpListener,
    ground: &Ground,
    place: &Place,
    settings: &Settings,
    context: &Context,
) -> Result<()> {
    let address = listener.local_addr()?;
    let (tell_end, end) = watch::channel(false);
    let shelf = shelf(ground).await?;
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let engines = Engines::new(&shelf, cores);
    let rooms = Rooms {
        ground: ground.clone(),
        engines: engines.clone(),
        hasher: Hasher::new(HashingCost::OWASP, &OperatingSystem),
        is_secure: !settings.proxies.0.is_empty(),
        provider: settings.provider.clone(),
        heads: place.heads(),
    };
    let (router, _) = doors(&rooms, &shell(ground, place, &engines, settings)?);
    let mut chores = chores::begin(ground, place, &engines, &end);
    chores.push(working(ground, &shelf, &end));
    let mut signals = Signals::listen()?;
    greet(ground, address, context).await?;
    tracing::info!(%address, "listening");
    let mut server = tokio::spawn(web::listen(listener, router, end));
    let served = tokio::select! {
        told = signals.next() => {
            told?;
            tracing::info!("stopping: requests that run are finished");
            tell_end.send_replace(true);
            server.await?
        }
        served = &mut server => served?,
    };
    tell_end.send_replace(true);
    for chore in chores {
        chore.await?;
    }
    Ok(served?)
}

/// Does the jobs of the queue, one after the other. A job that has begun is done before the server ends.
fn working(ground: &Ground, shelf: &Shelf, end: &watch::Receiver<bool>) -> JoinHandle<()> {
    let worker = Worker::new(ground, vec![Box::new(Importer::new(ground, shelf.words()))]);
    let end = end.clone();
    tokio::spawn(async move { worker.work(end).await })
}

/// The policies that hold; on the first start those inside the program become release 1.
async fn shelf(ground: &Ground) -> Result<Shelf> {
    let caller = Caller::system(RequestId::new("start"));
    let seeded =
        policies::seed(ground, &caller, load::embedded()).await.map_err(|fault| fault_told(&fault))?;
    if let Some(release) = seeded {
        tracing::info!(release = release.number, digest = %release.digest, "the library inside the program was released");
    }
    Shelf::open(ground).await.map_err(|fault| fault_told(&fault))
}

fn shell(ground: &Ground, place: &Place, engines: &Engines, settings: &Settings) -> Result<Shell> {
    let recorder = PrometheusBuilder::new().set_buckets(&SECONDS)?.install_recorder()?;
    let metrics =
        Metrics { render: Arc::new(move || recorder.render()), readers: settings.metrics_from.clone() };
    let web_settings = web::Settings {
        proxies: settings.proxies.clone(),
        limits: settings.limits,
        metrics: Some(metrics),
        open_to: settings.checks_open_to.clone(),
    };
    let disk = DiskSpace::under(place.folder());
    let readiness = Readiness::new(vec![Box::new(ground.clone()), Box::new(disk), Box::new(engines.clone())]);
    Ok(Shell::new(ground, web_settings, readiness))
}

/// Tells where the server is, and how the first people get in while there are none.
async fn greet(ground: &Ground, address: SocketAddr, context: &Context) -> Result<()> {
    let caller = Caller::system(RequestId::new("start"));
    let link = identity::first_link(ground, &caller).await.map_err(|fault| fault_told(&fault))?;
    output::note(&match context.is_chinese() {
        true => format!("智美已启动:http://{address} · 接口说明 http://{address}/api/browse"),
        false => format!("Zhimei is up: http://{address} · its API http://{address}/api/browse"),
    });
    if let Some(link) = link {
        let link = link.reveal();
        output::note(&match context.is_chinese() {
            true => format!(
                "系统中还没有账号。用下面的首次链接指定系统、安全、审计三位管理员(一小时内有效,只能用一次):\n  POST http://{address}/api/v1/set-up  link = {link}"
            ),
            false => format!(
                "There is no account yet. Name the system, security and audit administrators by this first link (good for one hour, once):\n  POST http://{address}/api/v1/set-up  link = {link}"
            ),
        });
    }
    Ok(())
}

/// Ctrl-C, and the word of whoever runs the server. From when it is there, neither kills.
struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Waits for one of them.
    async fn next(&mut self) -> Result<()> {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        tokio::signal::ctrl_c().await?;
        Ok(())
    }
}
