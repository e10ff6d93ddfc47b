//! The compiled library in memory: the release that holds, and a few older ones that something is derived from again.
//!
//! Every server looks for a newer release twice a second ([`Shelf::catch_up`]); the one that made it puts it here itself. Readers
//! take an [`Arc`] and keep it for as long as a request lasts, so nothing changes under them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use facts::Vocabulary;
use library::{File, Library};

use super::model::{Release, TextDigest};
use super::{sql, workflow};
use crate::ground::{Fault, Ground};
use crate::registry::api::Words;

/// Older releases that are kept compiled.
const OLDER_KEPT: usize = 4;

/// A release, compiled.
#[derive(Debug)]
pub struct Shelved {
    /// Which.
    pub release: Release,
    /// What is decided by.
    pub library: Library,
    /// Its texts by path, with their digests.
    pub texts: BTreeMap<String, (TextDigest, String)>,
}

/// What is decided by now. Cloning it shares it.
#[derive(Clone)]
pub struct Shelf(Arc<Places>);

struct Places {
    /// The vocabulary of what holds, as the register uses it.
    words: Words,
    current: RwLock<Option<Arc<Shelved>>>,
    older: Mutex<Vec<Arc<Shelved>>>,
    /// One compiles at a time; whoever waits finds what the other made.
    compiling: tokio::sync::Mutex<()>,
}

impl Shelf {
    /// With the newest release, if there is one.
    pub async fn open(ground: &Ground) -> Result<Self, Fault> {
        let shelf = Self(Arc::new(Places {
            words: Words::new(Vocabulary::default()),
            current: RwLock::new(None),
            older: Mutex::new(Vec::new()),
            compiling: tokio::sync::Mutex::new(()),
        }));
        shelf.catch_up(ground).await?;
        Ok(shelf)
    }

    /// What holds now, as far as this server has heard; `None` before the first release.
    pub fn current(&self) -> Option<Arc<Shelved>> {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The vocabulary of what holds; it follows every release.
    pub fn words(&self) -> &Words {
        &self.0.words
    }

    /// Takes over a release that another server made. Whether there was one.
    pub async fn catch_up(&self, ground: &Ground) -> Result<bool, Fault> {
        let newest = sql::newest_number(&mut ground.read().await?).await?;
        let known = || self.current().map_or(0, |shelved| shelved.release.number);
        if newest <= known() {
            return Ok(false);
        }
        let _alone = self.0.compiling.lock().await;
        if newest <= known() {
            return Ok(false);
        }
        let Some(shelved) = load(ground, newest).await? else { return Ok(false) };
        self.put(shelved);
        Ok(true)
    }

    /// A release of that number; `None` if there is none.
    pub async fn release(&self, ground: &Ground, number: u64) -> Result<Option<Arc<Shelved>>, Fault> {
        let find = || {
            let older = self.0.older.lock().unwrap_or_else(PoisonError::into_inner);
            let known = self.current().into_iter().chain(older.iter().cloned());
            known.into_iter().find(|shelved| shelved.release.number == number)
        };
        if let Some(shelved) = find() {
            return Ok(Some(shelved));
        }
        let _alone = self.0.compiling.lock().await;
        if let Some(shelved) = find() {
            return Ok(Some(shelved));
        }
        let Some(shelved) = load(ground, number).await?.map(Arc::new) else { return Ok(None) };
        self.keep(Arc::clone(&shelved));
        Ok(Some(shelved))
    }

    /// Puts a newer release in the place of the current one.
    pub(super) fn put(&self, shelved: Shelved) {
        let before = {
            let mut current = self.0.current.write().unwrap_or_else(PoisonError::into_inner);
            if current.as_ref().is_some_and(|known| known.release.number >= shelved.release.number) {
                return;
            }
            self.0.words.set(shelved.library.rulebook.vocabulary.clone());
            current.replace(Arc::new(shelved))
        };
        if let Some(before) = before {
            self.keep(before);
        }
    }

    fn keep(&self, shelved: Arc<Shelved>) {
        let mut older = self.0.older.lock().unwrap_or_else(PoisonError::into_inner);
        older.insert(0, shelved);
        older.truncate(OLDER_KEPT);
    }
}

impl Shelved {
    /// Of checked texts.
    pub(super) fn new(release: Release, library: Library, files: Vec<File>) -> Self {
        let texts = files.into_iter().map(|file| (file.path, (TextDigest::of(&file.text), file.text)));
        Self { release, library, texts: texts.collect() }
    }
}

async fn load(ground: &Ground, number: u64) -> Result<Option<Shelved>, Fault> {
    let mut read = ground.read().await?;
    let Some(release) = sql::release_of(&mut read, number).await? else { return Ok(None) };
    let files = sql::texts(&mut read, number).await?;
    drop(read);
    let library = compiled(files.clone()).await?;
    let library =
        library.map_err(|found| Fault::Damaged(format!("release {number} has {} errors", found.len())))?;
    Ok(Some(Shelved::new(release, library, files)))
}

/// Compiles away from what answers requests.
pub(super) async fn compiled(
    files: Vec<File>,
) -> Result<Result<Library, Vec<facts::read::ReadProblem>>, Fault> {
    let work = tokio::task::spawn_blocking(move || workflow::compile(files));
    work.await.map_err(|_| Fault::Broken("compiling ended in a panic"))
}
