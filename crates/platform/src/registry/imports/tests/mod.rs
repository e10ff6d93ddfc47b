//! Imports: what is seen before, what counts after, what is left when something goes wrong.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

mod doors;
mod files;
mod jobs;
mod withdrawing;

use std::sync::Arc;
use std::time::Duration;

use facts::{Date, Vocabulary};
use store::Schema;
use store::jobs::{Lease, claim};
use store::testing::TestStore;

use super::super::{
    NewStatement, NewSubject, SubjectId, create_subject, name_department_of_source, name_office, position,
    profiles, record_statement,
};
use super::*;
use crate::ground::testing::TestGround;
use crate::ground::{Caller, RequestId};
use crate::identity::{
    AccountId, Membership, MembershipId, OrganisationId, OrganisationKind, PersonId, Principal, Refusal,
    Role, SessionId, Through, create_organisation,
};

fn schema() -> Schema {
    crate::schema()
}

store::on_both_databases!(schema;
    nothing_counts_before_it_is_confirmed_and_then_all_of_it_does,
    a_preview_tells_new_changed_same_and_bad_rows_with_every_bad_cell,
    all_or_nothing_takes_nothing_and_good_rows_only_the_good_ones,
    the_same_file_is_imported_once_until_it_is_withdrawn,
    columns_are_remembered_for_the_next_file_with_the_same_headers,
    only_officers_who_answer_for_the_source_import_and_never_a_token,
    what_becomes_bad_after_the_preview_is_not_imported_by_halves,
);

const VOCABULARY: &str = "
facts:
- {name: 研发费用, also: [研发支出], type: money, unit: 万元, grain: year}
- {name: 职工总数, type: count, unit: 人, grain: stock}
- {name: 注册园区, type: text, grain: once}
- {name: 行业, type: code, codes: [甲类, 乙类], grain: once}
- {name: 成立日期, type: date, grain: once}
- {name: 失信, type: bool, grain: once}
collections:
- {name: 知识产权, item: ip, en: IP, of: [enterprise]}
statuses:
- {name: 高新技术企业, en: high-tech enterprise}
";

fn vocabulary(text: &str) -> Arc<Vocabulary> {
    let checked = library::check(vec![library::File::new("facts/test.yaml", text)]);
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);
    Arc::new(checked.library.unwrap().rulebook.vocabulary)
}

