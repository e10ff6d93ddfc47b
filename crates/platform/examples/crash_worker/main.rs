//! What `cargo xtask crash` kills: a small process that does one verb after another and says of each, on a line of its own,
//! that it is done; and the same process as the one that looks afterwards whether all of that is still true.
//!
//! `begin` lays an empty database, `work` goes on until it is killed, `check` compares what was said with what is there. Every
//! line of `work` is written after the commit that it tells of, so what it tells must outlive any kill.

mod check;
mod ground;
mod work;

use std::path::PathBuf;

/// Where everything is.
pub struct Place {
    /// The database, as [`store::Location`] reads it.
    pub database: String,
    /// Keys, filed heads, backups.
    pub folder: PathBuf,
    /// What chance draws from.
    pub seed: u64,
    /// The lines that were said, for `check`.
    pub said: Option<PathBuf>,
}

fn main() -> std::process::ExitCode {
    let mut words = std::env::args().skip(1);
    let what = words.next().unwrap_or_default();
    let mut place = Place { database: String::new(), folder: PathBuf::new(), seed: 0, said: None };
    while let (Some(flag), Some(value)) = (words.next(), words.next()) {
        match flag.as_str() {
            "--database" => place.database = value,
            "--folder" => place.folder = value.into(),
            "--seed" => place.seed = value.parse().expect("a seed is a number"),
            "--said" => place.said = Some(value.into()),
            other => panic!("no flag is called {other}"),
        }
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let done = runtime.block_on(async {
        match what.as_str() {
            "begin" => ground::begin(&place).await,
            "work" => work::run(&place).await,
            "check" => check::run(&place).await,
            other => Err(format!("{other:?} is neither begin, work nor check")),
        }
    });
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("crash_worker {what}: {why}");
            std::process::ExitCode::FAILURE
        }
    }
}
