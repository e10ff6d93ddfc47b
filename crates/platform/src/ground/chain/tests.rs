//! Every way in which somebody with the database could lie, and what verification says of it.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

use std::time::Duration;

use facts::Date;
use serde_json::json;
use store::Schema;
use store::testing::TestStore;

use super::*;
use crate::ground::testing::TestGround;
use crate::ground::{Keys, RequestId};

fn schema() -> Schema {
    Schema::new([store::jobs::MIGRATION, MIGRATION])
}

store::on_both_databases!(schema;
    an_untouched_chain_verifies_against_database_and_file,
    a_verb_that_records_nothing_writes_nothing,
    an_altered_field_is_named,
    an_altered_or_removed_value_is_named,
    a_removed_entry_is_named,
    two_entries_that_changed_places_are_named,
    an_entry_put_in_is_named,
    an_entry_put_behind_the_end_is_named,
    a_cut_end_is_named_even_where_the_head_was_cut_too,
    a_chain_made_anew_is_found_by_the_filed_head,
    a_swapped_head_is_found_and_nothing_more_is_written_behind_it,
    an_altered_line_of_filed_heads_is_named,
    the_database_itself_refuses_to_change_entries,
    erased_values_are_told_as_erased,
    entries_younger_than_half_a_year_are_never_removed,
    what_stays_after_removing_verifies_and_can_be_exported,
    an_export_proves_itself_without_a_database_and_an_altered_one_does_not,
    sm3_carries_a_chain_as_well,
    positions_of_many_writers_are_one_chain,
);

fn caller() -> Caller {
    Caller::system(RequestId::new("r-1"))
}

async fn act(ground: &Ground, number: u64) {
    let mut verb = ground.begin(&caller()).await.unwrap();
    verb.record(
        "test.act",
        format!("thing:{number}"),
        (number > 1).then(|| json!({ "number": number - 1 })),
        Some(json!({ "number": number })),
    );
    verb.commit().await.unwrap();
}

/// A chain of ten entries whose head was filed after six.
async fn ten(test: TestStore) -> TestGround {
    let ground = TestGround::new(test).await;
    for number in 1..=10 {
        act(&ground.ground, number).await;
        if number == 6 {
            ground.file().await;
        }
    }
    ground
}

impl TestGround {
    fn heads_path(&self) -> std::path::PathBuf {
        self.test.folder.join("heads.jsonl")
    }

    async fn file(&self) -> FiledHead {
        file_head(&self.ground, &self.heads_path()).await.unwrap().expect("the chain has grown")
    }

    fn filed(&self) -> FiledHeads {
        FiledHeads::read(&self.heads_path(), &self.ground.keys().verifying_key()).unwrap()
    }

    async fn verified(&self) -> Verified {
        let mut read = self.ground.read().await.unwrap();
        verify(&mut read, &self.filed(), &self.ground.keys().verifying_key()).await.unwrap()
    }

    async fn finding(&self) -> Option<Finding> {
        self.verified().await.finding
    }

    /// Does as somebody would who owns the database: opens the door, then changes what stands behind it.
    async fn attack(&self, script: &str) {
        let on = match self.test.store.kind() {
            store::Kind::Sqlite => "",
            store::Kind::Postgres => " ON audit_entry",
        };
        let open = ["audit_entry_stays", "audit_entry_kept"]
            .map(|trigger| format!("DROP TRIGGER IF EXISTS {trigger}{on};"))
            .concat();
        self.test.store.run_script(&format!("{open}\n{script}")).await.unwrap();
    }
}

/// All lines of an export.
async fn export(
    transaction: &mut Transaction,
    head: &FiledHead,
    from: u64,
    to: u64,
) -> Result<Option<Vec<String>>, Fault> {
    let Some(mut exporting) = Exporting::begin(transaction, head, from, to).await? else {
        return Ok(None);
    };
    let mut lines = vec![exporting.head_line()];
    while exporting.left() > 0 {
        lines.extend(exporting.next_lines(transaction).await?);
    }
    assert!(exporting.next_lines(transaction).await?.is_empty());
    Ok(Some(lines))
}