fn visitor() -> Caller {
    Caller::visitor(RequestId::new("r-1"), "192.0.2.1")
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A credit code that is right and nobody's.
fn code(number: u32) -> String {
    facts::Uscc::with_checks(&format!("91999999{number:08}")).unwrap().to_string()
}

/// A register with a department that keeps it and one for taxes.
struct World {
    ground: TestGround,
    words: Arc<Vocabulary>,
    office: Principal,
    tax: Principal,
    other: Principal,
    owner: Principal,
}

impl std::ops::Deref for World {
    type Target = crate::ground::Ground;

    fn deref(&self) -> &Self::Target {
        &self.ground.ground
    }
}

fn somebody(ground: &TestGround, organisation: OrganisationId, role: Role) -> Principal {
    let (now, chance) = (ground.ground.now(), ground.ground.chance());
    let id = MembershipId::new(now, chance);
    Principal {
        account: AccountId::new(now, chance),
        person: PersonId::new(now, chance),
        name: role.as_code().to_owned(),
        memberships: vec![Membership { id, organisation, role }],
        through: Through::Session(SessionId::new(now, chance)),
    }
}

impl World {
    async fn new(test: TestStore) -> Self {
        Self::with(test, VOCABULARY).await
    }

    async fn with(test: TestStore, words: &str) -> Self {
        let ground = TestGround::new(test).await;
        let nowhere = OrganisationId::new(ground.ground.now(), ground.ground.chance());
        let system = somebody(&ground, nowhere, Role::SystemAdministrator);
        let security = somebody(&ground, nowhere, Role::SecurityAdministrator);
        let mut made = Vec::new();
        for (kind, name) in [
            (OrganisationKind::Department, "登记科"),
            (OrganisationKind::Department, "税务科"),
            (OrganisationKind::Department, "绿化科"),
            (OrganisationKind::Enterprise, "示例一"),
        ] {
            let it = create_organisation(&ground.ground, &visitor(), &system, kind, name).await;
            made.push(it.unwrap().unwrap());
        }
        name_office(&ground.ground, &visitor(), &security, made[0]).await.unwrap().unwrap();
        let tax = Some(made[1]);
        let named = name_department_of_source(&ground.ground, &visitor(), &security, "taxation", tax).await;
        named.unwrap().unwrap();
        let [office, tax, other] = [0, 1, 2].map(|at| somebody(&ground, made[at], Role::Officer));
        let owner = somebody(&ground, made[3], Role::Owner);
        Self { words: vocabulary(words), office, tax, other, owner, ground }
    }

    async fn try_upload(&self, by: &Principal, bytes: &[u8]) -> Result<BatchId, Refusal> {
        let wanted = Upload {
            subject_kind: "enterprise".to_owned(),
            source: "taxation".to_owned(),
            observed: day("2026-06-30"),
            file_name: "企业.csv".to_owned(),
            bytes: bytes.to_vec(),
        };
        upload(self, &visitor(), by, &self.words, wanted).await.unwrap()
    }

    async fn upload(&self, text: &str) -> Batch {
        let id = self.try_upload(&self.tax, text.as_bytes()).await.unwrap();
        self.batch(id).await
    }

    async fn batch(&self, id: BatchId) -> Batch {
        batch(self, &self.tax, id).await.unwrap().unwrap()
    }

    async fn commit(&self, id: BatchId, takes: Takes) -> Result<(), Refusal> {
        commit_import(self, &visitor(), &self.tax, id, takes).await.unwrap()
    }

    async fn claim(&self) -> Option<Lease> {
        claim(self.store(), "worker", self.now().0, Duration::from_secs(60)).await.unwrap()
    }

    /// Does every job that is due.
    async fn work(&self) {
        while let Some(held) = self.claim().await {
            run_import(self, &self.words, &held).await.unwrap();
        }
    }

    /// Uploads and imports.
    async fn import(&self, text: &str) -> Batch {
        let batch = self.upload(text).await;
        self.commit(batch.id, Takes::Good).await.unwrap();
        self.work().await;
        self.batch(batch.id).await
    }

    async fn problems(&self, id: BatchId) -> Vec<(u64, Option<u64>, String)> {
        let found = problems(self, &self.tax, id, 0, 200).await.unwrap().unwrap();
        found.into_iter().map(|it| (it.row, it.column, it.code)).collect()
    }

    /// Everything that is in force: `name key=value …`.
    async fn in_force(&self) -> Vec<String> {
        let mut read = self.read().await.unwrap();
        let held = profiles(&mut read, &self.words, "enterprise", None, 2_000, None).await.unwrap();
        let mut lines: Vec<String> = held
            .iter()
            .map(|held| {
                let json = facts::write::to_json(&held.profile, &self.words);
                let entries = json.as_object().unwrap().iter();
                let values = entries
                    .filter(|(key, _)| !["主体", "id", "名称"].contains(&key.as_str()))
                    .map(|(key, value)| format!(" {key}={}", value.as_str().unwrap_or("…")));
                held.subject.name.clone() + &values.collect::<String>()
            })
            .collect();
        lines.sort();
        lines
    }

    async fn position(&self) -> u64 {
        position(&mut self.read().await.unwrap()).await.unwrap()
    }

    async fn subject(&self, number: u32, name: &str) -> SubjectId {
        let wanted =
            NewSubject { kind: "enterprise".to_owned(), code: Some(code(number)), name: name.to_owned() };
        create_subject(self, &visitor(), &self.office, &wanted).await.unwrap().unwrap()
    }

    async fn says(&self, subject: SubjectId, source: &str, facts: &str) {
        let wanted = NewStatement {
            subject,
            source: source.to_owned(),
            observed: day("2026-05-31"),
            valid_until: None,
            evidence: None,
            facts: facts.to_owned(),
        };
        record_statement(self, &visitor(), &self.office, &self.words, &wanted).await.unwrap().unwrap();
    }
}

async fn nothing_counts_before_it_is_confirmed_and_then_all_of_it_does(test: TestStore) {
    let world = World::new(test).await;
    let text =
        format!("社会信用代码,企业全称,2025年研发费用(元)\n{},甲,1000000\n{},乙,0\n", code(1), code(2));
    let batch = world.upload(&text).await;
    assert_eq!((batch.state, batch.counts.new, batch.counts.bad), (BatchState::Uploaded, 2, 0));
    assert_eq!(batch.samples[0].content, r#"{"主体":"enterprise","研发费用.2025":"100万元"}"#);
    let before = world.position().await;
    world.commit(batch.id, Takes::All).await.unwrap();
    assert_eq!(world.in_force().await, [""; 0]);
    world.work().await;
    assert_eq!(world.in_force().await, ["乙 研发费用.2025=0万元", "甲 研发费用.2025=100万元"]);
    assert_eq!(world.position().await, before + 1, "one entry for all of it");
    let batch = world.batch(batch.id).await;
    assert_eq!((batch.state, batch.done), (BatchState::Visible, 2));
    assert_eq!(batch.root.unwrap(), root_of(&world, batch.id).await.unwrap());
    assert!(batch.samples.is_empty());
    assert_eq!(super::sql::file(&mut world.read().await.unwrap(), batch.id).await.unwrap(), b"");
    assert_eq!(world.claim().await, None, "the job is done");
}

async fn a_preview_tells_new_changed_same_and_bad_rows_with_every_bad_cell(test: TestStore) {
    let world = World::new(test).await;
    let head = "统一社会信用代码,名称,研发费用.2025,职工总数.2025末\n";
    world.import(&format!("{head}{},甲,100,7\n{},乙,200,\n{},丙,,\n", code(1), code(2), code(3))).await;
    let wrong = format!("{}X", &code(5)[..17]);
    let rows = format!(
        "{},甲,100,\n{},乙,200万元,8\n{},丁,5,5\n{},丙,很多,半\n{wrong},戊,1,1\n{},甲,1,1\n,,1,1\n{},,1,1\n,己,1,1\n",
        code(1),
        code(2),
        code(4),
        code(3),
        code(1),
        code(6),
    );
    let batch = world.upload(&format!("{head}{rows}")).await;
    let counts = batch.counts;
    assert_eq!((counts.total, counts.same, counts.changed, counts.new, counts.bad), (9, 1, 1, 1, 6));
    let told = world.problems(batch.id).await;
    let told: Vec<_> = told.iter().map(|(row, column, code)| (*row, *column, code.as_str())).collect();
    assert_eq!(
        told,
        [
            (5, Some(3), "E0030"),
            (5, Some(4), "E0030"),
            (6, Some(1), "E0074"),
            (7, None, "E0073"),
            (8, None, "E0070"),
            (9, None, "E0070"),
            (10, None, "E0070"),
        ]
    );
    assert_eq!(counts.problems, 7);
    let page = problems(&world, &world.tax, batch.id, 5, 1).await.unwrap().unwrap();
    assert_eq!((page.len(), page[0].number, page[0].row), (1, 6, 9));
    assert!(!page[0].help.zh.is_empty() && !page[0].help.en.is_empty());
}

async fn all_or_nothing_takes_nothing_and_good_rows_only_the_good_ones(test: TestStore) {
    let world = World::new(test).await;
    let text = format!("统一社会信用代码,名称,失信\n{},甲,否\n{},乙,也许\n", code(1), code(2));
    let batch = world.upload(&text).await;
    assert_eq!(world.commit(batch.id, Takes::All).await, Err(Refusal::BadRows));
    assert_eq!(world.batch(batch.id).await.state, BatchState::Uploaded);
    world.commit(batch.id, Takes::Good).await.unwrap();
    assert_eq!(world.commit(batch.id, Takes::Good).await, Err(Refusal::WrongState));
    world.work().await;
    assert_eq!(world.in_force().await, ["甲 失信=否"]);
    let nothing_good = world.upload("统一社会信用代码,名称,失信\n1,甲,否\n").await;
    assert_eq!(world.commit(nothing_good.id, Takes::Good).await, Err(Refusal::BadRows));
}

async fn the_same_file_is_imported_once_until_it_is_withdrawn(test: TestStore) {
    let world = World::new(test).await;
    let text = format!("统一社会信用代码,名称,失信\n{},甲,否\n", code(1));
    let first = world.import(&text).await;
    let second = world.upload(&text).await;
    let refused = world.commit(second.id, Takes::All).await;
    assert_eq!(refused, Err(Refusal::AlreadyImported(world.now().day())));
    // With another meaning it is another import.
    let mut mapping = second.mapping.clone();
    mapping.columns[2].meaning = None;
    let id = second.id;
    map_columns(&world, &visitor(), &world.tax, &world.words, id, mapping).await.unwrap().unwrap();
    world.commit(id, Takes::All).await.unwrap();
    world.work().await;
    withdraw_import(&world, &visitor(), &world.tax, first.id, "导错了").await.unwrap().unwrap();
    assert_eq!(world.in_force().await, ["甲"]);
    // The column's last meaning was none; with the first one it is the import that was withdrawn.
    let third = world.upload(&text).await;
    let (id, mapping) = (third.id, first.mapping.clone());
    map_columns(&world, &visitor(), &world.tax, &world.words, id, mapping).await.unwrap().unwrap();
    world.commit(id, Takes::All).await.unwrap();
    world.work().await;
    assert_eq!(world.batch(id).await.state, BatchState::Visible);
    assert_eq!(world.in_force().await, ["甲 失信=否"]);
}

async fn columns_are_remembered_for_the_next_file_with_the_same_headers(test: TestStore) {
    let world = World::new(test).await;
    let first = world.upload(&format!("税号,单位名称,金额\n{},甲,5\n", code(1))).await;
    assert_eq!((first.counts.new, first.mapping.columns[2].meaning.clone()), (1, None));
    let wanted = |meaning: &str| {
        let mut mapping = first.mapping.clone();
        mapping.columns[2].meaning = Some(meaning.to_owned());
        mapping
    };
    let map = async |mapping| {
        map_columns(&world, &visitor(), &world.tax, &world.words, first.id, mapping).await.unwrap()
    };
    let Err(Refusal::Unreadable(found)) = map(wanted("研发费")).await else { panic!("it is no fact") };
    assert_eq!((found[0].place.en.as_str(), found[0].code), ("/columns/2/meaning", "E0060"));
    map(wanted("研发费用.2025")).await.unwrap();
    assert_eq!(
        world.batch(first.id).await.samples[0].content,
        r#"{"主体":"enterprise","研发费用.2025":"5万元"}"#
    );
    world.commit(first.id, Takes::All).await.unwrap();
    world.work().await;
    let next = world.upload(&format!("金额,税号,单位名称\n6,{},甲\n", code(1))).await;
    assert_eq!(next.mapping.columns[0].meaning.as_deref(), Some("研发费用.2025"));
    assert_eq!(next.counts.changed, 1);
    let offered = suggestions(&world.words, &next);
    assert_eq!(offered[1].meaning.as_deref(), Some("统一社会信用代码"));
}

async fn only_officers_who_answer_for_the_source_import_and_never_a_token(test: TestStore) {
    let world = World::new(test).await;
    let text = format!("统一社会信用代码,名称,失信\n{},甲,否\n", code(1));
    let id = world.try_upload(&world.office, text.as_bytes()).await.unwrap();
    for (who, refusal) in [(&world.other, Refusal::NotThere), (&world.owner, Refusal::Forbidden)] {
        assert_eq!(world.try_upload(who, text.as_bytes()).await.unwrap_err(), refusal);
        assert_eq!(batch(&world, who, id).await.unwrap().unwrap_err(), refusal);
        assert_eq!(problems(&world, who, id, 0, 1).await.unwrap().unwrap_err(), refusal);
        let commit = commit_import(&world, &visitor(), who, id, Takes::All).await.unwrap();
        assert_eq!(commit.unwrap_err(), refusal);
        let withdraw = withdraw_import(&world, &visitor(), who, id, "x").await.unwrap();
        assert_eq!(withdraw.unwrap_err(), refusal);
        assert_eq!(cancel_import(&world, &visitor(), who, id).await.unwrap().unwrap_err(), refusal);
    }
    assert_eq!(batches(&world, &world.other, None, 9).await.unwrap().unwrap(), []);
    assert_eq!(batches(&world, &world.tax, None, 9).await.unwrap().unwrap().len(), 1);
    assert_eq!(crate::identity::Action::ImportFacts.scope(), None);
    assert_eq!(crate::identity::Action::WithdrawImport.scope(), None);
}

async fn what_becomes_bad_after_the_preview_is_not_imported_by_halves(test: TestStore) {
    let world = World::new(test).await;
    world.subject(1, "甲").await;
    let batch = world.upload("名称,失信\n甲,否\n").await;
    assert_eq!(batch.counts.bad, 0);
    world.commit(batch.id, Takes::All).await.unwrap();
    world.subject(2, "甲").await;
    world.work().await;
    let batch = world.batch(batch.id).await;
    assert_eq!((batch.state, batch.done), (BatchState::Failed, 0));
    assert_eq!(world.in_force().await, ["甲", "甲"]);
}
