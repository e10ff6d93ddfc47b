//! Decisions from the ledger: for whom, as of when, kept, and derived again.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

mod bundles;
mod doors;
mod ledger;
mod request;
mod runs;
mod stored;

use std::num::NonZeroUsize;

use facts::Date;
use store::Schema;
use store::testing::TestStore;

use super::*;
use crate::ground::testing::TestGround;
use crate::ground::{Caller, RequestId};
use crate::identity::{
    AccountId, Membership, MembershipId, OrganisationId, OrganisationKind, PersonId, Principal, Refusal,
    Role, SessionId, Through, create_organisation,
};
use crate::policies::tests::library::{DOCUMENT_PATH, document_with_share};
use crate::policies::{Import, apply_import};
use crate::registry::{
    NewStatement, NewSubject, SubjectId, create_subject, link_subject, name_office, record_statement,
};

fn schema() -> Schema {
    crate::schema()
}

fn visitor() -> Caller {
    Caller::visitor(RequestId::new("r-1"), "192.0.2.1")
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A register with one firm and its own people, an office, and the small library.
struct World {
    ground: TestGround,
    engines: Engines,
    office: Principal,
    owner: Principal,
    stranger: Principal,
    auditor: Principal,
    publisher: Principal,
    firm: SubjectId,
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

/// A credit code that is right and nobody's.
fn code(number: u32) -> String {
    facts::Uscc::with_checks(&format!("91999999{number:08}")).unwrap().to_string()
}

impl World {
    async fn new(test: TestStore) -> Self {
        let ground = TestGround::new(test).await;
        let shelf = crate::policies::tests::shelf(&ground.ground).await;
        let engines = Engines::new(&shelf, NonZeroUsize::MIN);
        let nowhere = OrganisationId::new(ground.ground.now(), ground.ground.chance());
        let system = somebody(&ground, nowhere, Role::SystemAdministrator);
        let security = somebody(&ground, nowhere, Role::SecurityAdministrator);
        let organisation = async |kind, name: &str| {
            create_organisation(&ground.ground, &visitor(), &system, kind, name).await.unwrap().unwrap()
        };
        let department = organisation(OrganisationKind::Department, "登记科").await;
        let own = organisation(OrganisationKind::Enterprise, "示例一").await;
        let other = organisation(OrganisationKind::Enterprise, "示例二").await;
        let office = somebody(&ground, department, Role::Officer);
        name_office(&ground.ground, &visitor(), &security, department).await.unwrap().unwrap();
        let wanted =
            NewSubject { kind: "企业".to_owned(), code: Some(code(1)), name: "示例一".to_owned() };
        let firm = create_subject(&ground.ground, &visitor(), &office, &wanted).await.unwrap().unwrap();
        link_subject(&ground.ground, &visitor(), &office, firm, Some(own)).await.unwrap().unwrap();
        Self {
            engines,
            owner: somebody(&ground, own, Role::Owner),
            stranger: somebody(&ground, other, Role::Owner),
            auditor: somebody(&ground, department, Role::Auditor),
            publisher: somebody(&ground, department, Role::Publisher),
            office,
            firm,
            ground,
        }
    }

    async fn says(&self, source: &str, observed: &str, facts: &str) -> u64 {
        self.says_of(self.firm, source, observed, facts).await
    }

    async fn says_of(&self, subject: SubjectId, source: &str, observed: &str, facts: &str) -> u64 {
        let shelved = self.engines.shelf().current().unwrap();
        let words = &shelved.library.rulebook.vocabulary;
        let wanted = NewStatement {
            subject,
            source: source.to_owned(),
            observed: day(observed),
            valid_until: None,
            evidence: None,
            facts: facts.to_owned(),
        };
        let by = if source == "self" { &self.owner } else { &self.office };
        let said = record_statement(&self.ground.ground, &visitor(), by, words, &wanted).await;
        said.unwrap().unwrap().1
    }

    async fn asks(&self, by: &Principal, question: &Question) -> Result<Decided, Refusal> {
        decide_subject(&self.ground.ground, &self.engines, &visitor(), by, question).await.unwrap()
    }

    fn question(&self) -> Question {
        Question { subject: self.firm, at: None, on: Some(day("2026-06-30")), policy: None }
    }

    /// Outcome and amount of the document on R&D.
    async fn research(&self, at: Option<u64>) -> (String, Option<i64>) {
        let decided = self.asks(&self.owner, &Question { at, ..self.question() }).await.unwrap();
        let verdict = decided.verdicts.into_iter().find(|it| it.policy == "zz-demo-rd-2026").unwrap();
        (verdict.outcome.to_owned(), verdict.amount_fen)
    }

    /// Makes a release in which the share of R&D is another.
    async fn releases(&self, since: u64, percent: &str) {
        let text = document_with_share(percent);
        let changes = [(DOCUMENT_PATH.to_owned(), Some(text))].into_iter().collect();
        let import = Import { since, changes };
        let (ground, shelf) = (&self.ground.ground, self.engines.shelf());
        let given = (&import, since, "修订");
        apply_import(ground, &visitor(), &self.publisher, shelf, given).await.unwrap().unwrap();
    }
}
