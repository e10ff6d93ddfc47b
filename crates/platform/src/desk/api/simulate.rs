//! What a draft would change.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::model::DraftWanted;
use super::{Doors, Head, reply};
use crate::identity::api::{Signed, answered};
use crate::web::{Body, Problem, ProblemBody, RateLimits, Visitor, parse_day};

/// A draft, and how to look at it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "draft": "id: zz-demo-new-2026\ntitle: {zh: 示例, en: Example}\n", "on": "2026-06-30" }))]
pub(super) struct SimulationRequest {
    /// The draft as a policy file: a new policy, or a new version of one.
    #[schema(max_length = 1048576)]
    draft: String,
    /// What it is held against: an id, or `id@first-day`. The version of its own id that is in force on the day, if left out.
    #[schema(max_length = 200)]
    against: Option<String>,
    /// The day of decision; today, if left out.
    on: Option<String>,
    /// Facts to break down by; those that the vocabulary marks, if left out.
    #[serde(default)]
    #[schema(max_items = 8)]
    by: Vec<String>,
}

/// Who gains, who loses, who stays open and for want of what, what it costs; `docs/bulk.md` says what each key counts.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "the shape of the answer, for the description")]
pub(super) struct SimulationBody {
    /// The draft, `id@first-day`.
    draft: String,
    /// What it was held against.
    against: Option<String>,
    /// The release of policies.
    release: u64,
    /// The position of the ledger.
    position: u64,
    /// The day of decision.
    on: String,
    /// Everybody; `null` where nothing may be told of them.
    all: Option<Value>,
    /// By each fact of the breakdown.
    by: Vec<Value>,
    /// What the open lack.
    missing: Option<Value>,
    /// Other policies that the gainers have.
    others: Vec<Value>,
    /// Rules that a fair-competition review should look at.
    fair_competition: Vec<Value>,
    /// Where small groups were left out: the fewest that are told, and how many subjects there are.
    suppressed: Option<Value>,
}

const HEADS: [Head; 15] = [
    ("by", "分列", "By"),
    ("value", "取值", "Value"),
    ("subjects", "户数", "Subjects"),
    ("eligible_now", "现在可享受", "Eligible now"),
    ("eligible_then", "草案下可享受", "Eligible by the draft"),
    ("gain", "新受益", "Gain"),
    ("lose", "不再享受", "Lose"),
    ("become_open", "由可享受变为待定", "Eligible now, open then"),
    ("more", "金额增加", "Get more"),
    ("less", "金额减少", "Get less"),
    ("open", "草案下待定", "Open by the draft"),
    ("now_least_wan", "现在至少(万元)", "Now at least, 10,000 yuan"),
    ("now_most_wan", "现在至多(万元)", "Now at most, 10,000 yuan"),
    ("then_least_wan", "草案至少(万元)", "By the draft at least, 10,000 yuan"),
    ("then_most_wan", "草案至多(万元)", "By the draft at most, 10,000 yuan"),
];

/// What a draft would change for all enterprises, as JSON in full, or as lines. Small groups are left out for whoever may not
/// read the facts.
#[utoipa::path(
    post, path = "/simulate", tag = "desk", request_body = SimulationRequest,
    responses(
        (status = 200, content((SimulationBody = "application/json"), (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Vec<u8> = "application/vnd.apache.parquet"))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("desk.simulate")))
)]
pub(super) async fn simulate(
    State(doors): State<Doors>,
    signed: Signed,
    visitor: Visitor,
    Extension(rate_limits): Extension<RateLimits>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let Signed { caller, principal } = &signed;
    rate_limits.costly(&principal.account.to_string())?;
    let SimulationRequest { draft, against, on, by } = body.json()?;
    let on = on.as_deref().map(|text| parse_day(text, "/on")).transpose()?;
    let wanted = DraftWanted { text: draft, against, on, by };
    let found = super::super::simulate(&doors.ground, &doors.engines, caller, principal, &wanted).await;
    reply(answered(found)?, "simulation", &HEADS, &headers, visitor.language)
}

#[cfg(test)]
mod tests {
    use super::HEADS;

    #[test]
    fn the_heads_are_those_of_the_lines() {
        assert_eq!(HEADS.map(|(key, ..)| key), effect::table::EFFECT);
    }
}
