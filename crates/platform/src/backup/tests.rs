//! What goes into a backup comes out of it, into either database, or nothing does.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use store::testing::{NOW_MS, TestStore};
use store::{Location, Migration, Schema, Store};

use super::*;
use crate::ground::chain::{self, FiledHeads};
use crate::ground::testing::{Drawn, TestGround};
use crate::ground::{Caller, Moment, RequestId};

/// With a table that has every kind of column.
fn schema() -> Schema {
    Schema::new([
        store::jobs::MIGRATION,
        chain::MIGRATION,
        Migration {
            name: "test-1",
            text: "CREATE TABLE thing (\n    id BIGINT NOT NULL PRIMARY KEY,\n    name TEXT,\n    digest BYTEA,\n    is_open BOOLEAN\n);\n",
        },
    ])
}

fn later_schema() -> Schema {
    Schema::new([
        store::jobs::MIGRATION,
        chain::MIGRATION,
        schema_tail(),
        Migration { name: "test-2", text: "CREATE TABLE more (\n    id BIGINT NOT NULL PRIMARY KEY\n);\n" },
    ])
}

fn schema_tail() -> Migration {
    Migration {
        name: "test-1",
        text: "CREATE TABLE thing (\n    id BIGINT NOT NULL PRIMARY KEY,\n    name TEXT,\n    digest BYTEA,\n    is_open BOOLEAN\n);\n",
    }
}

store::on_both_databases!(schema;
    a_backup_goes_into_either_database_and_everything_is_there,
    a_backup_under_a_passphrase_opens_with_it_alone,
    nothing_altered_or_cut_off_is_restored,
    a_chain_that_does_not_verify_is_no_backup,
    an_older_backup_is_restored_as_it_was_and_told_what_it_lacks,
    a_database_that_has_anything_and_files_in_the_way_are_left_alone,
    a_backup_is_one_state_while_others_write,
);

struct World {
    ground: TestGround,
}

impl World {
    async fn new(test: TestStore) -> Self {
        let ground = TestGround::new(test).await;
        let things = "INSERT INTO thing VALUES (1, '甲', NULL, TRUE); INSERT INTO thing VALUES (2, NULL, NULL, NULL); \
                      INSERT INTO thing VALUES (-9223372036854775807, '', NULL, FALSE);";
        ground.test.store.run_script(things).await.unwrap();
        let it = Self { ground };
        for number in 1..=7 {
            it.act(number).await;
        }
        std::fs::create_dir_all(it.folder("beside/uploads/ab")).unwrap();
        chain::file_head(&it.ground.ground, &it.folder("beside/audit-heads.jsonl")).await.unwrap();
        let long: Vec<u8> = (0..300_000_u32).map(|number| u8::try_from(number % 251).unwrap()).collect();
        std::fs::write(it.folder("beside/uploads/ab/cd"), long).unwrap();
        std::fs::write(it.folder("beside/uploads/empty"), "").unwrap();
        it
    }

    async fn act(&self, number: u64) {
        let mut verb = self.ground.ground.begin(&Caller::system(RequestId::new("r"))).await.unwrap();
        verb.record("test.act", format!("thing:{number}"), None, Some(json!({ "number": number })));
        verb.commit().await.unwrap();
        self.ground.clock.advance(Duration::from_secs(60));
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.ground.test.folder.join(name)
    }

    fn beside(&self) -> Vec<Beside> {
        let names = ["audit-heads.jsonl", "uploads/ab/cd", "uploads/empty"];
        let one = |name: &str| Beside { name: name.to_owned(), path: self.folder("beside").join(name) };
        names.map(one).to_vec()
    }

    async fn make(&self, passphrase: Option<&str>) -> Result<Made, BackupError> {
        let (schema, beside) = (schema(), self.beside());
        let source = Source {
            store: &self.ground.test.store,
            schema: &schema,
            keys: self.ground.ground.keys(),
            beside: &beside,
            now: Moment(NOW_MS),
        };
        make(source, &self.folder("backup"), passphrase, &Drawn::new(5), &mut |_| ()).await
    }

