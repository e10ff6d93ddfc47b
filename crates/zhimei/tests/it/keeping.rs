//! What an installation is worth: its audit chain can be verified, it can be backed up, restored and brought up to date.

use std::path::Path;
use std::sync::Arc;

use platform::ground::chain::Algorithm;
use platform::ground::{Clock, Ground, Keys, Moment, OperatingSystem};
use store::{Location, Store, sql};

use super::serving::Server;
use super::support::{Folder, english};

/// A folder in which a server ran and recorded a few refused sign-ins.
fn used() -> (Folder, Server) {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    for _ in 0..3 {
        assert_eq!(server.ask("POST", "/api/v1/sessions", "{\"login\": \"a\", \"password\": \"b\"}").0, 401);
    }
    (folder, server)
}

/// Changes the database as somebody would who has it but not this program.
fn attack(database: &Path, statements: &[&'static str]) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    runtime.block_on(async {
        let location = Location::File(database.to_owned());
        let store = Store::open_beside(&location, &platform::schema()).await.expect("it opens");
        let mut write = store.write().await.expect("it can be written");
        for statement in statements {
            write.execute(sql(statement)).await.expect("the statement runs");
        }
        write.commit().await.expect("it is kept");
        store.close().await;
    });
}

#[test]
fn the_chain_is_verified_and_exported_beside_the_server_and_what_was_altered_is_named() {
    let (folder, server) = used();
    let verified = english(&folder, &["audit", "verify"]).ends_with(0);
    assert!(verified.out.contains("the audit chain is whole: 6 entries"), "{}", verified.out);
    let exported = english(&folder, &["audit", "export", "--out", "audit.jsonl"]).ends_with(0);
    assert!(exported.err.contains("6 entries with their proofs"), "{}", exported.err);
    let lines = std::fs::read_to_string(folder.path("audit.jsonl")).expect("it was written");
    assert_eq!(
        lines.lines().count(),
        7,
        "the head and six entries: the seed, the start, the first link, three refusals"
    );
    let none = english(&folder, &["audit", "export", "--from", "99", "--out", "none.jsonl"]).ends_with(2);
    assert!(none.err.contains("entries 1 to 7 are there"), "{}", none.err);
    assert!(!folder.path("none.jsonl").exists());
    assert_eq!(server.stop().0, Some(0));

    let heads = english(&folder, &["audit", "heads", "--json"]).ends_with(0);
    folder.write("kept.jsonl", &heads.out);
    assert_eq!(
        heads.out.lines().count(),
        1,
        "one for the export, and nothing was new at the end: {}",
        heads.out
    );
    let json = english(&folder, &["audit", "verify", "--heads", "kept.jsonl", "--json"]).ends_with(0).json();
    assert_eq!((&json["filed_heads"], &json["finding"]), (&1.into(), &serde_json::Value::Null));

    let database = folder.path("zhimei-data/zhimei.db");
    attack(
        &database,
        &["DROP TRIGGER audit_entry_stays", "UPDATE audit_entry SET actor = 'nobody' WHERE position = 3"],
    );
    let altered = english(&folder, &["audit", "verify"]).ends_with(1);
    assert!(altered.out.contains("entry 3 was altered or put in"), "{}", altered.out);
    let json = english(&folder, &["audit", "verify", "--json"]).ends_with(1).json();
    assert_eq!((&json["finding"]["code"], &json["finding"]["position"]), (&"altered".into(), &3.into()));
    attack(&database, &["UPDATE audit_head SET hash = x'00'"]);
    english(&folder, &["audit", "verify"]).ends_with(1);
    let missing = english(&folder, &["audit", "verify", "--heads", "nowhere.jsonl"]).ends_with(2);
    assert!(missing.err.contains("cannot read nowhere.jsonl"), "{}", missing.err);
}

#[test]
fn a_backup_of_a_running_server_is_restored_elsewhere_and_a_server_starts_on_it() {
    let (folder, server) = used();
    folder.write("zhimei-data/uploads/a/b", "handed in");
    let made = english(&folder, &["backup", "--out", "one.backup"]).ends_with(0);
    assert!(
        made.err.contains("restored once on trial") && made.err.contains("keys are not in it"),
        "{}",
        made.err
    );
    assert_eq!(server.ask("POST", "/api/v1/sessions", "{\"login\": \"a\", \"password\": \"b\"}").0, 401);
    let again = english(&folder, &["backup", "--out", "one.backup"]).ends_with(2);
    assert!(again.err.contains("one.backup is there already"), "{}", again.err);
    let onto = english(&folder, &["restore", "one.backup"]).ends_with(2);
    assert!(onto.err.contains("Another process is using"), "{}", onto.err);
    assert_eq!(server.stop().0, Some(0));
    let onto = english(&folder, &["restore", "one.backup"]).ends_with(2);
    assert!(onto.err.contains("is not empty"), "{}", onto.err);

    let restored = english(&folder, &["restore", "one.backup", "--data", "new"]).ends_with(0);
    assert!(restored.err.contains("put the former keys back into new/keys"), "{}", restored.err);
    assert_eq!(std::fs::read_to_string(folder.path("new/uploads/a/b")).unwrap(), "handed in");
    folder.write("new/keys/seal.key", std::fs::read(folder.path("zhimei-data/keys/seal.key")).unwrap());
    folder.write("new/keys/head.key", std::fs::read(folder.path("zhimei-data/keys/head.key")).unwrap());
    for key in ["seal.key", "head.key"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(folder.path("new/keys").join(key), mode).unwrap();
    }
    assert_eq!(Server::start(&folder, &["--data", "new"]).stop().0, Some(0));
    english(&folder, &["audit", "verify", "--data", "new"]).ends_with(0);
    let later = ["audit", "verify", "--data", "new", "--heads", "zhimei-data/audit-heads.jsonl"];
    let later = english(&folder, &later).ends_with(1);
    assert!(later.out.contains('✗'), "heads of after the backup tell that something is gone: {}", later.out);
}

