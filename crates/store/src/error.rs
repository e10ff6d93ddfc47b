//! What can go wrong with a database, sorted by what the caller or the operator can do about it.

use std::path::PathBuf;

use facts::Text;

/// Why a database could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Neither a path of a file nor a URL of PostgreSQL.
    #[error("`{0}` is neither a file nor a URL that begins with postgres://")]
    NotALocation(String),
    /// Another process owns the file.
    #[error("another process holds {}", .0.display())]
    OwnedByAnother(PathBuf),
    /// The lock file, or the folder of the database, cannot be used.
    #[error("cannot use {}: {cause}", .path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Migrations are missing in the database.
    #[error("the database lacks the migrations {}", .missing.join(", "))]
    SchemaOlder {
        /// Their names, in order.
        missing: Vec<&'static str>,
    },
    /// The database has migrations that this program does not know.
    #[error("the database has the unknown migration {unknown}")]
    SchemaNewer {
        /// The first of them.
        unknown: String,
    },
    /// A migration was edited after it was applied, or the order of migrations was changed.
    #[error("the migration {name} is not the one that was applied")]
    SchemaDiffers {
        /// Which.
        name: String,
    },
    /// A database that should be empty has tables.
    #[error("the database is not empty")]
    NotEmpty,
    /// A table that cannot be read or filled as a whole.
    #[error(
        "the table {table} has no key, a column of another type, or other columns than what should go into it"
    )]
    StrangeTable {
        /// Which, and of it what.
        table: String,
    },
    /// A row with the same key is there already.
    #[error("there is already such a row ({constraint})")]
    AlreadyThere {
        /// The constraint, or the columns, as the database names them.
        constraint: String,
    },
    /// Another transaction stood in the way; the verb may be tried again.
    #[error("another transaction stood in the way: {0}")]
    Conflict(#[source] sqlx::Error),
    /// The disk, or the space granted to the database, is full.
    #[error("no space is left for the database: {0}")]
    Full(#[source] sqlx::Error),
    /// The connection was lost or could not be made; the next verb tries anew.
    #[error("the database cannot be reached: {0}")]
    Unreachable(#[source] sqlx::Error),
    /// Somebody else has the job by now.
    #[error("the lease of job {0} has run out and another worker has it")]
    LeaseLost(String),
    /// Anything else: a mistake in this program or a damaged database.
    #[error("the database refused: {0}")]
    Refused(#[source] sqlx::Error),
}

impl StoreError {
    /// What the operator reads: what happened and what to do next. No value of a row and no password stands in it.
    pub fn message(&self) -> Text {
        let (zh, en) = match self {
            Self::NotALocation(_) => (
                "数据库位置无法识别。请填写文件路径,或以 postgres:// 开头的地址。".to_owned(),
                "The database's location is not understood. Give the path of a file, or a URL that begins with postgres://.".to_owned(),
            ),
            Self::OwnedByAnother(path) => (
                format!("另一个进程正在使用 {}。请先停止它,或换一个文件。", path.display()),
                format!("Another process is using {}. Stop it first, or name another file.", path.display()),
            ),
            Self::Folder { path, cause } => (
                format!("无法使用 {}:{cause}。请检查目录是否存在、是否有写权限。", path.display()),
                format!("{} cannot be used: {cause}. See that the folder exists and may be written to.", path.display()),
            ),
            Self::SchemaOlder { missing } => (
                format!("数据库比程序旧,缺少 {} 项升级({})。请先备份,再运行升级。", missing.len(), missing.join("、")),
                format!("The database is older than this program and lacks {} migrations ({}). Back it up, then migrate it.", missing.len(), missing.join(", ")),
            ),
            Self::SchemaNewer { unknown } => (
                format!("数据库比程序新(含有未知的升级“{unknown}”)。请使用写入它的程序版本或更新的版本。"),
                format!("The database is newer than this program (it has the unknown migration “{unknown}”). Use the version that wrote it, or a later one."),
            ),
            Self::SchemaDiffers { name } => (
                format!("升级“{name}”与数据库中已执行的内容不同。请使用正式发布的程序,或从备份恢复。"),
                format!("The migration “{name}” is not the one that this database went through. Use a released program, or restore a backup."),
            ),
            Self::NotEmpty => (
                "目标数据库不是空的,未作任何修改。请换一个空数据库。".to_owned(),
                "The database is not empty, and nothing was changed. Name an empty one.".to_owned(),
            ),
            Self::StrangeTable { table } => (
                format!("无法整体读写数据表 {table}:没有主键、列类型不支持,或列与备份不符。请使用写出该备份的程序版本。"),
                format!("The table {table} cannot be read or filled as a whole: it has no key, a column of another type, or other columns than the backup. Use the version of the program that made the backup."),
            ),
            Self::AlreadyThere { .. } => (
                "已有相同的记录。请刷新后再看。".to_owned(),
                "There is such a record already. Look again.".to_owned(),
            ),
            Self::Conflict(_) | Self::LeaseLost(_) => (
                "有人同时修改了同一记录,本次未保存。请重试。".to_owned(),
                "Somebody changed the same record at the same time, and nothing was saved. Try again.".to_owned(),
            ),
            Self::Full(_) => (
                "数据库所在磁盘已满,本次未保存,已有数据无损。请释放空间后重试,无需重启。".to_owned(),
                "The database's disk is full: this was not saved, and what was there is unharmed. Free some space and try again; no restart is needed.".to_owned(),
            ),
            Self::Unreachable(_) => (
                "暂时连接不上数据库,本次未保存。恢复后会自动重新连接。".to_owned(),
                "The database cannot be reached just now, and this was not saved. The connection is made again by itself.".to_owned(),
            ),
            Self::Refused(_) => (
                "数据库拒绝了这次操作,未作任何修改。请把请求编号告知系统管理员。".to_owned(),
                "The database refused, and nothing was changed. Tell the system administrator the request's number.".to_owned(),
            ),
        };
        Text { zh, en }
    }

    /// Whether the same verb may succeed a moment later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Conflict(_) | Self::Full(_) | Self::Unreachable(_))
    }
}

/// SQLSTATE classes and codes, and SQLite's primary result codes, by what they mean to us.
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unreachable(error),
            sqlx::Error::Database(told) => {
                if told.is_unique_violation() {
                    let constraint = told.constraint().unwrap_or_else(|| told.message()).to_owned();
                    return Self::AlreadyThere { constraint };
                }
                match Trouble::of(told.code().as_deref().unwrap_or_default()) {
                    Trouble::Full => Self::Full(error),
                    Trouble::Conflict => Self::Conflict(error),
                    Trouble::Unreachable => Self::Unreachable(error),
                    Trouble::Other => Self::Refused(error),
                }
            }
            _ => Self::Refused(error),
        }
    }
}

enum Trouble {
    Full,
    Conflict,
    Unreachable,
    Other,
}

impl Trouble {
    fn of(code: &str) -> Self {
        // SQLSTATE has five characters; SQLite's extended codes have at most four, and their low byte is the primary code.
        if code.len() == 5 {
            return match code {
                "53100" | "53200" => Self::Full,
                "40001" | "40P01" | "55P03" => Self::Conflict,
                "57P01" | "57P02" | "57P03" | "53300" => Self::Unreachable,
                _ if code.starts_with("08") => Self::Unreachable,
                _ => Self::Other,
            };
        }
        match code.parse::<u32>().map(|number| number & 0xff) {
            Ok(13) => Self::Full,
            Ok(5 | 6) => Self::Conflict,
            _ => Self::Other,
        }
    }
}
