//! What an auditor sees, what nobody else does, and what verification names after the database was changed behind us.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

mod doors;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use store::Schema;
use store::testing::TestStore;

use super::*;
use crate::ground::chain::{Finding, NotPruned, ValueSide, Verified, Wanted, verify_export};
use crate::ground::testing::TestGround;
use crate::ground::{Actor, Caller, Ground, Moment, RequestId};
use crate::identity::{
    AccountId, Action, Membership, MembershipId, OrganisationId, PersonId, Principal, Refusal, Role,
    SessionId, Through,
};

fn schema() -> Schema {
    crate::schema()
}

store::on_both_databases!(schema;
    entries_are_found_by_subject_actor_action_and_time_page_by_page,
    an_entry_is_shown_with_its_values_its_proof_and_what_was_erased,
    nobody_but_an_auditor_reads_takes_out_or_removes_anything,
    whoever_takes_entries_out_leaves_one_and_the_lines_prove_themselves,
    entries_past_their_time_go_and_younger_ones_never,
    each_way_of_lying_with_the_database_is_named,
    heads_that_somebody_kept_tell_what_ours_no_longer_can,
);

struct Audited {
    ground: TestGround,
    auditor: Principal,
}

fn somebody(ground: &Ground, role: Role) -> Principal {
    let (now, chance) = (ground.now(), ground.chance());
    let membership = Membership {
        id: MembershipId::new(now, chance),
        organisation: OrganisationId::new(now, chance),
        role,
    };
    Principal {
        account: AccountId::new(now, chance),
        person: PersonId::new(now, chance),
        name: "示例·审计".to_owned(),
        memberships: vec![membership],
        through: Through::Session(SessionId::new(now, chance)),
    }
}

fn by(actor: &str) -> Caller {
    Caller { actor: Actor::Account(actor.to_owned()), ..Caller::system(RequestId::new("r-1")) }
}

impl Audited {
    /// Ten entries, a minute apart: on things 1 to 10, by two accounts in turn. The head was filed after six.
    async fn new(test: TestStore) -> Self {
        let ground = TestGround::new(test).await;
        let auditor = somebody(&ground.ground, Role::Auditor);
        let it = Self { ground, auditor };
        for number in 1..=10_u64 {
            it.act(number).await;
            if number == 6 {
                it.file().await;
            }
        }
        it
    }

    async fn act(&self, number: u64) {
        let actor = if number.is_multiple_of(2) { "even" } else { "odd" };
        let mut verb = self.begin(&by(actor)).await.unwrap();
        let action = if number <= 5 { "first.act" } else { "second.act" };
        let before = (number > 1).then(|| json!({ "number": number - 1 }));
        verb.record(action, format!("thing:{number}"), before, Some(json!({ "number": number })));
        verb.commit().await.unwrap();
        self.ground.clock.advance(Duration::from_secs(60));
    }

    fn filed(&self) -> PathBuf {
        self.ground.test.folder.join("heads.jsonl")
    }

    async fn file(&self) {
        crate::ground::chain::file_head(self, &self.filed()).await.unwrap();
    }

    async fn found(&self, wanted: Wanted) -> Vec<u64> {
        let found = list(self, &self.auditor, &wanted, 100).await.unwrap().unwrap();
        found.iter().map(|entry| entry.position).collect()
    }

    async fn verified(&self, kept: Option<&str>) -> Verified {
        verify(self, &self.auditor, &self.filed(), kept).await.unwrap().unwrap()
    }

    async fn export(&self, range: Range) -> Result<Vec<String>, (u64, u64)> {
        let caller = by("nobody");
        let proven = export(self, &caller, &self.auditor, &self.filed(), range).await.unwrap().unwrap();
        let mut export = match proven {
            Proven::Lines(export) => *export,
            Proven::NoSuchEntries { first, last } => return Err((first, last)),
        };
        let mut lines = Vec::new();
        loop {
            let next = export.next_lines().await.unwrap();
            if next.is_empty() {
                return Ok(lines);
            }
            lines.extend(next);
        }
    }

