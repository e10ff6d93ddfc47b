//! Releases: seeded once, changed by a person, never overwritten, the same everywhere.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

mod doors;
pub(crate) mod library;

use std::collections::BTreeMap;
use std::time::Duration;

use store::Schema;
use store::testing::TestStore;

use self::library::*;
use super::*;
use crate::ground::testing::TestGround;
use crate::ground::{Caller, Moment, RequestId};
use crate::identity::{
    AccountId, Membership, MembershipId, OrganisationId, PersonId, Principal, Refusal, Role, SessionId,
    Through,
};

pub(crate) use self::library::shelf;

fn schema() -> Schema {
    crate::schema()
}

store::on_both_databases!(schema;
    the_seed_is_made_once_and_comes_out_as_it_went_in,
    an_import_changes_what_it_says_and_older_releases_stay,
    what_somebody_else_changed_since_is_a_conflict_and_stays,
    a_text_with_an_error_or_a_failing_example_is_refused_at_its_place,
    only_a_publisher_imports_and_a_plan_that_is_out_of_date_is_refused,
    another_server_takes_a_release_over,
    what_held_at_a_moment_can_be_told_later,
);

fn visitor() -> Caller {
    Caller::visitor(RequestId::new("r-1"), "192.0.2.1")
}

/// Somebody with one role.
fn somebody(ground: &TestGround, role: Role) -> Principal {
    let (now, chance) = (ground.ground.now(), ground.ground.chance());
    let organisation = OrganisationId::new(now, chance);
    Principal {
        account: AccountId::new(now, chance),
        person: PersonId::new(now, chance),
        name: role.as_code().to_owned(),
        memberships: vec![Membership { id: MembershipId::new(now, chance), organisation, role }],
        through: Through::Session(SessionId::new(now, chance)),
    }
}

struct World {
    ground: TestGround,
    shelf: Shelf,
    publisher: Principal,
}

impl World {
    async fn new(test: TestStore) -> Self {
        let ground = TestGround::new(test).await;
        let shelf = shelf(&ground.ground).await;
        let publisher = somebody(&ground, Role::Publisher);
        Self { ground, shelf, publisher }
    }

    async fn plan(&self, import: &Import) -> Plan {
        plan_import(&self.ground.ground, &self.publisher, import).await.unwrap().unwrap()
    }

    async fn import(&self, since: u64, changes: &[(&str, Option<String>)]) -> Result<Release, Refusal> {
        let import = import(since, changes);
        let onto = self.plan(&import).await.onto;
        self.apply(&import, onto).await
    }

    async fn apply(&self, import: &Import, onto: u64) -> Result<Release, Refusal> {
        let wanted = (import, onto, "年度修订");
        apply_import(&self.ground.ground, &visitor(), &self.publisher, &self.shelf, wanted).await.unwrap()
    }

    async fn texts(&self, release: u64) -> BTreeMap<String, String> {
        let (_, files) = export(&self.ground.ground, release).await.unwrap().unwrap();
        files.into_iter().map(|file| (file.path, file.text)).collect()
    }
}

fn import(since: u64, changes: &[(&str, Option<String>)]) -> Import {
    let changes = changes.iter().map(|(path, text)| ((*path).to_owned(), text.clone())).collect();
    Import { since, changes }
}

fn places(refusal: Refusal) -> Vec<String> {
    let Refusal::Unreadable(found) = refusal else { panic!("{refusal:?}") };
    found.into_iter().map(|found| format!("{} {}", found.code, found.place.zh)).collect()
}

async fn the_seed_is_made_once_and_comes_out_as_it_went_in(test: TestStore) {
    let world = World::new(test).await;
    let caller = Caller::system(RequestId::new("start"));
    let again = seed(&world.ground.ground, &caller, Vec::new()).await.unwrap();
    assert_eq!(again, None, "a release is there");
    let given: BTreeMap<String, String> = files().into_iter().map(|file| (file.path, file.text)).collect();
    assert_eq!(world.texts(1).await, given);
    let shelved = world.shelf.current().unwrap();
    assert_eq!(shelved.release.number, 1);
    assert_eq!(shelved.library.rulebook.ids(), ["zz-demo-rd-2026", "zz-demo-size-2026"]);
    assert!(export(&world.ground.ground, 2).await.unwrap().is_none());
}

