//! What a transaction promises, and what happens when the database cannot keep up with it.

use store::testing::TestStore;
use store::{Location, Migration, Schema, Store, StoreError, Transaction, Write, rows_into, sql};

fn schema() -> Schema {
    Schema::new([Migration {
        name: "test-1",
        text: "CREATE TABLE thing (\n    id TEXT NOT NULL PRIMARY KEY,\n    amount_fen BIGINT,\n    digest BYTEA,\n    is_open BOOLEAN NOT NULL\n);\n\
               CREATE TABLE part (\n    thing_id TEXT NOT NULL REFERENCES thing (id),\n    number BIGINT NOT NULL\n);\n",
    }])
}

store::on_both_databases!(schema;
    values_of_every_type_come_back_as_they_went_in,
    what_is_not_committed_never_happened,
    a_reader_sees_one_state_and_cannot_write,
    a_key_that_is_there_already_is_told_apart_from_other_refusals,
    a_row_that_names_nothing_is_refused,
    no_update_is_lost_between_two_servers,
    a_thousand_writers_at_once_wait_their_turn,
    many_rows_go_in_at_once_or_not_at_all,
);

async fn insert(write: &mut Write, id: &str, amount_fen: i64) -> Result<u64, StoreError> {
    let statement = sql("INSERT INTO thing (id, amount_fen, is_open) VALUES ($1, $2, TRUE)");
    write.execute(statement.bind(id).bind(amount_fen)).await
}

async fn amount(transaction: &mut Transaction, id: &str) -> Option<i64> {
    let row = transaction.fetch_optional(sql("SELECT amount_fen FROM thing WHERE id = $1").bind(id)).await;
    row.unwrap().map(|row| row.get("amount_fen").unwrap())
}

async fn values_of_every_type_come_back_as_they_went_in(test: TestStore) {
    let mut write = test.store.write().await.unwrap();
    let statement = sql("INSERT INTO thing (id, amount_fen, digest, is_open) VALUES ($1, $2, $3, $4)");
    write
        .execute(statement.clone().bind("甲 '\"; --").bind(i64::MIN).bind(vec![0_u8, 255, 7]).bind(true))
        .await
        .unwrap();
    let nothing = statement.bind("").bind(None::<i64>).bind(None::<Vec<u8>>).bind(false);
    write.execute(nothing).await.unwrap();
    write.commit().await.unwrap();

    let mut read = test.store.read().await.unwrap();
    let rows = read
        .fetch_all(sql("SELECT id, amount_fen, digest, is_open FROM thing ORDER BY is_open DESC"))
        .await
        .unwrap();
    assert_eq!(rows[0].get::<String>("id").unwrap(), "甲 '\"; --");
    assert_eq!(rows[0].get::<i64>("amount_fen").unwrap(), i64::MIN);
    assert_eq!(rows[0].get::<Vec<u8>>("digest").unwrap(), [0, 255, 7]);
    assert!(rows[0].get::<bool>("is_open").unwrap());
    assert_eq!(rows[1].get::<Option<i64>>("amount_fen").unwrap(), None);
    assert_eq!(rows[1].get::<Option<Vec<u8>>>("digest").unwrap(), None);
    assert!(rows[1].get::<i64>("amount_fen").is_err(), "an absent value is no number");
    assert!(rows[0].get::<String>("no_such_column").is_err());
}

async fn what_is_not_committed_never_happened(test: TestStore) {
    let mut write = test.store.write().await.unwrap();
    insert(&mut write, "dropped", 1).await.unwrap();
    drop(write);
    let mut write = test.store.write().await.unwrap();
    assert_eq!(amount(&mut write, "dropped").await, None);
    insert(&mut write, "kept", 2).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(amount(&mut test.store.read().await.unwrap(), "kept").await, Some(2));
}

async fn a_reader_sees_one_state_and_cannot_write(test: TestStore) {
    let mut read = test.store.read().await.unwrap();
    assert_eq!(amount(&mut read, "later").await, None);
    let mut write = test.store.write().await.unwrap();
    insert(&mut write, "later", 1).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(amount(&mut read, "later").await, None, "the state is that of the first read");
    assert_eq!(amount(&mut test.store.read().await.unwrap(), "later").await, Some(1));

    let sneaky = read.fetch_optional(sql("UPDATE thing SET amount_fen = 9 RETURNING id")).await;
    assert!(matches!(sneaky, Err(StoreError::Refused(_))), "{sneaky:?}");
}