    /// Opens the door that the database keeps before the chain, then changes what stands behind it.
    async fn attack(&self, script: &str) {
        let on = match self.ground.test.store.kind() {
            store::Kind::Sqlite => "",
            store::Kind::Postgres => " ON audit_entry",
        };
        let open = ["audit_entry_stays", "audit_entry_kept"]
            .map(|trigger| format!("DROP TRIGGER IF EXISTS {trigger}{on};"))
            .concat();
        self.ground.test.store.run_script(&format!("{open}\n{script}")).await.unwrap();
    }
}

impl std::ops::Deref for Audited {
    type Target = Ground;

    fn deref(&self) -> &Ground {
        &self.ground.ground
    }
}

async fn entries_are_found_by_subject_actor_action_and_time_page_by_page(test: TestStore) {
    let it = Audited::new(test).await;
    let all = Wanted::default;
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(it.found(all()).await, (1..=10).rev().collect::<Vec<_>>());
    assert_eq!(it.found(Wanted { subject: some("thing:7"), ..all() }).await, [7]);
    assert_eq!(it.found(Wanted { actor: some("account:even"), ..all() }).await, [10, 8, 6, 4, 2]);
    assert_eq!(it.found(Wanted { actor: some("account:eve"), ..all() }).await, [0; 0], "no part of a name");
    assert_eq!(it.found(Wanted { action: some("first.act"), ..all() }).await, [5, 4, 3, 2, 1]);
    assert_eq!(it.found(Wanted { action: some("second"), ..all() }).await, [10, 9, 8, 7, 6]);
    let minute = |number: i64| Moment(store::testing::NOW_MS + number * 60_000);
    assert_eq!(it.found(Wanted { from: minute(2), until: minute(4), ..all() }).await, [4, 3]);
    let both = Wanted { actor: some("account:odd"), action: some("second"), from: minute(7), ..all() };
    assert_eq!(it.found(both).await, [9]);
    let page = list(&it, &it.auditor, &Wanted { before: 8, ..all() }, 3).await.unwrap().unwrap();
    assert_eq!(page.iter().map(|entry| entry.position).collect::<Vec<_>>(), [7, 6, 5]);
}

async fn an_entry_is_shown_with_its_values_its_proof_and_what_was_erased(test: TestStore) {
    let it = Audited::new(test).await;
    let shown = async |position| one(&it, &it.auditor, &it.filed(), position).await.unwrap();
    let fourth = shown(4).await.unwrap();
    assert_eq!(fourth.entry.value(ValueSide::Before), Some("{\"number\":3}"));
    let proof = fourth.proof.unwrap();
    let (head, entry) = (&proof.head, &fourth.entry);
    assert!(crate::ground::chain::is_included(head.algorithm, entry.hash, 3, 6, &proof.path, head.root));
    assert_eq!(entry.hash_after(head.algorithm, proof.previous), entry.hash);
    assert_eq!(shown(7).await.unwrap().proof, None, "no filed head covers it yet");
    assert_eq!(shown(11).await.unwrap_err(), Refusal::NotThere);

    let law = GroundOfLaw::parse(" 个人信息保护法第四十七条 ").unwrap();
    let erase = async |position| erase(&it, &by("nobody"), &it.auditor, position, &law).await.unwrap();
    erase(4).await.unwrap();
    assert_eq!(erase(4).await.unwrap_err(), Refusal::NothingToDo);
    assert_eq!(erase(40).await.unwrap_err(), Refusal::NotThere);
    let fourth = shown(4).await.unwrap();
    assert_eq!((fourth.entry.value(ValueSide::Before), fourth.entry.value(ValueSide::After)), (None, None));
    assert_eq!(fourth.erased.unwrap().ground, "个人信息保护法第四十七条");
    assert!(fourth.proof.is_some(), "the entry itself is still proven");
    let verified = it.verified(None).await;
    assert_eq!((verified.finding, verified.erased.len()), (None, 1));
    for wrong in ["", "  ", "第\n条", &"长".repeat(201)] {
        assert_eq!(GroundOfLaw::parse(wrong), None, "{wrong}");
    }
}

