//! Backups: everything that an installation is, in one file that goes back into a database of either kind.
//!
//! [`make`] reads one state of the database while the server runs, table by table in order of keys, with the files beside it;
//! [`restore`] puts all of it into an empty database, all at once or not at all, after it has counted rows, compared
//! digests and verified the audit chain. A backup is only called one after [`check`] has restored it into a file of its own.
//!
//! The file: one line that says what it is (and how it is sealed), then a stream that is compressed and, if a passphrase
//! was given, encrypted in chunks. In the stream each line is JSON: a manifest, the rows of each table, the files, and at
//! the end counts and digests. `docs/backup-format.md` describes it for whoever must read it without this program.
//!
//! INVARIANT: what is cut off, altered or of another installation's making is never restored as if it were whole.

mod make;
mod record;
mod restore;
mod seal;
mod service;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use facts::Text;
use store::StoreError;

use crate::ground::Fault;
use crate::ground::chain::Finding;

pub use make::{Made, Source, make};
pub use record::Manifest;
pub use restore::{Restored, Target, check, restore};
pub use service::{announce_backup, announce_migration, announce_restored};

/// A file beside the database that belongs to the installation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beside {
    /// Its name in the backup: folders and file, with `/` between them.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// Told while it goes on: rows so far.
pub type Tell<'a> = &'a mut (dyn FnMut(u64) + Send);

/// Why there is no backup, or why it was not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ground.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A file cannot be read or written.
    #[error("{}: {cause}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file is not a backup, or one of a later form.
    #[error("not a backup that this program reads")]
    NotABackup,
    /// The backup is encrypted.
    #[error("the backup is encrypted")]
    NeedsPassphrase,
    /// The passphrase is not the one, or the file was altered.
    #[error("the passphrase does not open the backup")]
    Passphrase,
    /// The file was cut off or altered.
    #[error("the backup is damaged: {0}")]
    Damaged(String),
    /// The chain in the backup is not what was written.
    #[error("the audit chain in the backup does not verify")]
    Chain(Finding),
    /// A file of the backup would take the place of another.
    #[error("{} is there already", .0.display())]
    InTheWay(PathBuf),
}

impl BackupError {
    /// What the operator reads: what happened and what to do next.
    pub fn message(&self) -> Text {
        let (zh, en) = match self {
            Self::Store(error) => return error.message(),
            Self::Fault(fault) => return fault.message(),
            Self::File { path, cause } => (
                format!("无法读写 {}:{cause}。请检查目录、权限和磁盘空间。", path.display()),
                format!("{} cannot be read or written: {cause}. Look at its folder, rights and room.", path.display()),
            ),
            Self::NotABackup => (
                "这不是本程序能读取的备份文件。请核对文件,或使用写出该备份的程序版本。".to_owned(),
                "This is no backup that this program reads. Look at the file, or use the version that made it.".to_owned(),
            ),
            Self::NeedsPassphrase => (
                "备份已加密。请用 --passphrase-file 给出口令文件。".to_owned(),
                "The backup is encrypted. Give the file with its passphrase by --passphrase-file.".to_owned(),
            ),
            Self::Passphrase => (
                "口令不正确,或备份文件被改动。请核对口令文件。".to_owned(),
                "The passphrase is not the one, or the file was altered. Look at the file with the passphrase.".to_owned(),
            ),
            Self::Damaged(what) => (
                format!("备份文件不完整或被改动({what}),未作任何修改。请使用另一份备份。"),
                format!("The backup was cut off or altered ({what}), and nothing was changed. Use another backup."),
            ),
            Self::Chain(finding) => {
                let Text { zh, en } = finding.message();
                (
                    format!("备份中的审计链校验不通过:{zh}。未作任何修改。请使用更早的备份,并查明原因。"),
                    format!("The audit chain in the backup does not verify: {en}. Nothing was changed. Use an earlier backup, and find out why."),
                )
            }
            Self::InTheWay(path) => (
                format!("{} 已存在且内容不同,未作任何修改。请恢复到空的数据目录。", path.display()),
                format!("{} is there already and differs; nothing was changed. Restore into an empty data folder.", path.display()),
            ),
        };
        Text { zh, en }
    }
}
