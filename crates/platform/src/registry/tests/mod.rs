//! The register: what is in force, as of when, for whom. [`World`] is what the tests begin with.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

mod contests;
mod in_force;
mod laws;
mod merges;
mod privacy;
mod record;
mod rights;

use facts::{Date, Vocabulary};
use store::Schema;
use store::testing::TestStore;

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

const VOCABULARY: &str = "
facts:
- {name: 研发费用, also: [研发支出], type: money, unit: 万元, grain: year}
- {name: 职工总数, type: count, unit: 人, grain: stock}
- {name: 注册园区, type: text, grain: once, disclosure: public}
- {name: 税务登记园区, type: text, grain: once, disclosure: public}
- {name: 统计关系园区, type: text, grain: once, disclosure: public}
- {name: 失信, type: bool, grain: once, disclosure: departments}
- {name: 内部评级, type: code, codes: [甲, 乙], grain: once, disclosure: office}
collections:
- {name: 知识产权, item: ip, en: IP, of: [enterprise]}
statuses:
- {name: 高新技术企业, en: high-tech enterprise}
";

fn vocabulary() -> Vocabulary {
    let files = vec![library::File::new("facts/test.yaml", VOCABULARY)];
    let checked = library::check(files);
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);
    checked.library.unwrap().rulebook.vocabulary
}

fn visitor() -> Caller {
    Caller::visitor(RequestId::new("r-1"), "192.0.2.1")
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A register with departments for it, for taxes, and an enterprise's own people.
struct World {
    ground: TestGround,
    words: Vocabulary,
    /// Of the department that keeps the register.
    office: Principal,
    /// Of the tax department.
    tax: Principal,
    security: Principal,
    system: Principal,
    /// Of the enterprise `firm`.
    owner: Principal,
    firm: SubjectId,
    firm_organisation: OrganisationId,
}

impl std::ops::Deref for World {
    type Target = crate::ground::Ground;

    fn deref(&self) -> &Self::Target {
        &self.ground.ground
    }
}

/// Somebody with one role.
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

/// A credit code that is right and nobody's.
fn code(number: u32) -> String {
    facts::Uscc::with_checks(&format!("91999999{number:08}")).unwrap().to_string()
}

impl World {
    async fn new(test: TestStore) -> Self {
        let ground = TestGround::new(test).await;
        let nowhere = OrganisationId::new(ground.ground.now(), ground.ground.chance());
        let system = somebody(&ground, nowhere, Role::SystemAdministrator);
        let security = somebody(&ground, nowhere, Role::SecurityAdministrator);
        let organisation = async |kind, name: &str| {
            create_organisation(&ground.ground, &visitor(), &system, kind, name).await.unwrap().unwrap()
        };
        let office = organisation(OrganisationKind::Department, "登记科").await;
        let tax = organisation(OrganisationKind::Department, "税务科").await;
        let firm_organisation = organisation(OrganisationKind::Enterprise, "示例一").await;
        let office = somebody(&ground, office, Role::Officer);
        let tax = somebody(&ground, tax, Role::Officer);
        let owner = somebody(&ground, firm_organisation, Role::Owner);
        let wanted =
            NewSubject { kind: "企业".to_owned(), code: Some(code(1)), name: "示例一".to_owned() };
        let firm = create_subject(&ground.ground, &visitor(), &office, &wanted).await.unwrap().unwrap();
        let words = vocabulary();
        let world = Self { ground, words, office, tax, security, system, owner, firm, firm_organisation };
        world.set_up().await;
        world
    }

    /// The departments answer, and the firm has its people.
    async fn set_up(&self) {
        let of = |principal: &Principal| principal.memberships[0].organisation;
        name_office(self, &visitor(), &self.security, of(&self.office)).await.unwrap().unwrap();
        let tax = Some(of(&self.tax));
        let named = name_department_of_source(self, &visitor(), &self.security, "taxation", tax).await;
        named.unwrap().unwrap();
        let own = Some(self.firm_organisation);
        link_subject(self, &visitor(), &self.office, self.firm, own).await.unwrap().unwrap();
    }

    async fn subject(&self, kind: &str, code: Option<String>, name: &str) -> Result<SubjectId, Refusal> {
        let wanted = NewSubject { kind: kind.to_owned(), code, name: name.to_owned() };
        create_subject(self, &visitor(), &self.office, &wanted).await.unwrap()
    }

    async fn says_of(
        &self,
        by: &Principal,
        subject: SubjectId,
        (source, observed): (&str, &str),
        facts: &str,
    ) -> Result<(StatementId, u64), Refusal> {
        let wanted = NewStatement {
            subject,
            source: source.to_owned(),
            observed: day(observed),
            valid_until: None,
            evidence: None,
            facts: facts.to_owned(),
        };
        record_statement(self, &visitor(), by, &self.words, &wanted).await.unwrap()
    }

    async fn says(&self, source: &str, observed: &str, facts: &str) -> Result<(StatementId, u64), Refusal> {
        let by = if source == "self" { &self.owner } else { &self.office };
        self.says_of(by, self.firm, (source, observed), facts).await
    }

    async fn held(&self, subject: SubjectId, at: Option<u64>) -> Option<Held> {
        profile(&mut self.read().await.unwrap(), &self.words, subject, at).await.unwrap()
    }

    fn item(&self, key: &str) -> Item {
        Item::parse(&self.words, key).unwrap()
    }

    /// The value in force, as it is written, with its source; 无人知道 where there is none.
    async fn value(&self, subject: SubjectId, key: &str, at: Option<u64>) -> String {
        let Some(held) = self.held(subject, at).await else { return "不在册".to_owned() };
        let item = self.item(key);
        let Some(standing) = held.standings.get(&item) else { return "无人知道".to_owned() };
        let Item::Fact(fact, period) = item else { return standing.stated.source.clone() };
        let entry = held.profile.facts[&fact].iter().find(|entry| entry.period == period).unwrap();
        let written = facts::write::written(self.words.get(fact), &entry.value);
        let contested = if standing.contest.is_some() { " 有异议" } else { "" };
        format!("{written} {}{contested}", standing.stated.source)
    }

    async fn position(&self) -> u64 {
        position(&mut self.read().await.unwrap()).await.unwrap()
    }
}