#[test]
fn keys_leave_only_in_an_encrypted_backup_and_come_back_with_it() {
    let (folder, server) = used();
    folder.write("passphrase", "four words of chance\n");
    folder.write("short", "short\n");
    english(&folder, &["backup", "--out", "x", "--with-keys"]).ends_with(2);
    let short = english(&folder, &["backup", "--out", "x", "--passphrase-file", "short"]).ends_with(2);
    assert!(short.err.contains("at least 12 characters"), "{}", short.err);
    let make = ["backup", "--out", "sealed", "--passphrase-file", "passphrase", "--with-keys"];
    english(&folder, &make).ends_with(0);
    server.stop();
    let closed = english(&folder, &["restore", "sealed", "--data", "new"]).ends_with(2);
    assert!(closed.err.contains("--passphrase-file"), "{}", closed.err);
    let open = ["restore", "sealed", "--data", "new", "--passphrase-file", "passphrase"];
    let restored = english(&folder, &open).ends_with(0);
    assert!(!restored.err.contains("put the"), "{}", restored.err);
    english(&folder, &["audit", "verify", "--data", "new"]).ends_with(0);
    let entries = english(&folder, &["audit", "export", "--data", "new", "--out", "new.jsonl"]).ends_with(0);
    assert!(entries.err.contains("8 entries"), "the backup and its restoring are entries: {}", entries.err);
    assert!(std::fs::read_to_string(folder.path("new.jsonl")).unwrap().contains("backup.restore"));
}

#[test]
fn an_older_database_is_saved_and_brought_up_to_date_and_a_running_one_is_left_alone() {
    let (folder, server) = used();
    let running = english(&folder, &["migrate"]).ends_with(2);
    assert!(running.err.contains("Another process is using"), "{}", running.err);
    server.stop();
    let nothing = english(&folder, &["migrate"]).ends_with(0);
    assert!(nothing.out.contains("there is nothing to do"), "{}", nothing.out);
    let nowhere = english(&folder, &["migrate", "--data", "nowhere"]).ends_with(2);
    assert!(nowhere.err.contains("there is no database nowhere/zhimei.db"), "{}", nowhere.err);

    let last = older(&folder.path("zhimei-data/zhimei.db"), &folder.path("old"));
    let refused = english(&folder, &["serve", "--data", "old", "--listen", "127.0.0.1:0"]).ends_with(2);
    assert!(refused.err.contains(&last) && refused.err.contains("migrate"), "{}", refused.err);
    let plan = english(&folder, &["migrate", "--plan", "--data", "old"]).ends_with(1);
    assert!(plan.out.contains("1 migrations are to be done") && plan.out.contains(&last), "{}", plan.out);
    let done = english(&folder, &["migrate", "--data", "old"]).ends_with(0);
    assert!(done.err.contains("backed up to old/backups/before-migration-"), "{}", done.err);
    assert_eq!(Server::start(&folder, &["--data", "old"]).stop().0, Some(0));
    english(&folder, &["audit", "verify", "--data", "old"]).ends_with(0);
    let saved = std::fs::read_dir(folder.path("old/backups")).unwrap().next().unwrap().unwrap().path();
    let back = ["restore", &saved.display().to_string(), "--data", "back"];
    let back = english(&folder, &back).ends_with(0);
    assert!(back.err.contains("run zhimei migrate"), "{}", back.err);
}

/// A data folder whose database lacks the last migration that another has; its name.
fn older(of: &Path, folder: &Path) -> String {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    runtime.block_on(async {
        let schema = platform::schema();
        let store = Store::open_beside(&Location::File(of.to_owned()), &schema)
            .await
            .expect("a data folder of the test");
        let mut applied = store
            .read()
            .await
            .expect("a data folder of the test")
            .applied()
            .await
            .expect("a data folder of the test")
            .expect("a data folder of the test");
        store.close().await;
        let last = applied.pop().expect("a data folder of the test").name;
        let location = Location::File(folder.join("zhimei.db"));
        let store =
            Store::open(&location, &schema.as_applied(&applied).expect("a data folder of the test"), 0)
                .await
                .expect("a data folder of the test");
        let keys = Keys::create(&folder.join("keys"), &OperatingSystem).expect("a data folder of the test");
        let (clock, chance) = (Arc::new(Beginning), Arc::new(OperatingSystem));
        Ground::open(store.clone(), keys, clock, chance, Algorithm::Sha256)
            .await
            .expect("a data folder of the test");
        store.close().await;
        last
    })
}

/// A clock that stands still.
struct Beginning;

impl Clock for Beginning {
    fn now(&self) -> Moment {
        Moment(0)
    }
}
