//! One verb after another, until somebody kills us.

use std::io::Write as _;
use std::time::Duration;

use platform::audit::{self, GroundOfLaw};
use platform::backup::{self, BackupError, Beside, Source};
use platform::ground::{Caller, Fault, Ground, Moment, RequestId, chain};
use platform::identity::{self, OrganisationKind, Role};
use serde_json::json;
use store::{Kind, Store, StoreError, sql};

use super::Place;
use super::ground::{Drawn, MIGRATIONS_MAX, TOGETHER, ground_on, kept, open, schema, somebody};

/// How long a worker waits for a database that is away before it is a fault.
const PATIENCE: Duration = Duration::from_millis(30);

/// How often it asks in that time.
const ATTEMPTS_MAX: u32 = 1_000;

/// Why a verb was not done.
enum Trouble {
    /// The database is away or in the way; the same may work a moment later.
    Passing(String),
    /// Anything else: the test has failed.
    Fault(String),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        if error.is_passing() { Self::Passing(error.to_string()) } else { Self::Fault(format!("{error:?}")) }
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) => error.into(),
            fault => Self::Fault(format!("{fault:?}")),
        }
    }
}

impl From<BackupError> for Trouble {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Store(error) | BackupError::Fault(Fault::Store(error)) => error.into(),
            error => Self::Fault(format!("{error:?}")),
        }
    }
}

/// A line that tells of something that is committed. It is with the system when this returns.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("somebody keeps what is said");
}

/// Works for ever; ends with an error alone.
pub async fn run(place: &Place) -> Result<(), String> {
    let (store, own) = open(place).await?;
    let mut worker =
        Worker { place, ground: ground_on(&store, place).await?, store, own, drawn: Drawn::new(place.seed) };
    say("ready");
    let mut away = 0;
    loop {
        match worker.act().await {
            Ok(line) => {
                if away > 0 {
                    say(&format!("recovered after {away}"));
                }
                away = 0;
                say(&line);
            }
            Err(Trouble::Passing(why)) if away < ATTEMPTS_MAX => {
                if away == 0 {
                    say(&format!("away {why}"));
                }
                away += 1;
                tokio::time::sleep(PATIENCE).await;
            }
            Err(Trouble::Passing(why) | Trouble::Fault(why)) => return Err(why),
        }
    }
}

struct Worker<'a> {
    place: &'a Place,
    store: Store,
    ground: Ground,
    own: usize,
    drawn: Drawn,
}

impl Worker<'_> {
    /// Something drawn by chance, and the line that tells of it.
    async fn act(&mut self) -> Result<String, Trouble> {
        match self.drawn.below(100) {
            0..40 => self.record().await,
            40..70 => self.many().await,
            70..80 => self.erase().await,
            80..88 => self.file().await,
            88..93 => self.migrate().await,
            93..97 => self.backup().await,
            _ => self.fill_the_disk().await,
        }
    }

    fn caller(&self) -> Caller {
        Caller::system(RequestId::new(&self.drawn.next().to_string()))
    }

    async fn record(&self) -> Result<String, Trouble> {
        let (who, name) = (somebody(Role::SystemAdministrator), format!("示例 {}", self.drawn.next()));
        let caller = self.caller();
        let made =
            identity::create_organisation(&self.ground, &caller, &who, OrganisationKind::Enterprise, &name);
        match made.await? {
            Ok(id) => Ok(format!("organisation {id}")),
            Err(refusal) => Err(Trouble::Fault(format!("{refusal:?}"))),
        }
    }

    /// Many rows and entries in one transaction.
    async fn many(&self) -> Result<String, Trouble> {
        let act = i64::try_from(self.drawn.next() >> 1).expect("63 bits");
        let mut verb = self.ground.begin(&self.caller()).await?;
        for number in 1..=TOGETHER {
            let statement = sql("INSERT INTO crash_row (act, number) VALUES ($1, $2)");
            verb.write().execute(statement.bind(act).bind(number)).await?;
            verb.record("crash.row", format!("crash-row:{act}"), None, Some(json!({ "number": number })));
        }
        verb.commit().await?;
        Ok(format!("many {act}"))
    }

    async fn erase(&self) -> Result<String, Trouble> {
        let size = chain::head(&mut self.ground.read().await?, self.ground.keys()).await?.size;
        let position = self.drawn.below(size.max(1)) + 1;
        let law = GroundOfLaw::parse("个人信息保护法第四十七条").expect("it is a text");
        let who = somebody(Role::Auditor);
        match audit::erase(&self.ground, &self.caller(), &who, position, &law).await? {
            Ok(()) => Ok(format!("erased {position}")),
            Err(refusal) => Ok(format!("refused {refusal:?}")),
        }
    }

    async fn file(&self) -> Result<String, Trouble> {
        let filed = chain::file_head(&self.ground, &self.place.folder.join("audit-heads.jsonl")).await?;
        Ok(filed.map_or_else(|| "nothing to file".to_owned(), |head| format!("filed {}", head.size)))
    }

    async fn migrate(&mut self) -> Result<String, Trouble> {
        if self.own == MIGRATIONS_MAX {
            return Ok("no migration is left".to_owned());
        }
        let wanted = self.own + 1;
        self.store.migrate(&schema(wanted), 0).await?;
        self.own = wanted;
        Ok(format!("migrated {wanted}"))
    }

    async fn backup(&self) -> Result<String, Trouble> {
        let heads = self.place.folder.join("audit-heads.jsonl");
        let beside = match heads.exists() {
            true => vec![Beside { name: "audit-heads.jsonl".to_owned(), path: heads }],
            false => Vec::new(),
        };
        let source = Source {
            store: &self.store,
            schema: &schema(MIGRATIONS_MAX),
            keys: self.ground.keys(),
            beside: &beside,
            now: Moment(0),
        };
        // Four places in turn: the earlier ones are written over, each at once.
        let name = format!("backup-{}", self.drawn.below(4));
        let out = self.place.folder.join(&name);
        let made = backup::make(source, &out, None, &self.drawn, &mut |_| ()).await?;
        Ok(format!("backup {name} {}", made.manifest.chain_size))
    }

    /// No more pages for the database, so that a verb finds the disk full; then the next one must work again.
    async fn fill_the_disk(&self) -> Result<String, Trouble> {
        if self.store.kind() == Kind::Postgres {
            return self.record().await;
        }
        let pages = async |limit: String| -> Result<i64, Trouble> {
            let mut write = self.store.write().await?;
            write.execute(sql(kept(format!("PRAGMA max_page_count = {limit}")))).await?;
            let now = write.fetch_one(sql("PRAGMA page_count")).await?.get("page_count")?;
            write.commit().await?;
            Ok(now)
        };
        let now = pages("1000000".to_owned()).await?;
        pages((now + 1).to_string()).await?;
        let mut full = None;
        for _ in 0..200 {
            match self.many().await {
                Ok(line) => say(&line),
                Err(Trouble::Passing(why)) => {
                    full = Some(why);
                    break;
                }
                Err(fault) => return Err(fault),
            }
        }
        let why = full.ok_or_else(|| Trouble::Fault("the disk never was full".to_owned()))?;
        if !why.contains("no space is left") {
            return Err(Trouble::Fault(format!("a full disk was told as {why}")));
        }
        pages("1000000".to_owned()).await?;
        let line = self.record().await?;
        say(&line);
        Ok("the disk was full and is not any more".to_owned())
    }
}
