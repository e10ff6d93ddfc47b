//! The data folder: database, keys, filed heads. And the ground on top of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use facts::Text;
use platform::ground::chain::Algorithm;
use platform::ground::{Actor, Caller, Fault, Ground, Keys, OperatingSystem, RequestId};
use store::{Location, Store, StoreError};

use super::MachineClock;
use super::settings::Settings;
use crate::args;
use crate::problem::Problem;

/// Where things are under the data folder.
#[derive(Clone, Debug)]
pub struct Place {
    folder: PathBuf,
}

impl Place {
    /// Under that folder.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keys. Whoever has them and the database has everything: they are not part of a backup unless that is asked for.
    pub fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// The file to which heads of the audit chain are filed.
    pub fn heads(&self) -> PathBuf {
        self.folder.join("audit-heads.jsonl")
    }

    /// Files that people handed in.
    pub fn uploads(&self) -> PathBuf {
        self.folder.join("uploads")
    }

    /// Backups that the program makes by itself, before it changes the schema.
    pub fn backups(&self) -> PathBuf {
        self.folder.join("backups")
    }

    /// The keys, which must be there.
    pub fn keys_there(&self) -> Result<Keys> {
        self.load_keys(false)
    }

    /// Makes the folder, for its owner alone.
    pub fn create(&self) -> Result<()> {
        fs::create_dir_all(&self.folder).map_err(|error| cannot_use(&self.folder, &error))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&self.folder, fs::Permissions::from_mode(0o700))
                .map_err(|error| cannot_use(&self.folder, &error))?;
        }
        Ok(())
    }

    /// The keys that are there; new ones where the database is new as well.
    fn load_keys(&self, database_is_new: bool) -> Result<Keys> {
        let folder = self.keys();
        if Keys::are_in(&folder) {
            return Keys::load(&folder).map_err(|error| told(error.message()));
        }
        if database_is_new {
            return Keys::create(&folder, &OperatingSystem).map_err(|error| told(error.message()));
        }
        let shown = folder.display();
        Err(Problem::new(
            format!("数据库已有内容,但 {shown} 里没有密钥"),
            format!("the database holds data, but there are no keys in {shown}"),
        )
        .with_help(
            "没有密钥,加密的内容读不出来,审计链也不能续写;请把备份的密钥放回该目录",
            "without them what is sealed cannot be read and the audit chain cannot go on; put the keys of the backup back",
        )
        .into())
    }
}

/// Opens database and keys as their owner, and makes them where there is nothing yet.
pub async fn open(settings: &Settings) -> Result<(Ground, Place)> {
    let place = Place::new(&settings.data);
    place.create()?;
    let schema = platform::schema();
    let now = platform::ground::Clock::now(&MachineClock);
    let store = Store::open(&settings.database, &schema, now.0).await.map_err(|error| store_told(&error))?;
    let ground = async {
        let is_new = platform::ground::chain::is_unbegun(&store).await?;
        let keys = place.load_keys(is_new)?;
        let clock = Arc::new(MachineClock);
        let opened =
            Ground::open(store.clone(), keys, clock, Arc::new(OperatingSystem), settings.algorithm).await;
        opened.map_err(|fault| fault_told(&fault))
    };
    match ground.await {
        Ok(ground) => Ok((ground, place)),
        Err(error) => {
            store.close().await;
            Err(error)
        }
    }
}

/// Opens a database beside the server that owns it. It must be there.
pub async fn open_beside(settings: &Settings) -> Result<Store> {
    must_be_there(settings)?;
    Store::open_beside(&settings.database, &platform::schema()).await.map_err(|error| store_told(&error))
}

/// An error that tells how to name the database where there is no such file.
pub fn must_be_there(settings: &Settings) -> Result<()> {
    match &settings.database {
        Location::File(path) if !path.is_file() => {
            let shown = path.display();
            Err(Problem::new(format!("没有数据库文件 {shown}"), format!("there is no database {shown}"))
                .with_help(
                    "用 --data 或 --database 指出数据库;zhimei config 查看当前设置",
                    "name it by --data or --database; zhimei config shows the settings",
                )
                .into())
        }
        _ => Ok(()),
    }
}

/// The ground on a store that is open, with the keys that are there.
pub async fn ground_on(store: &Store, place: &Place, algorithm: Algorithm) -> Result<Ground> {
    let opened = Ground::open(
        store.clone(),
        place.keys_there()?,
        Arc::new(MachineClock),
        Arc::new(OperatingSystem),
        algorithm,
    );
    opened.await.map_err(|fault| fault_told(&fault))
}

/// Whoever sits at the command line, as entries name them.
pub fn operator(command: &str) -> Caller {
    let name = ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(args::variable);
    let actor = Actor::Command(name.unwrap_or_else(|| "unknown".to_owned()));
    Caller { actor, ..Caller::system(RequestId::new(command)) }
}

/// What the database says, as an error that ends a command.
pub fn store_told(error: &StoreError) -> anyhow::Error {
    told(error.message())
}

/// A fault as an error that ends a command.
pub fn fault_told(fault: &Fault) -> anyhow::Error {
    told(fault.message())
}

/// A message as an error that ends a command.
pub fn told(message: Text) -> anyhow::Error {
    Problem::new(message.zh, message.en).into()
}

fn cannot_use(folder: &Path, error: &std::io::Error) -> anyhow::Error {
    let shown = folder.display();
    Problem::new(
        format!("无法使用数据目录 {shown}:{error}"),
        format!("cannot use the folder {shown}: {error}"),
    )
    .with_help(
        "检查路径和权限,或用 --data 换一个目录",
        "check the path and who may write there, or name another by --data",
    )
    .into()
}
