//! What `cargo xtask load` fills a database with: a made-up zone of so many enterprises with 40 facts each, imported from a file as an
//! officer would, and how long that took. It prints one line of JSON.
//!
//! `example_zone --folder DATA --library FOLDER --enterprises N`

#![allow(clippy::disallowed_methods, reason = "time is what is measured, by command")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, anyhow, bail};
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::DataType;
use demo::{Settings, Zone};
use facts::Vocabulary;
use parquet::arrow::ArrowWriter;
use platform::ground::chain::Algorithm;
use platform::ground::worker::Worker;
use platform::ground::{Caller, Clock, Ground, Keys, Moment, OperatingSystem, RequestId};
use platform::identity::{
    AccountId, Answer, Membership, MembershipId, OrganisationId, OrganisationKind, PersonId, Principal, Role,
    SessionId, Through, create_organisation,
};
use platform::policies::{self, Shelf};
use platform::registry::imports::{self, BatchState, Importer, Takes, Upload};
use platform::registry::name_office;
use store::{Location, Store};

/// Facts of each enterprise.
const FACTS: usize = 40;

/// The day of the zone.
const DAY: &str = "2026-06-30";

/// The machine's clock.
struct Machine;

impl Clock for Machine {
    fn now(&self) -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let (mut folder, mut library, mut enterprises) = (PathBuf::new(), PathBuf::new(), 0);
    while let (Some(flag), Some(value)) = (words.next(), words.next()) {
        match flag.as_str() {
            "--folder" => folder = value.into(),
            "--library" => library = value.into(),
            "--enterprises" => enterprises = value.parse()?,
            other => bail!("no flag is called {other}"),
        }
    }
    tokio::runtime::Runtime::new()?.block_on(fill(&folder, &library, enterprises))
}

async fn fill(folder: &Path, library: &Path, enterprises: u64) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let location = Location::File(folder.join("zhimei.db"));
    let store = Store::open(&location, &platform::schema(), Machine.now().0).await?;
    let keys = Keys::create(&folder.join("keys"), &OperatingSystem)?;
    let (clock, chance) = (Arc::new(Machine), Arc::new(OperatingSystem));
    let ground = Ground::open(store.clone(), keys, clock, chance, Algorithm::Sha256).await?;
    let mut files = Vec::new();
    collect(library, library, &mut files)?;
    let caller = Caller::system(RequestId::new("example-zone"));
    policies::seed(&ground, &caller, files).await?;
    let shelf = Shelf::open(&ground).await?;
    let words = shelf.words().now();
    let file = zone(&words, enterprises)?;
    let bytes = file.len();
    let officer = officer(&ground, &caller).await?;

    let begun = Instant::now();
    let upload = Upload {
        subject_kind: "enterprise".to_owned(),
        source: "taxation".to_owned(),
        observed: DAY.parse().map_err(|_| anyhow!("{DAY} is a day"))?,
        file_name: "example.parquet".to_owned(),
        bytes: file,
    };
    let id = agreed(imports::upload(&ground, &caller, &officer, &words, upload).await)?;
    let previewed = begun.elapsed();
    let batch = agreed(imports::batch(&ground, &officer, id).await)?;
    if batch.counts.new != enterprises || batch.counts.bad > 0 {
        let found = agreed(imports::problems(&ground, &officer, id, 0, 3).await)?;
        bail!("the example is not understood: {:?} {found:?}", batch.counts);
    }
    agreed(imports::commit_import(&ground, &caller, &officer, id, Takes::All).await)?;
    let is_over = Arc::new(AtomicBool::new(false));
    let others = tokio::spawn(other_writers(ground.clone(), is_over.clone()));
    let worker = Worker::new(&ground, vec![Box::new(Importer::new(&ground, shelf.words()))]);
    while worker.do_one().await? {}
    let imported = begun.elapsed();
    is_over.store(true, Ordering::SeqCst);
    let (writes, longest) = others.await??;
    let batch = agreed(imports::batch(&ground, &officer, id).await)?;
    if batch.state != BatchState::Visible {
        bail!("the import did not come to its end: {}", batch.state.as_code());
    }
    store.close().await;
    let seconds = |duration: Duration| duration.as_secs_f64();
    println!(
        "{}",
        serde_json::json!({
            "enterprises": enterprises, "facts": FACTS, "file_bytes": bytes,
            "preview_s": seconds(previewed), "import_s": seconds(imported),
            "other_writes": writes, "longest_wait_s": seconds(longest),
        })
    );
    Ok(())
}

