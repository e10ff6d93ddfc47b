//! Contests: from the doubt to the answer.

use super::*;

store::on_both_databases!(schema;
    a_contested_value_stays_in_force_marked_until_its_department_answers,
    a_correction_takes_the_place_of_the_contested_value_and_the_past_stays,
    where_no_department_is_named_the_office_answers,
);

const COST: &str = "研发费用.2025";

impl World {
    async fn contest(&self, by: &Principal, statement: StatementId) -> Result<ContestId, Refusal> {
        let wanted = NewContest {
            subject: self.firm,
            item: COST.to_owned(),
            statement,
            reason: "申报表为 95 万元".to_owned(),
            evidence: Some("2025 年度汇算清缴表".to_owned()),
        };
        let raised = contest_value(self, &visitor(), by, &self.words, &wanted).await.unwrap();
        raised.map(|(id, _)| id)
    }

    async fn answer(
        &self,
        by: &Principal,
        contest: ContestId,
        (outcome, reason): (Outcome, &str),
        correction: Option<&str>,
    ) -> Result<(), Refusal> {
        let correction = correction.map(|facts| (facts.to_owned(), day("2026-10-01")));
        let wanted = NewAnswer { contest, outcome, reason: reason.to_owned(), correction };
        answer_contest(self, &visitor(), by, &self.words, &wanted).await.unwrap()
    }

    async fn cost(&self, source: &str, value: &str) -> StatementId {
        self.says(source, "2026-10-31", &format!(r#"{{"{COST}": "{value}"}}"#)).await.unwrap().0
    }
}

async fn a_contested_value_stays_in_force_marked_until_its_department_answers(test: TestStore) {
    let world = World::new(test).await;
    let stranger = somebody(&world.ground, world.tax.memberships[0].organisation, Role::Owner);
    let said = world.cost("taxation", "90万元").await;
    assert_eq!(world.contest(&stranger, said).await.unwrap_err(), Refusal::NotThere);
    let contest = world.contest(&world.owner, said).await.unwrap();
    assert_eq!(world.contest(&world.owner, said).await.unwrap_err(), Refusal::NothingToDo);
    assert_eq!(world.value(world.firm, COST, None).await, "90万元 taxation 有异议");
    let contested_at = world.position().await;

    let listed = contests_about(&world, &world.owner, &world.words, world.firm).await.unwrap().unwrap();
    assert_eq!(listed[0].department, Some(world.tax.memberships[0].organisation));
    // Monday 30 November 2026; ten working days later it is Monday 14 December.
    assert_eq!(listed[0].due, day("2026-12-14"));
    let open = async |by: &Principal| open_contests(&world, by, None, 10).await.unwrap();
    assert_eq!(open(&world.tax).await.unwrap().len(), 1);
    assert_eq!(open(&world.office).await.unwrap().len(), 0);
    assert_eq!(open(&world.owner).await.unwrap_err(), Refusal::Forbidden);

    let refuse = (Outcome::Refused, "与申报一致");
    assert_eq!(world.answer(&world.owner, contest, refuse, None).await.unwrap_err(), Refusal::Forbidden);
    let elsewhere = somebody(&world.ground, world.firm_organisation, Role::Officer);
    assert_eq!(world.answer(&elsewhere, contest, refuse, None).await.unwrap_err(), Refusal::NotThere);
    let silent = (Outcome::Refused, " ");
    assert_eq!(world.answer(&world.tax, contest, silent, None).await.unwrap_err(), Refusal::Reason);
    world.answer(&world.tax, contest, refuse, None).await.unwrap();
    assert_eq!(world.answer(&world.tax, contest, refuse, None).await.unwrap_err(), Refusal::NothingToDo);
    assert_eq!(world.value(world.firm, COST, None).await, "90万元 taxation");
    assert_eq!(world.value(world.firm, COST, Some(contested_at)).await, "90万元 taxation 有异议");
    assert!(open(&world.tax).await.unwrap().is_empty());

    // Who doubts it does not judge it.
    let again = world.contest(&world.tax, said).await.unwrap();
    assert_eq!(world.answer(&world.tax, again, refuse, None).await.unwrap_err(), Refusal::Oneself);
    world.answer(&world.office, again, (Outcome::Upheld, "系录入错误"), None).await.unwrap();
    assert_eq!(
        world.value(world.firm, COST, None).await,
        "无人知道",
        "upheld, and nobody else says anything"
    );
}

async fn a_correction_takes_the_place_of_the_contested_value_and_the_past_stays(test: TestStore) {
    let world = World::new(test).await;
    let said = world.cost("taxation", "90万元").await;
    let before = world.position().await;
    let contest = world.contest(&world.owner, said).await.unwrap();
    let correct = (Outcome::Corrected, "");
    for facts in [None, Some(r#"{"失信": "否"}"#), Some(r#"{"研发费用.2025": "很多"}"#)] {
        let refused = world.answer(&world.tax, contest, correct, facts).await.unwrap_err();
        assert!(matches!(refused, Refusal::Unreadable(_)), "{facts:?}: {refused:?}");
    }
    let right = Some(r#"{"研发费用.2025": "95万元"}"#);
    let refused = world.answer(&world.tax, contest, (Outcome::Refused, "否"), right).await.unwrap_err();
    assert!(matches!(refused, Refusal::Unreadable(_)), "a refusal corrects nothing");
    world.answer(&world.tax, contest, correct, right).await.unwrap();
    // Of an earlier day than what was contested, and in force all the same.
    assert_eq!(world.value(world.firm, COST, None).await, "95万元 taxation");
    assert_eq!(world.value(world.firm, COST, Some(before)).await, "90万元 taxation");
}

async fn where_no_department_is_named_the_office_answers(test: TestStore) {
    let world = World::new(test).await;
    let said = world.cost("statistics", "90万元").await;
    let contest = world.contest(&world.owner, said).await.unwrap();
    let refuse = (Outcome::Refused, "与统计报表一致");
    assert_eq!(world.answer(&world.tax, contest, refuse, None).await.unwrap_err(), Refusal::NotThere);
    world.answer(&world.office, contest, refuse, None).await.unwrap();
}

#[test]
fn working_days_leave_out_weekends_and_holidays_where_they_are_known() {
    use super::super::workflow::working_days_after;
    let text = "
year: 2026
source: {title: {zh: 示例通知, en: A notice}, document: 示例, published: 2025-11-04}
holidays:
- {zh: 示例节, en: A feast, from: 2026-12-02, to: 2026-12-03, work: [2026-12-05]}
";
    let source = facts::Source::new("classifications/working-days/2026.yaml", text);
    let (lists, found) = facts::classification::load(&[source]);
    assert!(found.is_empty(), "{found:?}");
    let after = |day_text: &str, count| working_days_after(&lists, day(day_text), count).to_string();
    assert_eq!(after("2026-11-30", 1), "2026-12-01");
    assert_eq!(after("2026-11-30", 2), "2026-12-04", "over the feast");
    assert_eq!(after("2026-11-30", 3), "2026-12-05", "a Saturday that is worked");
    assert_eq!(after("2026-12-31", 1), "2027-01-01", "of 2027 nothing is known, and it is a Friday");
    assert_eq!(after("2027-01-01", 1), "2027-01-04");
}
