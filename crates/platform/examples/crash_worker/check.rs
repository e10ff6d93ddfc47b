//! Whether everything that was said is still true, and nothing is half there.

use std::collections::{BTreeMap, BTreeSet};

use platform::backup;
use platform::ground::chain::{self, FiledHeads, Wanted};
use platform::ground::{Ground, Moment};
use store::{Transaction, sql};

use super::Place;
use super::ground::{BY_MIGRATION, MIGRATIONS_MAX, TOGETHER, ground_on, kept, open, schema};

/// Compares what was said with what is there; one line that sums it up.
pub async fn run(place: &Place) -> Result<(), String> {
    let said = place.said.as_ref().ok_or("--said is missing")?;
    let said = std::fs::read_to_string(said).map_err(|error| error.to_string())?;
    let (store, _) = open(place).await?;
    let checked = async {
        let ground = ground_on(&store, place).await?;
        let mut read = store.read().await.map_err(|error| error.to_string())?;
        let applied = read.applied().await.map_err(|error| error.to_string())?.unwrap_or_default();
        let own = applied.len() - schema(0).len();
        Check { place, said: &said, ground, read, own }.all().await
    };
    let checked = checked.await;
    store.close().await;
    println!("{}", checked?);
    Ok(())
}

struct Check<'a> {
    place: &'a Place,
    said: &'a str,
    ground: Ground,
    /// One state of the database: a server may still finish what a worker that is dead had asked for.
    read: Transaction,
    own: usize,
}