async fn an_untouched_chain_verifies_against_database_and_file(test: TestStore) {
    let ground = ten(test).await;
    let verified = ground.verified().await;
    assert_eq!((verified.entries, verified.heads, verified.finding), (10, 1, None));
    assert!(file_head(&ground.ground, &ground.heads_path()).await.unwrap().is_some());
    assert!(file_head(&ground.ground, &ground.heads_path()).await.unwrap().is_none(), "nothing has changed");
    assert_eq!(ground.verified().await.heads, 2);
    let mut read = ground.ground.read().await.unwrap();
    let latest = search(&mut read, &Wanted { subject: Some("thing:7".to_owned()), ..Wanted::default() }, 9)
        .await
        .unwrap();
    assert_eq!(latest.len(), 1);
    assert_eq!(latest[0].value(ValueSide::After), Some("{\"number\":7}"));
    assert_eq!((latest[0].actor.as_str(), latest[0].request.as_str()), ("system", "r-1"));
    let page = search(&mut read, &Wanted { before: 10, ..Wanted::default() }, 99).await.unwrap();
    assert_eq!(
        page.iter().map(|entry| entry.position).collect::<Vec<_>>(),
        (1..=9).rev().collect::<Vec<_>>()
    );
}

async fn a_verb_that_records_nothing_writes_nothing(test: TestStore) {
    let ground = TestGround::new(test).await;
    let verb = ground.ground.begin(&caller()).await.unwrap();
    assert!(matches!(verb.commit().await, Err(Fault::Unrecorded)));
    assert_eq!(ground.verified().await.entries, 0);
}

async fn an_altered_field_is_named(test: TestStore) {
    let ground = ten(test).await;
    ground.attack("UPDATE audit_entry SET actor = 'visitor' WHERE position = 4;").await;
    assert_eq!(ground.finding().await, Some(Finding::Altered { position: 4 }));
    ground.attack("UPDATE audit_entry SET actor = 'system' WHERE position = 4;").await;
    assert_eq!(ground.finding().await, None);
    for change in [
        "at_ms = at_ms + 1",
        "action = 'test.other'",
        "subject = 'thing:5'",
        "acting_for = ''",
        "request_id = 'r-2'",
        "before_digest = NULL",
    ] {
        ground.attack(&format!("UPDATE audit_entry SET {change} WHERE position = 9;")).await;
        assert_eq!(ground.finding().await, Some(Finding::Altered { position: 9 }), "{change}");
    }
}

async fn an_altered_or_removed_value_is_named(test: TestStore) {
    let ground = ten(test).await;
    ground
        .attack("UPDATE audit_value SET value = '{\"number\":70}' WHERE position = 7 AND side = 'after';")
        .await;
    assert_eq!(ground.finding().await, Some(Finding::ValueAltered { position: 7 }));
    ground.attack("DELETE FROM audit_value WHERE position = 7 AND side = 'after';").await;
    assert_eq!(ground.finding().await, Some(Finding::ValueMissing { position: 7 }));
}

async fn a_removed_entry_is_named(test: TestStore) {
    let ground = ten(test).await;
    ground.attack("DELETE FROM audit_entry WHERE position = 3;").await;
    assert_eq!(ground.finding().await, Some(Finding::Missing { position: 3 }));
    // The gap closed up does not help: the entry behind it no longer follows.
    for position in 4..=10 {
        ground
            .attack(&format!(
                "UPDATE audit_entry SET position = {} WHERE position = {position};",
                position - 1
            ))
            .await;
    }
    assert_eq!(ground.finding().await, Some(Finding::Altered { position: 3 }));
}

async fn two_entries_that_changed_places_are_named(test: TestStore) {
    let ground = ten(test).await;
    for (one, other) in [(4, 5), (2, 8)] {
        let swap = ["audit_value", "audit_entry"].map(|table| {
            format!(
                "UPDATE {table} SET position = -1 WHERE position = {one}; \
                 UPDATE {table} SET position = {one} WHERE position = {other}; \
                 UPDATE {table} SET position = {other} WHERE position = -1;"
            )
        });
        ground.attack(&swap.concat()).await;
        assert_eq!(ground.finding().await, Some(Finding::Reordered { position: one, belongs_at: other }));
        ground.attack(&swap.concat()).await;
        assert_eq!(ground.finding().await, None, "back in their places they are as they were");
    }
}