    async fn restore(
        &self,
        location: &Location,
        passphrase: Option<&str>,
        schema: &Schema,
    ) -> Result<Restored, BackupError> {
        let target = Target { location, folder: &self.folder("restored"), schema, now: Moment(NOW_MS) };
        restore(&self.folder("backup"), passphrase, target, &mut |_| ()).await
    }

    fn sqlite(&self, name: &str) -> Location {
        Location::File(self.folder(name))
    }
}

/// Every row of every table as lines.
async fn lines_of(store: &Store) -> Vec<String> {
    let mut read = store.read().await.unwrap();
    let mut lines = Vec::new();
    for table in read.tables().await.unwrap() {
        for row in read.rows_after(&table, None, 1_000).await.unwrap() {
            lines.push(format!("{} {}", table.name, record::row_line(&row)));
        }
    }
    lines
}

async fn a_backup_goes_into_either_database_and_everything_is_there(test: TestStore) {
    let another = test.another().await;
    let world = World::new(test).await;
    let made = world.make(None).await.unwrap();
    assert_eq!((made.files, made.manifest.chain_size), (3, 7));
    let before = lines_of(&world.ground.test.store).await;
    assert!(before.len() as u64 == made.rows && before.iter().any(|line| line == "thing [1,\"甲\",null,1]"));
    let folder = std::fs::read_dir(world.folder("")).unwrap();
    let hidden =
        folder.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 0, "neither part nor trial is left");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(world.folder("backup")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    for location in [world.sqlite("restored.db"), another] {
        let restored = world.restore(&location, None, &schema()).await.unwrap();
        assert_eq!((restored.rows, restored.entries, restored.missing.len()), (made.rows, 7, 0));
        let store = Store::open(&location, &schema(), NOW_MS).await.unwrap();
        assert_eq!(lines_of(&store).await, before);
        let key = world.ground.ground.keys().verifying_key();
        let filed = FiledHeads::read(&world.folder("restored/audit-heads.jsonl"), &key).unwrap();
        let verified = chain::verify(&mut store.read().await.unwrap(), &filed, &key).await.unwrap();
        assert_eq!((verified.heads, verified.finding), (1, None));
        store.close().await;
    }
    for beside in world.beside() {
        let restored = world.folder("restored").join(&beside.name);
        assert_eq!(std::fs::read(&beside.path).unwrap(), std::fs::read(restored).unwrap(), "{beside:?}");
    }
}

async fn a_backup_under_a_passphrase_opens_with_it_alone(test: TestStore) {
    let world = World::new(test).await;
    world.make(Some("four words of chance")).await.unwrap();
    let bytes = std::fs::read(world.folder("backup")).unwrap();
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("argon2id") && !holds("test.act") && !holds("thing"));
    let restore = async |passphrase| world.restore(&world.sqlite("a.db"), passphrase, &schema()).await;
    assert!(matches!(restore(None).await, Err(BackupError::NeedsPassphrase)));
    assert!(matches!(restore(Some("four words of chance ")).await, Err(BackupError::Passphrase)));
    assert!(restore(Some("four words of chance")).await.is_ok());
}

/// At every few bytes: changed, and cut off there.
async fn nothing_altered_or_cut_off_is_restored(test: TestStore) {
    let world = World::new(test).await;
    for passphrase in [None, Some("four words of chance")] {
        world.make(passphrase).await.unwrap();
        let whole = std::fs::read(world.folder("backup")).unwrap();
        let step = if passphrase.is_some() { whole.len() / 5 } else { whole.len() / 12 };
        for place in (0..whole.len()).step_by(step).chain([whole.len() - 1]) {
            let mut altered = whole.clone();
            altered[place] ^= 4;
            for wrong in [&altered[..], &whole[..place]] {
                std::fs::write(world.folder("backup"), wrong).unwrap();
                let restored = world.restore(&world.sqlite("b.db"), passphrase, &schema()).await;
                assert!(restored.is_err(), "byte {place} of {}", whole.len());
                assert!(!world.folder("restored").join("uploads").exists());
            }
        }
        let behind = [&whole[..], b"\n"].concat();
        std::fs::write(world.folder("backup"), behind).unwrap();
        let restored = world.restore(&world.sqlite("b.db"), passphrase, &schema()).await;
        assert!(restored.is_err() || passphrase.is_some(), "something stands behind the end");
        std::fs::remove_file(world.folder("backup")).unwrap();
        drop(std::fs::remove_dir_all(world.folder("restored")));
        drop(std::fs::remove_file(world.folder("b.db")));
    }
}