impl<'a> Check<'a> {
    /// The words behind the first of each line that begins with that one.
    fn told(&self, word: &str) -> Vec<&'a str> {
        self.said.lines().filter_map(|line| line.strip_prefix(word)?.strip_prefix(' ')).collect()
    }

    async fn all(&mut self) -> Result<String, String> {
        let entries = self.chain().await?;
        let organisations = self.organisations(&entries).await?;
        let acts = self.acts(&entries).await?;
        self.migrations().await?;
        let backups = self.backups().await?;
        Ok(format!(
            "{} entries, {organisations} organisations, {acts} acts of many rows, {} migrations, {backups} backups",
            entries.values().sum::<u64>(),
            self.own
        ))
    }

    /// The chain verifies against every filed head, and knows everything that was erased. How often each subject is in it.
    async fn chain(&mut self) -> Result<BTreeMap<String, u64>, String> {
        let key = self.ground.keys().verifying_key();
        let filed = FiledHeads::read(&self.place.folder.join("audit-heads.jsonl"), &key)
            .map_err(|fault| fault.to_string())?;
        let verified =
            chain::verify(&mut self.read, &filed, &key).await.map_err(|fault| fault.to_string())?;
        if let Some(finding) = verified.finding {
            return Err(format!("the chain does not verify: {finding:?}"));
        }
        let sizes: BTreeSet<u64> = filed.heads.iter().map(|head| head.size).collect();
        for size in self.told("filed") {
            if !sizes.contains(&size.parse().map_err(|_| "a size is a number")?) {
                return Err(format!("the head of {size} entries was filed and is gone"));
            }
        }
        for position in self.told("erased") {
            if !verified.erased.contains_key(&position.parse().map_err(|_| "a position is a number")?) {
                return Err(format!("the values of entry {position} were erased and are back"));
            }
        }
        let mut subjects = BTreeMap::new();
        let mut wanted = Wanted::default();
        loop {
            let page =
                chain::search(&mut self.read, &wanted, 500).await.map_err(|fault| fault.to_string())?;
            let Some(last) = page.last() else {
                return Ok(subjects);
            };
            wanted.before = last.position;
            for entry in page {
                *subjects.entry(entry.subject).or_insert(0) += 1;
            }
        }
    }

    async fn column(&mut self, text: &'static str) -> Result<Vec<String>, String> {
        let rows = self.read.fetch_all(sql(text)).await.map_err(|error| error.to_string())?;
        rows.iter().map(|row| row.get("it").map_err(|error| error.to_string())).collect()
    }

    /// Each has its entry and each entry its organisation, and all that were told are there.
    async fn organisations(&mut self, entries: &BTreeMap<String, u64>) -> Result<usize, String> {
        let there: BTreeSet<String> =
            self.column("SELECT id AS it FROM organisation").await?.into_iter().collect();
        let in_chain: BTreeSet<String> = entries
            .keys()
            .filter_map(|subject| subject.strip_prefix("organisation:"))
            .map(str::to_owned)
            .collect();
        if there != in_chain {
            return Err("organisations and their entries are not the same".to_owned());
        }
        match self.told("organisation").into_iter().find(|id| !there.contains(*id)) {
            Some(id) => Err(format!("organisation {id} was told and is gone")),
            None => Ok(there.len()),
        }
    }

    /// Each has all of its rows and entries.
    async fn acts(&mut self, entries: &BTreeMap<String, u64>) -> Result<usize, String> {
        let text =
            "SELECT CAST(act AS TEXT) || ' ' || CAST(COUNT(*) AS TEXT) AS it FROM crash_row GROUP BY act";
        let mut there = BTreeSet::new();
        for line in self.column(text).await? {
            let (act, rows) = line.split_once(' ').ok_or("two words")?;
            let in_chain = entries.get(&format!("crash-row:{act}")).copied().unwrap_or(0);
            if rows != TOGETHER.to_string() || in_chain != TOGETHER.cast_unsigned() {
                return Err(format!("act {act} is half there: {rows} rows, {in_chain} entries"));
            }
            there.insert(act.to_owned());
        }
        let in_chain = entries.keys().filter(|subject| subject.starts_with("crash-row:")).count();
        if in_chain != there.len() {
            return Err(format!("{} acts have rows and {in_chain} have entries", there.len()));
        }
        match self.told("many").into_iter().find(|act| !there.contains(*act)) {
            Some(act) => Err(format!("act {act} was told and is gone")),
            None => Ok(there.len()),
        }
    }

    /// Each is there with all of its rows or not at all.
    async fn migrations(&mut self) -> Result<(), String> {
        let told = self.told("migrated").iter().filter_map(|number| number.parse().ok()).max().unwrap_or(0);
        if told > self.own {
            return Err(format!("migration {told} was told and is gone"));
        }
        let tables: BTreeSet<String> = self
            .read
            .tables()
            .await
            .map_err(|error| error.to_string())?
            .into_iter()
            .map(|table| table.name)
            .collect();
        for number in 1..=MIGRATIONS_MAX {
            if tables.contains(&format!("crash_{number}")) != (number <= self.own) {
                return Err(format!("migration {number} is half there"));
            }
        }
        for number in 1..=self.own {
            let text = format!("SELECT CAST(COUNT(*) AS TEXT) AS it FROM crash_{number}");
            if self.column(kept(text)).await? != [BY_MIGRATION.to_string()] {
                return Err(format!("migration {number} has not all of its rows"));
            }
        }
        Ok(())
    }

    /// The last that was told of each name is there, and the one that was written last can be restored: a file that has its name
    /// is not touched again but by the next, which takes its place at once.
    async fn backups(&self) -> Result<usize, String> {
        let mut last: BTreeMap<&str, u64> = BTreeMap::new();
        for line in self.told("backup") {
            let (name, size) = line.split_once(' ').ok_or("two words")?;
            last.insert(name, size.parse().map_err(|_| "a size is a number")?);
        }
        let mut there = Vec::new();
        for number in 0..4 {
            let name = format!("backup-{number}");
            let path = self.place.folder.join(&name);
            if !path.exists() {
                if last.contains_key(name.as_str()) {
                    return Err(format!("{name} was told and is gone"));
                }
                continue;
            }
            let written =
                path.metadata().and_then(|file| file.modified()).map_err(|error| error.to_string())?;
            there.push((written, name, path));
        }
        if let Some((_, name, path)) = there.iter().max() {
            let tried = backup::check(path, None, &schema(MIGRATIONS_MAX), Moment(0), &mut |_| ()).await;
            let tried = tried.map_err(|error| format!("{name}: {error:?}"))?;
            if tried.manifest.chain_size < last.get(name.as_str()).copied().unwrap_or(0) {
                return Err(format!("{name} is older than what was told of it"));
            }
        }
        Ok(there.len())
    }
}