async fn nobody_but_an_auditor_reads_takes_out_or_removes_anything(test: TestStore) {
    let it = Audited::new(test).await;
    let (filed, caller) = (it.filed(), by("nobody"));
    let law = GroundOfLaw::parse("x").unwrap();
    let mut refusals = 0;
    for role in Role::ALL.iter().copied().filter(|role| *role != Role::Auditor) {
        let who = somebody(&it, role);
        assert_eq!(list(&it, &who, &Wanted::default(), 1).await.unwrap(), Err(Refusal::Forbidden));
        assert_eq!(one(&it, &who, &filed, 1).await.unwrap(), Err(Refusal::Forbidden));
        assert_eq!(heads(&it, &who, &filed).await.unwrap(), Err(Refusal::Forbidden));
        assert_eq!(verify(&it, &who, &filed, None).await.unwrap(), Err(Refusal::Forbidden));
        let exported = export(&it, &caller, &who, &filed, Range::default()).await.unwrap();
        assert!(matches!(exported, Err(Refusal::Forbidden)));
        let day = it.now().day();
        assert_eq!(prune(&it, &caller, &who, &filed, day).await.unwrap(), Err(Refusal::Forbidden));
        assert_eq!(erase(&it, &caller, &who, 1, &law).await.unwrap(), Err(Refusal::Forbidden));
        refusals += 3;
    }
    let refused = it.found(Wanted { action: Some("refuse".to_owned()), ..Wanted::default() }).await;
    assert_eq!(refused.len(), refusals, "what would have written leaves an entry of the refusal");
    assert_eq!(it.verified(None).await.finding, None);
}