/// What an answer came to; a refusal is an error here.
fn agreed<T>(answer: Answer<T>) -> Result<T> {
    answer?.map_err(|refusal| anyhow!("refused: {} {:?}", refusal.as_code(), refusal))
}

/// An officer of a new department that keeps the register.
async fn officer(ground: &Ground, caller: &Caller) -> Result<Principal> {
    let nowhere = OrganisationId::new(ground.now(), ground.chance());
    let system = somebody(ground, nowhere, Role::SystemAdministrator);
    let security = somebody(ground, nowhere, Role::SecurityAdministrator);
    let kind = OrganisationKind::Department;
    let department = agreed(create_organisation(ground, caller, &system, kind, "示例登记部门").await)?;
    agreed(name_office(ground, caller, &security, department).await)?;
    Ok(somebody(ground, department, Role::Officer))
}

fn somebody(ground: &Ground, organisation: OrganisationId, role: Role) -> Principal {
    let (now, chance) = (ground.now(), ground.chance());
    Principal {
        account: AccountId::new(now, chance),
        person: PersonId::new(now, chance),
        name: "示例".to_owned(),
        memberships: vec![Membership { id: MembershipId::new(now, chance), organisation, role }],
        through: Through::Session(SessionId::new(now, chance)),
    }
}

/// Somebody else who writes every few milliseconds; how often, and the longest that they waited.
async fn other_writers(ground: Ground, is_over: Arc<AtomicBool>) -> Result<(u32, Duration)> {
    let (mut writes, mut longest) = (0, Duration::ZERO);
    while !is_over.load(Ordering::SeqCst) {
        let begun = Instant::now();
        ground.housekeeping().await?.commit().await?;
        longest = longest.max(begun.elapsed());
        writes += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok((writes, longest))
}

/// The zone's enterprises in Parquet: code, name, and the columns in which least is missing.
fn zone(vocabulary: &Vocabulary, enterprises: u64) -> Result<Vec<u8>> {
    let day = DAY.parse().map_err(|_| anyhow!("{DAY} is a day"))?;
    let settings = Settings { seed: 1, enterprises, day, asked: Vec::new(), judgements: Vec::new() };
    let zone = Zone::new(vocabulary, settings);
    let first = zone.batch("enterprise", 0..enterprises.min(2_000)).context("a zone has enterprises")?;
    let mut columns: Vec<usize> =
        (0..first.num_columns()).filter(|column| is_plain(&first, *column)).collect();
    columns.sort_by_key(|column| (!is_who(&first, *column), first.column(*column).null_count(), *column));
    columns.truncate(FACTS + 2);
    columns.sort_unstable();
    let mut writer = ArrowWriter::try_new(Vec::new(), first.project(&columns)?.schema(), None)?;
    for begin in (0..enterprises).step_by(2_000) {
        let rows = begin..(begin + 2_000).min(enterprises);
        let batch = zone.batch("enterprise", rows).context("a zone has enterprises")?;
        writer.write(&batch.project(&columns)?)?;
    }
    Ok(writer.into_inner()?)
}

fn is_who(batch: &RecordBatch, column: usize) -> bool {
    ["统一社会信用代码", "名称"].contains(&batch.schema().field(column).name().as_str())
}

/// A fact of its own, not a list, a party, a status or a judgement.
fn is_plain(batch: &RecordBatch, column: usize) -> bool {
    let schema = batch.schema();
    let field = schema.field(column);
    let is_nested = matches!(field.data_type(), DataType::List(_) | DataType::Struct(_));
    !is_nested && !field.name().contains(':')
}

fn collect(folder: &Path, root: &Path, files: &mut Vec<library::File>) -> Result<()> {
    let entries: std::io::Result<Vec<_>> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect();
    let mut entries = entries?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, root, files)?;
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            files.push(library::File::new(name, std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}