async fn a_chain_that_does_not_verify_is_no_backup(test: TestStore) {
    let world = World::new(test).await;
    let gone = "DELETE FROM audit_value WHERE position = 3;";
    world.ground.test.store.run_script(gone).await.unwrap();
    let made = world.make(None).await;
    let Err(BackupError::Chain(finding)) = made else { panic!("{made:?}") };
    assert_eq!(finding, chain::Finding::ValueMissing { position: 3 });
    assert!(!world.folder("backup").exists());
}

async fn an_older_backup_is_restored_as_it_was_and_told_what_it_lacks(test: TestStore) {
    let another = test.another().await;
    let world = World::new(test).await;
    world.make(None).await.unwrap();
    let restored = world.restore(&another, None, &later_schema()).await.unwrap();
    assert_eq!(restored.missing, ["test-2"]);
    let (store, plan) = Store::open_and_migrate(&another, &later_schema(), NOW_MS).await.unwrap();
    assert_eq!(plan.missing, ["test-2"]);
    store.close().await;
    let foreign = Schema::new([store::jobs::MIGRATION]);
    let newer = world.restore(&world.sqlite("c.db"), None, &foreign).await;
    assert!(matches!(newer, Err(BackupError::Store(store::StoreError::SchemaNewer { .. }))), "{newer:?}");
}

async fn a_database_that_has_anything_and_files_in_the_way_are_left_alone(test: TestStore) {
    let world = World::new(test).await;
    world.make(None).await.unwrap();
    let own = world.ground.test.location.clone();
    let onto_itself = world.restore(&own, None, &schema()).await;
    let expected = match own {
        Location::File(_) => {
            matches!(onto_itself, Err(BackupError::Store(store::StoreError::OwnedByAnother(_))))
        }
        Location::Url(_) => matches!(onto_itself, Err(BackupError::Store(store::StoreError::NotEmpty))),
    };
    assert!(expected, "{onto_itself:?}");
    let place = world.folder("restored/uploads/empty");
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    std::fs::write(&place, "somebody's").unwrap();
    let restored = world.restore(&world.sqlite("d.db"), None, &schema()).await;
    assert!(matches!(restored, Err(BackupError::InTheWay(_))), "{restored:?}");
    assert_eq!(std::fs::read(&place).unwrap(), b"somebody's");
    std::fs::write(&place, "").unwrap();
    world.restore(&world.sqlite("d.db"), None, &schema()).await.unwrap();
}

async fn a_backup_is_one_state_while_others_write(test: TestStore) {
    let world = std::sync::Arc::new(World::new(test).await);
    let writing = tokio::spawn({
        let world = world.clone();
        async move {
            for number in 100..200 {
                world.act(number).await;
            }
        }
    });
    let mut sizes = Vec::new();
    while !writing.is_finished() {
        let made = world.make(None).await.unwrap();
        sizes.push(made.manifest.chain_size);
        assert!(Path::new(&world.folder("backup")).exists());
    }
    writing.await.unwrap();
    // Where writing was quicker than one backup, this is the first that has all of it.
    sizes.push(world.make(None).await.unwrap().manifest.chain_size);
    assert!(sizes.is_sorted() && sizes.last() > Some(&7), "{sizes:?}");
}