async fn an_import_changes_what_it_says_and_older_releases_stay(test: TestStore) {
    let world = World::new(test).await;
    let before = world.texts(1).await;
    let stricter = document_with_share("6%");
    let second = "policies/zone/zz-demo-size-2026/2026-01-01.yaml";
    let wanted = import(1, &[(DOCUMENT_PATH, Some(stricter.clone())), (second, None)]);
    let plan = world.plan(&wanted).await;
    let effects: Vec<Effect> = plan.lines.iter().map(|line| line.effect).collect();
    assert_eq!(effects, [Effect::Changed, Effect::Removed]);
    assert_eq!(world.texts(1).await, before, "a plan changes nothing");
    let release = world.apply(&wanted, plan.onto).await.unwrap();
    assert_eq!((release.number, release.digest), (2, plan.files.digest()));
    assert_eq!(world.texts(1).await, before);
    assert_eq!(world.texts(2).await[DOCUMENT_PATH], stricter);
    let shelved = world.shelf.current().unwrap();
    assert_eq!(shelved.library.rulebook.ids(), ["zz-demo-rd-2026"]);
    let older = world.shelf.release(&world.ground.ground, 1).await.unwrap().unwrap();
    assert_eq!(older.library.rulebook.ids().len(), 2);
    assert_eq!(world.import(2, &[(second, None)]).await.unwrap_err(), Refusal::NothingToDo);
    // The same texts as before are another release with the same digest.
    let back = [(DOCUMENT_PATH, before.get(DOCUMENT_PATH).cloned()), (second, before.get(second).cloned())];
    let third = world.import(2, &back).await.unwrap();
    assert_eq!((third.number, third.digest), (3, older.release.digest));
}

async fn what_somebody_else_changed_since_is_a_conflict_and_stays(test: TestStore) {
    let world = World::new(test).await;
    let mine = document_with_share("6%");
    world.import(1, &[(DOCUMENT_PATH, Some(mine.clone()))]).await.unwrap();
    // Somebody who still has release 1 changes the same document, and another text.
    let label = vocabulary_with_label("turnover");
    let both = [(DOCUMENT_PATH, Some(document_with_share("4%"))), (VOCABULARY_PATH, Some(label.clone()))];
    let plan = world.plan(&import(1, &both)).await;
    let effects: Vec<(&str, Effect)> =
        plan.lines.iter().map(|line| (line.path.as_str(), line.effect)).collect();
    assert_eq!(effects, [(VOCABULARY_PATH, Effect::Changed), (DOCUMENT_PATH, Effect::Conflict)]);
    assert!(plan.has_conflicts());
    assert_eq!(world.import(1, &both).await.unwrap_err(), Refusal::Conflict);
    assert_eq!(world.texts(2).await[DOCUMENT_PATH], mine);
    // What only they changed goes in, and the other's change stays.
    world.import(1, &[(VOCABULARY_PATH, Some(label.clone()))]).await.unwrap();
    let texts = world.texts(3).await;
    assert_eq!((&texts[DOCUMENT_PATH], &texts[VOCABULARY_PATH]), (&mine, &label));
    // The same change from both sides is none; a removal of what was changed is a conflict too.
    assert_eq!(world.plan(&import(1, &[(DOCUMENT_PATH, Some(mine))])).await.lines[0].effect, Effect::Same);
    assert!(world.plan(&import(1, &[(DOCUMENT_PATH, None)])).await.has_conflicts());
}

