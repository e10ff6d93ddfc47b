//! The ground of the worker: a schema that grows by migrations of its own, a clock that only counts, chance from a seed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use platform::ground::chain::Algorithm;
use platform::ground::{Chance, Clock, Ground, Keys, Moment};
use platform::identity::{
    AccountId, Membership, MembershipId, OrganisationId, PersonId, Principal, Role, SessionId, Through,
};
use store::{Location, Migration, Schema, Store, sql};

use super::Place;

/// Rows that one act puts in together.
pub const TOGETHER: i64 = 20;

/// Rows that each of our own migrations puts in.
pub const BY_MIGRATION: i64 = 50;

/// Most migrations of our own.
pub const MIGRATIONS_MAX: usize = 12;

/// A table of our own, for acts that write many rows.
const OWN: Migration = Migration {
    name: "crash-0",
    text: "CREATE TABLE crash_row (\n    act BIGINT NOT NULL,\n    number BIGINT NOT NULL,\n    PRIMARY KEY (act, number)\n);\n",
};

/// A text that lives as long as the program, as statements and migrations want it.
pub fn kept(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// The platform's schema with our own table and so many migrations.
pub fn schema(own: usize) -> Schema {
    let own = (1..=own).map(|number| {
        let rows: Vec<String> = (1..=BY_MIGRATION).map(|row| format!("({row})")).collect();
        let text = format!(
            "CREATE TABLE crash_{number} (\n    id BIGINT NOT NULL PRIMARY KEY\n);\nINSERT INTO crash_{number} (id) VALUES {};\n",
            rows.join(", ")
        );
        Migration { name: kept(format!("crash-{number}")), text: kept(text) }
    });
    platform::schema().with(std::iter::once(OWN).chain(own))
}

/// A clock that counts milliseconds as it is asked.
struct Counting(AtomicU64);

impl Clock for Counting {
    fn now(&self) -> Moment {
        let count = self.0.fetch_add(1, Ordering::SeqCst);
        Moment(1_795_996_800_000 + i64::try_from(count).expect("a count is small"))
    }
}

/// Numbers from a seed (SplitMix64). The same seed does the same acts in the same order.
pub struct Drawn(AtomicU64);

impl Drawn {
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    pub fn next(&self) -> u64 {
        let step = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst);
        let mut mixed = step.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    pub fn below(&self, limit: u64) -> u64 {
        self.next() % limit
    }
}

impl Chance for Drawn {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_be_bytes()[..chunk.len()]);
        }
    }
}

pub fn location(place: &Place) -> Result<Location, String> {
    place.database.parse().map_err(|error| format!("{error}"))
}

/// An empty database: on PostgreSQL the schema that the URL names, on SQLite nothing yet.
pub async fn begin(place: &Place) -> Result<(), String> {
    std::fs::create_dir_all(&place.folder).map_err(|error| error.to_string())?;
    Keys::create(&place.folder.join("keys"), &Drawn::new(place.seed)).map_err(|error| error.to_string())?;
    if let Some((_, name)) = place.database.split_once("search_path]=") {
        let server = place.database.split('?').next().unwrap_or_default();
        let location: Location = server.parse().map_err(|error| format!("{error}"))?;
        let (store, _) =
            Store::open_to_migrate(&location, &schema(0)).await.map_err(|error| error.to_string())?;
        let made = async {
            let mut write = store.write().await?;
            write.execute(sql(kept(format!("CREATE SCHEMA {name}")))).await?;
            write.commit().await
        };
        made.await.map_err(|error| error.to_string())?;
        store.close().await;
    }
    let store = Store::open(&location(place)?, &schema(0), 0).await.map_err(|error| error.to_string())?;
    let ground = ground_on(&store, place).await?;
    drop(ground);
    store.close().await;
    Ok(())
}

/// Opens the database as its owner, whichever of our migrations it went through; how many.
pub async fn open(place: &Place) -> Result<(Store, usize), String> {
    let opened = Store::open_to_migrate(&location(place)?, &schema(MIGRATIONS_MAX)).await;
    let (store, plan) = opened.map_err(|error| format!("{error:?}"))?;
    Ok((store, MIGRATIONS_MAX - plan.missing.len()))
}

pub async fn ground_on(store: &Store, place: &Place) -> Result<Ground, String> {
    let keys = Keys::load(&place.folder.join("keys")).map_err(|error| error.to_string())?;
    // Not the same ids and salts again after a restart.
    let chance = Arc::new(Drawn::new(place.seed.wrapping_mul(7_919)));
    let clock = Arc::new(Counting(AtomicU64::new(place.seed % 1_000_000 * 1_000)));
    let opened = Ground::open(store.clone(), keys, clock, chance, Algorithm::Sha256).await;
    opened.map_err(|fault| format!("{fault:?}"))
}

/// Somebody with that role.
pub fn somebody(role: Role) -> Principal {
    let chance = Drawn::new(1);
    let now = Moment(0);
    let membership = Membership {
        id: MembershipId::new(now, &chance),
        organisation: OrganisationId::new(now, &chance),
        role,
    };
    Principal {
        account: AccountId::new(now, &chance),
        person: PersonId::new(now, &chance),
        name: "示例".to_owned(),
        memberships: vec![membership],
        through: Through::Session(SessionId::new(now, &chance)),
    }
}
