//! The curve of one number.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use facts::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::model::{CurveWanted, Of};
use super::{Doors, Head, reply};
use crate::identity::api::{Signed, answered};
use crate::web::{Body, Problem, ProblemBody, RateLimits, Visitor, parse_day};

/// Points of a curve where nobody says how many.
const STEPS: usize = 21;

/// A number of a condition of a policy or draft, and from where to where it goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "policy": "zz-demo-rd-2026", "condition": "rd-share", "from": "3%", "to": "8%", "steps": 6, "on": "2026-06-30",
}))]
pub(super) struct SweepRequest {
    /// A published policy; or `draft`.
    #[schema(max_length = 200)]
    policy: Option<String>,
    /// A draft as a policy file; or `policy`.
    #[schema(max_length = 1048576)]
    draft: Option<String>,
    /// The condition.
    #[schema(max_length = 200)]
    condition: String,
    /// Which of its numbers, from 1; may be left out where it has one.
    constant: Option<usize>,
    /// The first value, as policies write numbers.
    #[schema(max_length = 200)]
    from: String,
    /// The last value.
    #[schema(max_length = 200)]
    to: String,
    /// How many points; 21, if left out.
    #[schema(minimum = 2, maximum = 1000)]
    steps: Option<usize>,
    /// The day of decision; today, if left out.
    on: Option<String>,
}

/// How many are eligible and what it costs at each value; `docs/bulk.md` says what each key counts.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "the shape of the answer, for the description")]
pub(super) struct CurveBody {
    /// Whose number it is.
    policy: String,
    /// Its first day in force.
    version: String,
    /// The condition.
    condition: String,
    /// The release of policies.
    release: u64,
    /// The position of the ledger.
    position: u64,
    /// The day of decision.
    on: String,
    /// How many subjects.
    subjects: u64,
    /// What the text itself says; figures are `null` where they may not be told.
    current: Value,
    /// In order, both ends included.
    points: Vec<Value>,
}

const HEADS: [Head; 9] = [
    ("value", "取值", "Value"),
    ("shown", "写法", "Shown"),
    ("eligible", "可享受", "Eligible"),
    ("ineligible", "不符合", "Not eligible"),
    ("open", "待定", "Open"),
    ("least_wan", "金额至少(万元)", "At least, 10,000 yuan"),
    ("most_wan", "金额至多(万元)", "At most, 10,000 yuan"),
    ("endless", "金额无上限", "Amount without end"),
    ("undetermined", "金额不能确定", "Amount cannot be said"),
];

/// How many are eligible and what it costs, as one number goes from here to there: JSON in full, or as lines.
#[utoipa::path(
    post, path = "/sweep", tag = "desk", request_body = SweepRequest,
    responses(
        (status = 200, content((CurveBody = "application/json"), (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Vec<u8> = "application/vnd.apache.parquet"))),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ),
    extensions(("x-action" = json!("desk.sweep")))
)]
pub(super) async fn sweep(
    State(doors): State<Doors>,
    signed: Signed,
    visitor: Visitor,
    Extension(rate_limits): Extension<RateLimits>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let Signed { caller, principal } = &signed;
    rate_limits.costly(&principal.account.to_string())?;
    let SweepRequest { policy, draft, condition, constant, from, to, steps, on } = body.json()?;
    let of = match (policy, draft) {
        (Some(id), None) => Of::Policy(id),
        (None, Some(text)) => Of::Draft(text),
        _ => {
            let zh = "policy 和 draft 二者选一".to_owned();
            let en = "either policy or draft is to be given".to_owned();
            return Err(Problem::at("/policy", Text { zh, en }));
        }
    };
    let on = on.as_deref().map(|text| parse_day(text, "/on")).transpose()?;
    let steps = steps.unwrap_or(STEPS);
    let wanted = CurveWanted { of, condition, constant, from, to, steps, on };
    let found = super::super::sweep(&doors.ground, &doors.engines, caller, principal, &wanted).await;
    reply(answered(found)?, "sweep", &HEADS, &headers, visitor.language)
}

#[cfg(test)]
mod tests {
    use super::HEADS;

    #[test]
    fn the_heads_are_those_of_the_lines() {
        assert_eq!(HEADS.map(|(key, ..)| key), effect::table::CURVE);
    }
}
