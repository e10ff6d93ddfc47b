//! What decides: the library in memory, and threads beside those that answer requests, a few at a time.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use facts::Text;
use tokio::sync::{Mutex, Semaphore};

use super::columns::Columns;
use crate::ground::Fault;
use crate::policies::Shelf;
use crate::web::Check;

/// So many wait for each thread that decides; whoever comes then is sent away. It is a fraction of a second's work.
const WAITING_MAX: usize = 512;

/// The library and the threads. Cloning it shares them.
#[derive(Clone)]
pub struct Engines(Arc<Parts>);

struct Parts {
    shelf: Shelf,
    threads: Semaphore,
    /// All subjects in columns, once somebody asked for them.
    columns: Mutex<Option<Arc<Columns>>>,
    /// Whether they stood once.
    are_standing: AtomicBool,
    /// Threads and places to wait.
    places: Arc<Semaphore>,
}

/// A place among those that wait or decide.
pub struct Place {
    _held: tokio::sync::OwnedSemaphorePermit,
}

impl Engines {
    /// With so many decisions at once: as many as the machine has cores.
    pub fn new(shelf: &Shelf, at_once: NonZeroUsize) -> Self {
        let places = at_once.get().saturating_mul(WAITING_MAX).min(Semaphore::MAX_PERMITS);
        Self(Arc::new(Parts {
            shelf: shelf.clone(),
            columns: Mutex::new(None),
            are_standing: AtomicBool::new(false),
            threads: Semaphore::new(at_once.get()),
            places: Arc::new(Semaphore::new(places)),
        }))
    }

    /// The library in memory.
    pub fn shelf(&self) -> &Shelf {
        &self.0.shelf
    }

    /// All subjects in columns as they were last seen; whoever holds this brings them up to date.
    pub(super) fn columns(&self) -> &Mutex<Option<Arc<Columns>>> {
        &self.0.columns
    }

    /// From now on there are columns.
    pub(super) fn note_standing(&self) {
        self.0.are_standing.store(true, Ordering::Relaxed);
    }

    /// A place to wait, if there is one.
    pub fn place(&self) -> Option<Place> {
        let held = Arc::clone(&self.0.places).try_acquire_owned().ok()?;
        Some(Place { _held: held })
    }

    /// Does what takes a core for a while, once one is free.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        const BROKEN: Fault = Fault::Broken("deciding ended in a panic");
        let _held = self.0.threads.acquire().await.map_err(|_| BROKEN)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| BROKEN)
    }
}

/// The columns stand.
impl Check for Engines {
    fn look(&self) -> Pin<Box<dyn Future<Output = Result<(), Text>> + Send + '_>> {
        Box::pin(async {
            if self.0.are_standing.load(Ordering::Relaxed) {
                return Ok(());
            }
            Err(Text {
                zh: "全体企业的数据还在装入内存,请稍候。".to_owned(),
                en: "The facts of all enterprises are still being taken into memory; wait a moment."
                    .to_owned(),
            })
        })
    }
}
