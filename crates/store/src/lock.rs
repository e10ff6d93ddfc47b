//! The lock beside a database file: one process at a time owns it.
//!
//! The operating system lets go of it however the process ends, so nothing is left to clean up after a crash.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::StoreError;

/// Held as long as the store is open.
#[derive(Debug)]
pub struct FileLock(#[expect(dead_code, reason = "it is held, not read")] File);

impl FileLock {
    /// Takes the lock of a database file, or says that another process has it.
    pub fn take(database: &Path) -> Result<Self, StoreError> {
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let path = PathBuf::from(name);
        let failed = |cause| StoreError::Folder { path: path.clone(), cause };
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::OwnedByAnother(database.to_owned())),
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }
}