async fn an_entry_put_in_is_named(test: TestStore) {
    let ground = ten(test).await;
    for position in (5..=10).rev() {
        ground
            .attack(&format!(
                "UPDATE audit_entry SET position = {} WHERE position = {position};",
                position + 1
            ))
            .await;
    }
    ground.attack(&copy_of(4, 5)).await;
    assert_eq!(ground.finding().await, Some(Finding::Altered { position: 5 }));
}

/// A further entry with what another says.
fn copy_of(position: u64, at: u64) -> String {
    format!(
        "INSERT INTO audit_entry (position, at_ms, actor, acting_for, action, subject, before_digest, after_digest, \
         request_id, hash) SELECT {at}, at_ms, actor, acting_for, action, subject, before_digest, after_digest, \
         request_id, hash FROM audit_entry WHERE position = {position};"
    )
}

async fn an_entry_put_behind_the_end_is_named(test: TestStore) {
    let ground = ten(test).await;
    ground.attack(&copy_of(10, 11)).await;
    assert_eq!(ground.finding().await, Some(Finding::Beyond { position: 11 }));
}

async fn a_cut_end_is_named_even_where_the_head_was_cut_too(test: TestStore) {
    let ground = ten(test).await;
    ground.file().await;
    ground.attack("DELETE FROM audit_entry WHERE position > 8;").await;
    assert_eq!(ground.finding().await, Some(Finding::Truncated { last: 8, size: 10 }));
    // A head of eight entries that we signed once, as an older backup holds it.
    let mut shorter = Head::empty(Algorithm::Sha256);
    let mut read = ground.ground.read().await.unwrap();
    for (_, hash) in sql::hashes_after(&mut read, 0, 8).await.unwrap() {
        shorter.add(hash);
    }
    drop(read);
    let mut write = ground.ground.housekeeping().await.unwrap();
    sql::update_head(&mut write, &shorter, &shorter.sign(ground.ground.keys())).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(ground.finding().await, Some(Finding::Truncated { last: 8, size: 10 }));
}

