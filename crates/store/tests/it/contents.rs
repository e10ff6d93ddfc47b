//! Everything that is in a database goes into another one of either kind, or nothing does.

use store::contents::Table;
use store::testing::TestStore;
use store::{Location, Migration, Schema, Store, StoreError, Transaction, Value, Write, sql};

fn schema() -> Schema {
    Schema::new([Migration {
        name: "test-1",
        text: "CREATE TABLE thing (\n    id TEXT NOT NULL PRIMARY KEY,\n    amount_fen BIGINT,\n    digest BYTEA,\n    is_open BOOLEAN,\n    same_as TEXT REFERENCES thing (id)\n);\n\
               CREATE TABLE part (\n    number BIGINT NOT NULL,\n    thing_id TEXT NOT NULL REFERENCES thing (id),\n    PRIMARY KEY (thing_id, number)\n);\n\
               CREATE TABLE known_kind (\n    code TEXT NOT NULL PRIMARY KEY\n);\nINSERT INTO known_kind (code) VALUES ('given');\n",
    }])
}

store::on_both_databases!(schema;
    all_rows_go_into_sqlite_and_back_and_are_the_same,
    pages_meet_each_row_once_in_order_of_keys,
    a_database_that_has_anything_is_not_filled,
    what_is_dropped_half_filled_is_empty_as_before,
    rows_that_do_not_fit_are_refused,
);

/// More rows than a page and than one statement inserts; each names one that comes later.
async fn fill(write: &mut Write, count: i64) {
    write.execute(sql("DELETE FROM known_kind")).await.unwrap();
    let references = write.put_references_aside().await.unwrap();
    let thing =
        sql("INSERT INTO thing (id, amount_fen, digest, is_open, same_as) VALUES ($1, $2, $3, $4, $5)");
    for number in 0..count {
        let id = format!("物 {number:05}");
        let later = (number + 1 < count).then(|| format!("物 {:05}", number + 1));
        let statement = if number % 3 == 0 {
            thing.clone().bind(&id).bind(None::<i64>).bind(None::<Vec<u8>>).bind(None::<bool>).bind(later)
        } else {
            let digest = vec![0, u8::try_from(number % 256).unwrap(), 255];
            thing.clone().bind(&id).bind(i64::MAX - number).bind(digest).bind(number % 2 == 0).bind(later)
        };
        write.execute(statement).await.unwrap();
        let part = sql("INSERT INTO part (thing_id, number) VALUES ($1, $2)");
        write.execute(part.bind(&id).bind(-number)).await.unwrap();
    }
    write.put_references_back(references).await.unwrap();
}

async fn contents(transaction: &mut Transaction) -> Vec<(Table, Vec<Vec<Value>>)> {
    let mut contents = Vec::new();
    for table in transaction.tables().await.unwrap() {
        let mut rows: Vec<Vec<Value>> = Vec::new();
        loop {
            let after = rows.last().map(|row| table.key_of(row));
            let page = transaction.rows_after(&table, after.as_deref(), 100).await.unwrap();
            if page.is_empty() {
                break;
            }
            rows.extend(page);
        }
        contents.push((table, rows));
    }
    contents
}

fn rows(contents: &[(Table, Vec<Vec<Value>>)]) -> Vec<(&str, &[Vec<Value>])> {
    contents.iter().map(|(table, rows)| (table.name.as_str(), rows.as_slice())).collect()
}

/// Copies everything from one database into an empty one.
async fn copy(from: &Store, to: &Location) -> Result<Store, StoreError> {
    let all = contents(&mut from.read().await.unwrap()).await;
    let (store, mut write) = Store::open_empty(to, &schema(), 0).await?;
    let references = write.put_references_aside().await?;
    let own = write.tables().await?;
    for (table, (name, rows)) in own.iter().zip(rows(&all)) {
        assert_eq!(table.name, name, "tables come in one order on both databases");
        write.restore_rows(table, rows).await?;
    }
    write.put_references_back(references).await?;
    write.commit().await?;
    Ok(store)
}

async fn all_rows_go_into_sqlite_and_back_and_are_the_same(test: TestStore) {
    let mut write = test.store.write().await.unwrap();
    fill(&mut write, 1_300).await;
    write.commit().await.unwrap();
    let file = copy(&test.store, &Location::File(test.folder.join("copy.db"))).await.unwrap();
    let back = copy(&file, &test.another().await).await.unwrap();
    let of = async |store: &Store| contents(&mut store.read().await.unwrap()).await;
    let (before, between, after) = (of(&test.store).await, of(&file).await, of(&back).await);
    assert_eq!(rows(&before), rows(&between));
    assert_eq!(before, after);
    let names: Vec<(&str, usize)> = rows(&after).iter().map(|(name, rows)| (*name, rows.len())).collect();
    assert_eq!(
        names,
        [("known_kind", 0), ("part", 1_300), ("thing", 1_300)],
        "what a migration put in is not kept"
    );
    let mut write = back.write().await.unwrap();
    let orphan = write.execute(sql("INSERT INTO part (thing_id, number) VALUES ('nobody', 1)")).await;
    assert!(matches!(orphan, Err(StoreError::Refused(_))), "references hold again: {orphan:?}");
    drop(write);
    file.close().await;
    back.close().await;
}

async fn pages_meet_each_row_once_in_order_of_keys(test: TestStore) {
    let mut write = test.store.write().await.unwrap();
    fill(&mut write, 250).await;
    let all = contents(&mut write).await;
    let (table, parts) = &all[1];
    let keys: Vec<Vec<Value>> = parts.iter().map(|row| table.key_of(row)).collect();
    assert_eq!(keys.len(), 250);
    let name = |number: usize| Value::Text(Some(format!("物 {number:05}")));
    for (number, key) in keys.iter().enumerate() {
        assert_eq!(key[0], name(number), "the thing comes first in the key, and second in the table");
    }
}

async fn a_database_that_has_anything_is_not_filled(test: TestStore) {
    test.store.clone().close().await;
    let opened = Store::open_empty(&test.location, &schema(), 0).await;
    assert!(matches!(opened, Err(StoreError::NotEmpty)));
    let there = Store::open(&test.location, &schema(), 0).await.unwrap();
    there.close().await;
}

async fn what_is_dropped_half_filled_is_empty_as_before(test: TestStore) {
    let other = test.another().await;
    let (store, mut write) = Store::open_empty(&other, &schema(), 0).await.unwrap();
    fill(&mut write, 20).await;
    drop(write);
    store.close().await;
    let (store, write) = Store::open_empty(&other, &schema(), 0).await.unwrap();
    drop(write);
    store.close().await;
}

async fn rows_that_do_not_fit_are_refused(test: TestStore) {
    let mut write = test.store.write().await.unwrap();
    let tables = write.tables().await.unwrap();
    let part = tables.iter().find(|table| table.name == "part").unwrap();
    let text = |text: &str| Value::Text(Some(text.to_owned()));
    for wrong in [vec![Value::Integer(Some(1))], vec![text("1"), text("物")]] {
        let refused = write.restore_rows(part, &[wrong]).await;
        assert!(matches!(refused, Err(StoreError::StrangeTable { .. })), "{refused:?}");
    }
    let references = write.put_references_aside().await.unwrap();
    write.restore_rows(part, &[vec![Value::Integer(Some(1)), text("nobody")]]).await.unwrap();
    let back = write.put_references_back(references).await;
    let kept = match back {
        Ok(()) => write.commit().await,
        Err(error) => Err(error),
    };
    assert!(matches!(kept, Err(StoreError::Refused(_))), "nobody has that part: {kept:?}");
}