async fn a_key_that_is_there_already_is_told_apart_from_other_refusals(test: TestStore) {
    let mut write = test.store.write().await.unwrap();
    insert(&mut write, "once", 1).await.unwrap();
    let again = insert(&mut write, "once", 2).await;
    assert!(matches!(&again, Err(StoreError::AlreadyThere { .. })), "{again:?}");
    let message = again.unwrap_err().message();
    assert!(
        !message.zh.is_empty() && !message.en.contains("once"),
        "no value stands in a message: {message:?}"
    );
}

async fn a_row_that_names_nothing_is_refused(test: TestStore) {
    let mut write = test.store.write().await.unwrap();
    let orphan = write.execute(sql("INSERT INTO part (thing_id, number) VALUES ('nobody', 1)")).await;
    assert!(matches!(orphan, Err(StoreError::Refused(_))), "{orphan:?}");
}

/// Each of two servers adds one a hundred times by reading, deciding and writing.
async fn no_update_is_lost_between_two_servers(test: TestStore) {
    let mut write = test.store.write().await.unwrap();
    insert(&mut write, "counter", 0).await.unwrap();
    write.commit().await.unwrap();
    let other = Store::open_beside(&test.location, &schema()).await.unwrap();
    let add = |store: Store| async move {
        for _ in 0..100 {
            let mut write = store.write().await.unwrap();
            write.lock("thing counter").await.unwrap();
            let now = amount(&mut write, "counter").await.unwrap();
            let statement = sql("UPDATE thing SET amount_fen = $1 WHERE id = 'counter'").bind(now + 1);
            write.execute(statement).await.unwrap();
            write.commit().await.unwrap();
        }
    };
    let (one, two) = (tokio::spawn(add(test.store.clone())), tokio::spawn(add(other.clone())));
    one.await.unwrap();
    two.await.unwrap();
    assert_eq!(amount(&mut test.store.read().await.unwrap(), "counter").await, Some(200));
    other.close().await;
}

