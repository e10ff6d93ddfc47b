//! Migrations: applied in order, once, whole; never skipped, edited or unknown.

use store::testing::{NOW_MS, TestStore, described};
use store::{Migration, Schema, Store, StoreError, jobs, sql};

const FIRST: Migration =
    Migration { name: "first", text: "CREATE TABLE one (\n    id BIGINT NOT NULL PRIMARY KEY\n);\n" };
const SECOND: Migration = Migration { name: "second", text: "ALTER TABLE one ADD COLUMN note TEXT;\n" };
const EDITED: Migration = Migration { name: "first", text: "CREATE TABLE two (id BIGINT);\n" };
const BROKEN: Migration = Migration {
    name: "second",
    text: "ALTER TABLE one ADD COLUMN note TEXT;\nALTER TABLE no_such_table ADD COLUMN note TEXT;\n",
};

fn schema() -> Schema {
    Schema::new([FIRST])
}

store::on_both_databases!(schema;
    a_database_is_older_newer_or_different_and_each_is_refused_with_a_word_of_its_own,
    migrating_brings_what_is_missing_and_a_second_time_nothing,
    a_migration_that_fails_leaves_the_database_as_it_was,
    two_servers_that_migrate_at_once_do_it_once,
);

/// The last clone of a store holds the lock of its file.
async fn closed(test: TestStore) -> store::Location {
    test.store.close().await;
    test.location
}

async fn a_database_is_older_newer_or_different_and_each_is_refused_with_a_word_of_its_own(test: TestStore) {
    let beside = async |schema: Schema| Store::open_beside(&test.location, &schema).await.err();
    let older = beside(Schema::new([FIRST, SECOND])).await;
    assert!(
        matches!(&older, Some(StoreError::SchemaOlder { missing }) if *missing == ["second"]),
        "{older:?}"
    );
    let newer = beside(Schema::new([])).await;
    assert!(matches!(&newer, Some(StoreError::SchemaNewer { unknown }) if unknown == "first"), "{newer:?}");
    let different = beside(Schema::new([EDITED])).await;
    assert!(
        matches!(&different, Some(StoreError::SchemaDiffers { name }) if name == "first"),
        "{different:?}"
    );
    let moved = beside(Schema::new([SECOND, FIRST])).await;
    assert!(matches!(&moved, Some(StoreError::SchemaDiffers { name }) if name == "first"), "{moved:?}");
    assert!(beside(schema()).await.is_none());
    assert!(older.unwrap().message().zh.contains("先备份"));
}

async fn migrating_brings_what_is_missing_and_a_second_time_nothing(test: TestStore) {
    let location = closed(test).await;
    let wanted = Schema::new([FIRST, SECOND]);
    for missing in [vec!["second"], vec![]] {
        let (store, plan) = Store::open_and_migrate(&location, &wanted, NOW_MS).await.unwrap();
        assert_eq!(plan.missing, missing);
        store.read().await.unwrap().fetch_all(sql("SELECT id, note FROM one")).await.unwrap();
        store.close().await;
    }
}

async fn a_migration_that_fails_leaves_the_database_as_it_was(test: TestStore) {
    let location = closed(test).await;
    let failed = Store::open_and_migrate(&location, &Schema::new([FIRST, BROKEN]), NOW_MS).await;
    assert!(matches!(failed, Err(StoreError::Refused(_))), "{failed:?}");
    let (store, _) = Store::open_and_migrate(&location, &Schema::new([FIRST, SECOND]), NOW_MS).await.unwrap();
    store.close().await;
}

async fn two_servers_that_migrate_at_once_do_it_once(test: TestStore) {
    if test.store.kind() == store::Kind::Sqlite {
        // A file has one owner, so the second is turned away before it looks at the schema.
        let second = Store::open_and_migrate(&test.location, &schema(), NOW_MS).await;
        assert!(matches!(second, Err(StoreError::OwnedByAnother(_))), "{second:?}");
        return;
    }
    let wanted = Schema::new([FIRST, SECOND]);
    let migrate = || {
        let (location, wanted) = (test.location.clone(), wanted.clone());
        tokio::spawn(async move { Store::open_and_migrate(&location, &wanted, NOW_MS).await.unwrap() })
    };
    let (one, two) = (migrate(), migrate());
    let ((one, plan), (two, other)) = (one.await.unwrap(), two.await.unwrap());
    assert_eq!(plan.missing.len() + other.missing.len(), 1, "{plan:?} {other:?}");
    one.close().await;
    two.close().await;
}

/// The store's own tables are the same on both databases, column by column.
#[test]
fn both_databases_end_with_the_same_tables() {
    let mut descriptions = Vec::new();
    for kind in [store::Kind::Sqlite, store::Kind::Postgres] {
        let schema = Schema::new([jobs::MIGRATION]);
        store::testing::run(kind, &schema, async |test: TestStore| {
            descriptions.push(described(&test.store).await);
        });
    }
    assert!(descriptions[0].contains(&"job.due_ms INTEGER".to_owned()), "{:?}", descriptions[0]);
    assert!(descriptions.iter().all(|description| *description == descriptions[0]), "{descriptions:#?}");
}