async fn whoever_takes_entries_out_leaves_one_and_the_lines_prove_themselves(test: TestStore) {
    let it = Audited::new(test).await;
    let key = it.keys().verifying_key();
    let lines = it.export(Range::default()).await.unwrap();
    let entries = verify_export(&lines, &key).unwrap();
    assert_eq!(entries.keys().copied().collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
    assert_eq!(it.found(Wanted { action: some_export(), ..Wanted::default() }).await, [11]);
    let some = it.export(Range { from: Some(3), to: Some(11) }).await.unwrap();
    assert_eq!(verify_export(&some, &key).unwrap().len(), 9);
    for (from, to) in [(Some(0), None), (Some(13), None), (None, Some(13)), (Some(5), Some(4))] {
        assert_eq!(it.export(Range { from, to }).await.unwrap_err(), (1, 12), "{from:?} to {to:?}");
    }
    let heads = heads(&it, &it.auditor, &it.filed()).await.unwrap().unwrap();
    assert_eq!((heads.now.size, heads.latest().unwrap().size, heads.filed.heads.len()), (12, 12, 3));
    let count = by_command(&it).await;
    assert_eq!(count, 12);
}

fn some_export() -> Option<String> {
    Some(Action::ExportAudit.as_code().to_owned())
}

async fn by_command(it: &Audited) -> usize {
    let caller = Caller { actor: Actor::Command("root".to_owned()), ..by("") };
    let proven = export_by_command(it, &caller, &it.filed(), Range::default()).await.unwrap();
    let Proven::Lines(mut export) = proven else { panic!("there are entries") };
    let mut count = 0;
    loop {
        let lines = export.next_lines().await.unwrap().len();
        if lines == 0 {
            return count - 1;
        }
        count += lines;
    }
}

async fn entries_past_their_time_go_and_younger_ones_never(test: TestStore) {
    let it = Audited::new(test).await;
    let prune = async |day: &str| {
        prune(&it, &by("nobody"), &it.auditor, &it.filed(), day.parse().unwrap()).await.unwrap().unwrap()
    };
    let earliest = "2026-05-30".parse().unwrap();
    assert_eq!(prune("2026-11-30").await, Err(NotPruned::TooYoung { earliest }));
    it.ground.clock.advance(Duration::from_secs(183 * 86_400));
    let pruned = prune("2026-12-01").await.unwrap();
    assert_eq!((pruned.up_to, pruned.entries), (6, 6));
    assert_eq!(one(&it, &it.auditor, &it.filed(), 6).await.unwrap(), Err(Refusal::NotThere));
    assert_eq!(prune("2026-12-01").await, Err(NotPruned::Nothing));
    let verified = it.verified(None).await;
    assert_eq!((verified.pruned_up_to, verified.finding), (6, None));
    let lines = it.export(Range::default()).await.unwrap();
    assert_eq!(*verify_export(&lines, &it.keys().verifying_key()).unwrap().keys().next().unwrap(), 7);
    assert_eq!(heads(&it, &it.auditor, &it.filed()).await.unwrap().unwrap().pruned_up_to, 6);
}

/// Each script is run on the same ten entries and taken back; the finding is the first in the order of the chain.
async fn each_way_of_lying_with_the_database_is_named(test: TestStore) {
    let it = Audited::new(test).await;
    let keep = "CREATE TABLE kept_entry AS SELECT * FROM audit_entry; CREATE TABLE kept_value AS SELECT * FROM audit_value; \
                CREATE TABLE kept_head AS SELECT * FROM audit_head;";
    let back = "DELETE FROM audit_entry; INSERT INTO audit_entry SELECT * FROM kept_entry; \
                DELETE FROM audit_value; INSERT INTO audit_value SELECT * FROM kept_value; \
                DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM kept_head;";
    it.attack(keep).await;
    let swap = "UPDATE audit_entry SET position = -1 WHERE position = 3; UPDATE audit_entry SET position = 3 WHERE position = 9; \
                UPDATE audit_entry SET position = 9 WHERE position = -1;";
    let insert = "UPDATE audit_entry SET position = position + 100 WHERE position >= 5; \
                  UPDATE audit_entry SET position = position - 99 WHERE position >= 100; \
                  INSERT INTO audit_entry SELECT 5, at_ms, actor, acting_for, action, subject, before_digest, after_digest, \
                  request_id, hash FROM kept_entry WHERE position = 4;";
    let cases = [
        ("UPDATE audit_entry SET actor = 'visitor' WHERE position = 4;", Finding::Altered { position: 4 }),
        (
            "UPDATE audit_value SET value = '{}' WHERE position = 4 AND side = 'after';",
            Finding::ValueAltered { position: 4 },
        ),
        ("DELETE FROM audit_value WHERE position = 4;", Finding::ValueMissing { position: 4 }),
        (swap, Finding::Reordered { position: 3, belongs_at: 9 }),
        ("DELETE FROM audit_entry WHERE position = 5;", Finding::Missing { position: 5 }),
        (insert, Finding::Altered { position: 5 }),
        ("DELETE FROM audit_entry WHERE position > 7;", Finding::Truncated { last: 7, size: 10 }),
        ("DELETE FROM audit_entry WHERE position > 7; UPDATE audit_head SET size = 7;", Finding::HeadAltered),
        ("UPDATE audit_head SET size = 9;", Finding::HeadAltered),
    ];
    for (script, finding) in cases {
        it.attack(script).await;
        assert_eq!(it.verified(None).await.finding, Some(finding), "{script}");
        it.attack(back).await;
        assert_eq!(it.verified(None).await.finding, None, "taken back: {script}");
    }
}

/// Who puts an older database in place, with its own older file of heads beside it, is found by a copy of a later head.
async fn heads_that_somebody_kept_tell_what_ours_no_longer_can(test: TestStore) {
    let it = Audited::new(test).await;
    let old = std::fs::read_to_string(it.filed()).unwrap();
    let keep = "CREATE TABLE kept_entry AS SELECT * FROM audit_entry; CREATE TABLE kept_value AS SELECT * FROM audit_value; \
                CREATE TABLE kept_head AS SELECT * FROM audit_head;";
    let back = "DELETE FROM audit_entry; INSERT INTO audit_entry SELECT * FROM kept_entry; \
                DELETE FROM audit_value; INSERT INTO audit_value SELECT * FROM kept_value; \
                DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM kept_head;";
    it.attack(keep).await;
    it.act(11).await;
    it.file().await;
    let kept = std::fs::read_to_string(it.filed()).unwrap();
    it.attack(back).await;
    std::fs::write(it.filed(), old).unwrap();
    assert_eq!(it.verified(None).await.finding, None, "all that is here fits together");
    assert_eq!(it.verified(Some(&kept)).await.finding, Some(Finding::Truncated { last: 10, size: 11 }));
}