async fn a_thousand_writers_at_once_wait_their_turn(test: TestStore) {
    let writers: Vec<_> = (0..1_000)
        .map(|number| {
            let store = test.store.clone();
            tokio::spawn(async move {
                let mut write = store.write().await?;
                insert(&mut write, &format!("thing {number}"), number).await?;
                write.commit().await
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    let mut read = test.store.read().await.unwrap();
    let row = read.fetch_one(sql("SELECT COUNT(*) AS count FROM thing")).await.unwrap();
    assert_eq!(row.get::<i64>("count").unwrap(), 1_000);
}

/// What only one of the two databases has.
mod on_sqlite_alone {
    use super::*;

    #[test]
    fn one_process_owns_a_file_and_others_may_look() {
        store::testing::run(store::Kind::Sqlite, &schema(), async |test: TestStore| {
            let second = Store::open(&test.location, &schema(), 0).await;
            assert!(matches!(&second, Err(StoreError::OwnedByAnother(_))), "{second:?}");
            let beside = Store::open_beside(&test.location, &schema()).await.unwrap();
            beside.ping().await.unwrap();
            beside.close().await;
            test.store.clone().close().await;
            drop(test.store);
            Store::open(&test.location, &schema(), 0).await.unwrap().close().await;
        });
    }

    #[test]
    fn a_full_disk_is_told_and_the_next_verb_works_once_there_is_space() {
        store::testing::run(store::Kind::Sqlite, &schema(), async |test: TestStore| {
            let limit = async |statement| {
                let mut write = test.store.write().await.unwrap();
                write.execute(sql(statement)).await.unwrap();
                write.commit().await.unwrap();
            };
            let fill = async || {
                let mut write = test.store.write().await?;
                for number in 0..200 {
                    let statement = sql("INSERT INTO thing (id, digest, is_open) VALUES ($1, $2, TRUE)");
                    write.execute(statement.bind(format!("{number}")).bind(vec![0_u8; 4_000])).await?;
                }
                write.commit().await
            };
            limit("PRAGMA max_page_count = 50").await;
            let full = fill().await;
            assert!(matches!(full, Err(StoreError::Full(_))), "{full:?}");
            limit("PRAGMA max_page_count = 100000").await;
            let mut read = test.store.read().await.unwrap();
            let row = read.fetch_one(sql("SELECT COUNT(*) AS count FROM thing")).await.unwrap();
            assert_eq!(row.get::<i64>("count").unwrap(), 0, "nothing half-written is seen");
            drop(read);
            fill().await.unwrap();
        });
    }

    #[test]
    fn a_file_is_made_with_its_folders_and_survives_being_closed() {
        store::testing::run(store::Kind::Sqlite, &schema(), async |test: TestStore| {
            let location = Location::File(test.folder.join("new").join("folder").join("zhimei.db"));
            let store = Store::open(&location, &schema(), 0).await.unwrap();
            let mut write = store.write().await.unwrap();
            insert(&mut write, "kept", 1).await.unwrap();
            write.commit().await.unwrap();
            store.close().await;
            let store = Store::open(&location, &schema(), 0).await.unwrap();
            assert_eq!(amount(&mut store.read().await.unwrap(), "kept").await, Some(1));
            let mut read = store.read().await.unwrap();
            let row = read.fetch_one(sql("PRAGMA synchronous")).await.unwrap();
            assert_eq!(row.get::<i64>("synchronous").unwrap(), 2, "FULL");
            drop(read);
            store.close().await;
        });
    }
}

/// What only one of the two databases has.
mod on_postgres_alone {
    use super::*;

    #[test]
    fn a_lost_connection_is_told_and_the_next_verb_has_a_new_one() {
        store::testing::run(store::Kind::Postgres, &schema(), async |test: TestStore| {
            let mut write = test.store.write().await.unwrap();
            insert(&mut write, "before", 1).await.unwrap();
            let other = Store::open_beside(&test.location, &schema()).await.unwrap();
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            other.write().await.unwrap().execute(sql(cut)).await.unwrap();
            let lost = insert(&mut write, "during", 1).await;
            assert!(matches!(lost, Err(StoreError::Unreachable(_))), "{lost:?}");
            drop(write);
            let mut write = test.store.write().await.unwrap();
            assert_eq!(amount(&mut write, "before").await, None);
            insert(&mut write, "after", 1).await.unwrap();
            write.commit().await.unwrap();
            other.close().await;
        });
    }
}

#[test]
fn a_location_is_a_path_or_a_url_of_postgresql() {
    let file = |path: &str| Location::File(path.into());
    assert_eq!("data/zhimei.db".parse::<Location>().unwrap(), file("data/zhimei.db"));
    assert_eq!("sqlite:zhimei.db".parse::<Location>().unwrap(), file("zhimei.db"));
    assert!(matches!("postgres://user:secret@host/name".parse(), Ok(Location::Url(_))));
    let error = "mysql://user:secret@host/name".parse::<Location>().unwrap_err();
    assert!(!format!("{error} {error:?} {:?}", error.message()).contains("secret"), "{error:?}");
}

async fn many_rows_go_in_at_once_or_not_at_all(test: TestStore) {
    const INTO: &str = "INSERT INTO thing (id, amount_fen, digest, is_open)";
    for count in [0, 1, 249, 250, 251, 1_733] {
        let mut rows = rows_into(INTO, "", 4);
        for number in 0..count {
            let amount = (number % 3 > 0).then_some(number);
            let id = format!("{count} of {number} '\"$1");
            rows.push([id.into(), amount.into(), None::<Vec<u8>>.into(), (number % 2 == 0).into()]);
        }
        let mut write = test.store.write().await.unwrap();
        assert_eq!(write.insert_rows(rows).await.unwrap(), count as u64);
        write.commit().await.unwrap();
        let mut read = test.store.read().await.unwrap();
        let of =
            sql("SELECT id, amount_fen, is_open FROM thing WHERE id LIKE $1").bind(format!("{count} of %"));
        let found = read.fetch_all(of).await.unwrap();
        assert_eq!(found.len(), count as usize);
        for row in found {
            let number: i64 = row.get::<String>("id").unwrap().split(' ').nth(2).unwrap().parse().unwrap();
            let amount: Option<i64> = row.get("amount_fen").unwrap();
            assert_eq!(amount, (number % 3 > 0).then_some(number));
            assert_eq!(row.get::<bool>("is_open").unwrap(), number % 2 == 0);
        }
    }
    let mut rows = rows_into(INTO, "ON CONFLICT (id) DO NOTHING", 4);
    for id in ["1 of 0 '\"$1", "new"] {
        rows.push([id.into(), Some(7_i64).into(), None::<Vec<u8>>.into(), true.into()]);
    }
    let mut write = test.store.write().await.unwrap();
    assert_eq!(write.insert_rows(rows).await.unwrap(), 1, "what is there already is passed over");
    drop(write);
    assert_eq!(amount(&mut test.store.read().await.unwrap(), "new").await, None);
}