async fn a_text_with_an_error_or_a_failing_example_is_refused_at_its_place(test: TestStore) {
    let world = World::new(test).await;
    let broken = document_with_share("5人");
    let refused = world.import(1, &[(DOCUMENT_PATH, Some(broken))]).await.unwrap_err();
    assert_eq!(places(refused), [format!("E0406 {DOCUMENT_PATH}:17:11")]);
    // 240 of 4000 is 6 %: the example no longer holds.
    let refused = world.import(1, &[(DOCUMENT_PATH, Some(document_with_share("7%")))]).await.unwrap_err();
    assert_eq!(places(refused), [format!("E0610 {CASES_PATH}:4")]);
    let outside = import(1, &[("../x.yaml", None)]);
    let outside = plan_import(&world.ground.ground, &world.publisher, &outside).await.unwrap();
    assert_eq!(places(outside.unwrap_err()), ["E0003 /changes"]);
    assert_eq!(world.shelf.current().unwrap().release.number, 1);
    assert!(export(&world.ground.ground, 2).await.unwrap().is_none());
}

async fn only_a_publisher_imports_and_a_plan_that_is_out_of_date_is_refused(test: TestStore) {
    let world = World::new(test).await;
    let wanted = import(1, &[(DOCUMENT_PATH, Some(document_with_share("6%")))]);
    for role in Role::ALL.iter().filter(|role| **role != Role::Publisher) {
        let other = somebody(&world.ground, *role);
        let given = (&wanted, 1, "年度修订");
        let refused = apply_import(&world.ground.ground, &visitor(), &other, &world.shelf, given).await;
        assert_eq!(refused.unwrap().unwrap_err(), Refusal::Forbidden, "{role:?}");
    }
    world.import(1, &[(VOCABULARY_PATH, Some(vocabulary_with_label("turnover")))]).await.unwrap();
    assert_eq!(world.apply(&wanted, 1).await.unwrap_err(), Refusal::Moved);
    assert_eq!(world.apply(&import(9, &[(DOCUMENT_PATH, None)]), 2).await.unwrap_err(), Refusal::NotThere);
    let given = (&wanted, 2, " ");
    let nameless =
        apply_import(&world.ground.ground, &visitor(), &world.publisher, &world.shelf, given).await;
    assert_eq!(nameless.unwrap().unwrap_err(), Refusal::Reason);
    world.apply(&wanted, 2).await.unwrap();
}

async fn another_server_takes_a_release_over(test: TestStore) {
    let world = World::new(test).await;
    let other = Shelf::open(&world.ground.ground).await.unwrap();
    assert!(!other.catch_up(&world.ground.ground).await.unwrap());
    let kept = other.current().unwrap();
    world.import(1, &[(DOCUMENT_PATH, Some(document_with_share("6%")))]).await.unwrap();
    assert_eq!(other.current().unwrap().release.number, 1);
    assert!(other.catch_up(&world.ground.ground).await.unwrap());
    assert_eq!(other.current().unwrap().release, world.shelf.current().unwrap().release);
    assert_eq!(kept.release.number, 1, "whoever holds the former keeps it");
}

async fn what_held_at_a_moment_can_be_told_later(test: TestStore) {
    let world = World::new(test).await;
    let ground = &world.ground.ground;
    let seeded = ground.now();
    world.ground.clock.advance(Duration::from_secs(60));
    let second = world.import(1, &[(DOCUMENT_PATH, Some(document_with_share("6%")))]).await.unwrap();
    // Two releases of one moment follow each other all the same.
    let third = world.import(2, &[(DOCUMENT_PATH, Some(document_with_share("4%")))]).await.unwrap();
    assert!(third.from > second.from);
    let at = async |moment: Moment| release_at(ground, moment).await.unwrap().map(|release| release.number);
    assert_eq!(at(Moment(seeded.0 - 1)).await, None);
    assert_eq!(at(seeded).await, Some(1));
    assert_eq!(at(second.from).await, Some(2));
    assert_eq!(at(third.from).await, Some(3));
    let listed: Vec<u64> =
        releases(ground, Some(3), 9).await.unwrap().iter().map(|release| release.number).collect();
    assert_eq!(listed, [2, 1]);
}
