//! Verbs: one transaction with the entries that tell what it did.

use std::sync::Arc;

use facts::Text;
use serde_json::Value;
use store::{Store, StoreError, Transaction, Write};

use super::chain::{self, Algorithm, Draft};
use super::once;
use super::{Caller, Chance, Clock, Keys, Moment};

/// Why a verb could not do its work. What a person may not do is no fault; each slice says it by a value.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A verb wrote and said nothing of it: a mistake in this program, and nothing was written.
    #[error("a verb recorded nothing, so nothing was written")]
    Unrecorded,
    /// The request bears a key under which another was done before, so nothing was done this time.
    #[error("a request with the same key was done before")]
    Repeated,
    /// The head of the audit chain is not one that this installation signed, so nothing is put behind it.
    #[error("the head of the audit chain was not signed with the key of this installation")]
    ForeignHead,
    /// Something in the database is not what this program writes.
    #[error("the database holds what this program does not write: {0}")]
    Damaged(String),
    /// A mistake in this program; nothing was written.
    #[error("a mistake in the program: {0}")]
    Broken(&'static str),
    /// A file beside the database.
    #[error("{}: {cause}", .path.display())]
    File {
        /// Which.
        path: std::path::PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
}

impl Fault {
    /// What the operator reads.
    pub fn message(&self) -> Text {
        let (zh, en) = match self {
            Self::Store(error) => return error.message(),
            Self::Unrecorded => (
                "程序错误:操作没有留下审计记录,因此未作任何修改。请报告给维护者。".to_owned(),
                "A mistake in the program: an act left no audit entry, so nothing was changed. Report it to the maintainers.".to_owned(),
            ),
            Self::Repeated => (
                "相同的请求已经处理过,本次未作任何修改。".to_owned(),
                "The same request was done before; nothing was changed this time.".to_owned(),
            ),
            Self::ForeignHead => (
                "审计链首不是用本系统的密钥签名的,已停止写入。请核对密钥目录,并运行审计校验。".to_owned(),
                "The head of the audit chain is not signed with this installation's key, and nothing more is written. Look at the folder of keys, and verify the audit.".to_owned(),
            ),
            Self::Damaged(what) => (
                format!("数据库中有本程序不会写入的内容({what})。请运行审计校验,必要时从备份恢复。"),
                format!("The database holds what this program does not write ({what}). Verify the audit; restore a backup if need be."),
            ),
            Self::Broken(what) => (
                format!("程序错误:{what}。未作任何修改,请报告给维护者。"),
                format!("A mistake in the program: {what}. Nothing was changed. Report it to the maintainers."),
            ),
            Self::File { path, cause } => (
                format!("无法使用文件 {}:{cause}。请检查目录和权限。", path.display()),
                format!("The file {} cannot be used: {cause}. Look at its folder and who may write there.", path.display()),
            ),
        };
        Text { zh, en }
    }
}

/// The database, the keys, the clock and chance. Cloning it shares them.
#[derive(Clone)]
pub struct Ground(Arc<Parts>);

struct Parts {
    store: Store,
    keys: Keys,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

impl Ground {
    /// On an open database. The algorithm is for a chain that begins now; one that is there keeps its own.
    pub async fn open(
        store: Store,
        keys: Keys,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        algorithm: Algorithm,
    ) -> Result<Self, Fault> {
        let mut write = store.write().await?;
        chain::begin(&mut write, &keys, algorithm).await?;
        write.commit().await?;
        Ok(Self(Arc::new(Parts { store, keys, clock, chance })))
    }

    /// Begins to read one state of the database.
    pub async fn read(&self) -> Result<Transaction, Fault> {
        Ok(self.0.store.read().await?)
    }

    /// Begins a verb.
    pub async fn begin(&self, caller: &Caller) -> Result<Verb, Fault> {
        let write = self.0.store.write().await?;
        Ok(Verb { write, ground: self.clone(), caller: caller.clone(), now: self.now(), drafts: Vec::new() })
    }

    /// Begins to write what is no act of anybody and leaves no entry: leases, a session's last sign of life.
    pub async fn housekeeping(&self) -> Result<Write, Fault> {
        Ok(self.0.store.write().await?)
    }

    /// What time it is.
    pub fn now(&self) -> Moment {
        self.0.clock.now()
    }

    /// Where secrets and ids come from.
    pub fn chance(&self) -> &dyn Chance {
        &*self.0.chance
    }

    /// The keys outside the database.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// The database, for the queue of jobs and for closing it.
    pub fn store(&self) -> &Store {
        &self.0.store
    }
}

/// A verb under way. Dropped without [`Verb::commit`], it has done nothing.
pub struct Verb {
    write: Write,
    ground: Ground,
    caller: Caller,
    now: Moment,
    drafts: Vec<Draft>,
}

impl Verb {
    /// The transaction.
    pub fn write(&mut self) -> &mut Write {
        &mut self.write
    }

    /// When the verb began; everything it writes bears this moment.
    pub fn now(&self) -> Moment {
        self.now
    }

    /// What the verb stands on.
    pub fn ground(&self) -> &Ground {
        &self.ground
    }

    /// From here on it is this caller who acts: somebody whom the verb itself came to know, as at sign-in.
    pub fn is_by(&mut self, caller: Caller) {
        self.caller = caller;
    }

    /// Drops what was written and recorded, and begins again at the same moment for the same caller.
    pub async fn anew(self) -> Result<Self, Fault> {
        let Self { write, ground, caller, now, .. } = self;
        // The transaction ends before another begins: on SQLite there is one writer, and it would wait for itself.
        write.roll_back().await?;
        let write = ground.0.store.write().await?;
        Ok(Self { write, ground, caller, now, drafts: Vec::new() })
    }

    /// Says what was done to what: `account:0190…`. Values are what a person may later have erased; the entry keeps their
    /// salted digests for ever.
    pub fn record(
        &mut self,
        action: &'static str,
        subject: impl Into<String>,
        before: Option<Value>,
        after: Option<Value>,
    ) {
        self.drafts.push(Draft { action, subject: subject.into(), before, after });
    }

    /// Puts the entries into the chain and makes everything true. The position of the last entry.
    pub async fn commit(mut self) -> Result<u64, Fault> {
        if self.drafts.is_empty() {
            return Err(Fault::Unrecorded);
        }
        if let Some(key) = &self.caller.once
            && !once::claim(&mut self.write, key, self.caller.request.as_str(), self.now).await?
        {
            return Err(Fault::Repeated);
        }
        let position =
            chain::append(&mut self.write, &self.ground, &self.caller, self.now, self.drafts).await?;
        self.write.commit().await?;
        Ok(position)
    }
}