/// With the signing key even, which lies outside the database, the filed heads remain.
async fn a_chain_made_anew_is_found_by_the_filed_head(test: TestStore) {
    let ground = ten(test).await;
    let mut read = ground.ground.read().await.unwrap();
    let mut entries = sql::entries_after(&mut read, 0, PAGE_MAX).await.unwrap();
    drop(read);
    ground.attack("DELETE FROM audit_value; DELETE FROM audit_entry;").await;
    entries[3].actor = "visitor".to_owned();
    let mut head = Head::empty(Algorithm::Sha256);
    let mut write = ground.ground.housekeeping().await.unwrap();
    for entry in &mut entries {
        entry.hash = entry.hash_after(head.algorithm, head.hash);
        head.add(entry.hash);
        sql::insert_entry(&mut write, entry).await.unwrap();
    }
    let foreign = Keys::new([1; 32], [9; 32]);
    sql::update_head(&mut write, &head, &head.sign(&foreign)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(ground.finding().await, Some(Finding::MadeAnew { size: 6 }));
    std::fs::remove_file(ground.heads_path()).unwrap();
    assert_eq!(ground.finding().await, Some(Finding::HeadAltered), "without the file the signature tells");
    let mut write = ground.ground.housekeeping().await.unwrap();
    sql::update_head(&mut write, &head, &head.sign(ground.ground.keys())).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(ground.finding().await, None, "who has database, key and file has everything");
}

async fn a_swapped_head_is_found_and_nothing_more_is_written_behind_it(test: TestStore) {
    let ground = ten(test).await;
    ground.attack("UPDATE audit_head SET size = 9;").await;
    assert_eq!(ground.finding().await, Some(Finding::HeadAltered), "peaks that do not fit the size");
    ground.attack("UPDATE audit_head SET size = 10;").await;
    assert_eq!(ground.finding().await, None);
    let hash = match ground.test.store.kind() {
        store::Kind::Sqlite => "UPDATE audit_head SET hash = zeroblob(32);",
        store::Kind::Postgres => "UPDATE audit_head SET hash = decode(repeat('00', 32), 'hex');",
    };
    ground.attack(hash).await;
    assert_eq!(ground.finding().await, Some(Finding::HeadAltered));
    let mut verb = ground.ground.begin(&caller()).await.unwrap();
    verb.record("test.act", "thing:11", None, None);
    assert!(matches!(verb.commit().await, Err(Fault::ForeignHead)), "a false head is never signed");
    ground.attack("DELETE FROM audit_head;").await;
    assert_eq!(ground.finding().await, Some(Finding::HeadAltered));
}

async fn an_altered_line_of_filed_heads_is_named(test: TestStore) {
    let ground = ten(test).await;
    ground.file().await;
    act(&ground.ground, 11).await;
    ground.file().await;
    let path = ground.heads_path();
    let whole = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let with = |lines: Vec<String>| std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    let altered = lines[1].replace("\"size\":10", "\"size\":9");
    with(vec![lines[0].to_owned(), altered, lines[2].to_owned()]);
    assert_eq!(ground.finding().await, Some(Finding::FiledHeadAltered { line: 2 }));
    with(vec![lines[0].to_owned(), lines[2].to_owned()]);
    assert_eq!(ground.finding().await, Some(Finding::FiledHeadAltered { line: 2 }), "one was taken out");
    with(vec![lines[1].to_owned(), lines[0].to_owned(), lines[2].to_owned()]);
    assert_eq!(ground.finding().await, Some(Finding::FiledHeadAltered { line: 1 }));
    // A line that a stop of the machine cut short is nobody's lie; the next filing takes it off.
    std::fs::write(&path, format!("{}\n{}", lines[0], &lines[1][..40])).unwrap();
    assert_eq!(ground.finding().await, None);
    ground.file().await;
    assert_eq!((ground.verified().await.heads, ground.finding().await), (2, None));
}

async fn the_database_itself_refuses_to_change_entries(test: TestStore) {
    let ground = ten(test).await;
    for script in ["UPDATE audit_entry SET actor = 'visitor'", "DELETE FROM audit_entry WHERE position = 1"] {
        assert!(ground.test.store.run_script(script).await.is_err(), "{script}");
    }
    assert_eq!(ground.finding().await, None);
}

async fn erased_values_are_told_as_erased(test: TestStore) {
    let ground = ten(test).await;
    let erase = async |position| {
        let mut verb = ground.ground.begin(&caller()).await.unwrap();
        let erased = erase_values(&mut verb, position, "个人信息保护法第四十七条").await.unwrap();
        if erased {
            verb.commit().await.unwrap();
        }
        erased
    };
    assert!(erase(7).await);
    assert!(!erase(7).await, "nothing is left of it");
    assert!(!erase(70).await);
    let verified = ground.verified().await;
    assert_eq!(verified.finding, None);
    assert_eq!(verified.erased[&7].ground, "个人信息保护法第四十七条");
    assert_eq!(verified.erased[&7].at, ground.ground.now());
}

async fn prune_before(ground: &TestGround, day: Date) -> Result<Pruned, NotPruned> {
    let mut verb = ground.ground.begin(&caller()).await.unwrap();
    let pruned = prune(&mut verb, &ground.filed(), day).await.unwrap();
    if pruned.is_ok() {
        verb.commit().await.unwrap();
    }
    pruned
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

async fn entries_younger_than_half_a_year_are_never_removed(test: TestStore) {
    let ground = ten(test).await;
    assert_eq!(ground.ground.now().day(), day("2026-11-30"));
    let refused = prune_before(&ground, day("2026-11-30")).await;
    assert_eq!(refused, Err(NotPruned::TooYoung { earliest: day("2026-05-30") }));
    assert_eq!(prune_before(&ground, day("2026-05-30")).await, Err(NotPruned::Nothing));
    // Half a year later to the day, what was written on 30 November may go only from the day after.
    ground.clock.advance(Duration::from_secs(181 * 86_400));
    assert_eq!(ground.ground.now().day(), day("2027-05-30"));
    assert_eq!(
        prune_before(&ground, day("2026-12-01")).await,
        Err(NotPruned::TooYoung { earliest: day("2026-11-30") })
    );
    assert_eq!(prune_before(&ground, day("2026-11-30")).await, Err(NotPruned::Nothing));
    ground.clock.advance(Duration::from_secs(2 * 86_400));
    let pruned = prune_before(&ground, day("2026-12-01")).await;
    assert_eq!(pruned, Ok(Pruned { up_to: 6, entries: 6 }), "up to the head that was filed");
}

async fn what_stays_after_removing_verifies_and_can_be_exported(test: TestStore) {
    let ground = ten(test).await;
    ground.clock.advance(Duration::from_secs(400 * 86_400));
    prune_before(&ground, day("2026-12-01")).await.unwrap();
    let verified = ground.verified().await;
    assert_eq!((verified.pruned_up_to, verified.entries, verified.finding), (6, 5, None));
    let head = ground.file().await;
    let key = ground.ground.keys().verifying_key();
    let mut read = ground.ground.read().await.unwrap();
    let lines = export(&mut read, &head, 7, 11).await.unwrap().unwrap();
    let entries = verify_export(&lines, &key).unwrap();
    assert_eq!(entries.keys().copied().collect::<Vec<_>>(), [7, 8, 9, 10, 11]);
    assert_eq!(export(&mut read, &head, 6, 7).await.unwrap(), None, "entry 6 is gone");
    drop(read);
    // A checkpoint that nothing in the chain tells of, made of a head that was signed once.
    let mut forged = Head::empty(Algorithm::Sha256);
    let mut write = ground.ground.housekeeping().await.unwrap();
    let known = sql::checkpoint(&mut write, Algorithm::Sha256).await.unwrap().unwrap().head;
    forged.clone_from(&known);
    for (_, hash) in sql::hashes_after(&mut write, 6, 2).await.unwrap() {
        forged.add(hash);
    }
    sql::set_checkpoint(&mut write, &forged, &forged.sign(ground.ground.keys())).await.unwrap();
    sql::delete_up_to(&mut write, 8).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(ground.finding().await, Some(Finding::CheckpointAltered));
}

async fn an_export_proves_itself_without_a_database_and_an_altered_one_does_not(test: TestStore) {
    let ground = ten(test).await;
    let head = ground.file().await;
    let key = ground.ground.keys().verifying_key();
    let mut read = ground.ground.read().await.unwrap();
    let lines = export(&mut read, &head, 3, 8).await.unwrap().unwrap();
    assert!(!lines.concat().contains("number"), "values stay in the database");
    let entries = verify_export(&lines, &key).unwrap();
    assert_eq!(entries.len(), 6);
    assert_eq!(entries[&3].subject, "thing:3");
    let with = |index: usize, from: &str, to: &str| {
        let mut lines = lines.clone();
        assert!(lines[index].contains(from));
        lines[index] = lines[index].replace(from, to);
        verify_export(&lines, &key)
    };
    assert_eq!(with(2, "system", "visitor"), Err(ExportProblem::NotIncluded(3)));
    assert_eq!(with(2, "\"position\":4", "\"position\":5"), Err(ExportProblem::NotIncluded(3)));
    assert_eq!(with(0, "\"size\":10", "\"size\":11"), Err(ExportProblem::HeadNotSigned));
    assert_eq!(with(4, "{", ""), Err(ExportProblem::NotALine(5)));
    let other = Keys::new([1; 32], [9; 32]).verifying_key();
    assert_eq!(verify_export(&lines, &other), Err(ExportProblem::HeadNotSigned));
    for (from, to) in [(0, 3), (5, 4), (3, 11)] {
        assert_eq!(export(&mut read, &head, from, to).await.unwrap(), None, "{from} to {to}");
    }
}

async fn sm3_carries_a_chain_as_well(test: TestStore) {
    let ground = TestGround::with(test, Algorithm::Sm3).await;
    for number in 1..=5 {
        act(&ground.ground, number).await;
    }
    let head = ground.file().await;
    assert_eq!(
        (head.algorithm, ground.verified().await.entries, ground.finding().await),
        (Algorithm::Sm3, 5, None)
    );
    ground.attack("UPDATE audit_entry SET actor = 'visitor' WHERE position = 4;").await;
    assert_eq!(ground.finding().await, Some(Finding::Altered { position: 4 }));
}

async fn positions_of_many_writers_are_one_chain(test: TestStore) {
    let ground = TestGround::new(test).await;
    let writers: Vec<_> = (1..=60)
        .map(|number| {
            let ground = ground.ground.clone();
            tokio::spawn(async move { act(&ground, number).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let verified = ground.verified().await;
    assert_eq!((verified.entries, verified.finding), (60, None));
}
