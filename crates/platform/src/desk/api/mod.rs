//! The doors of the desk under `/api/v1`.

mod simulate;
mod sweep;

use axum::http::HeaderMap;
use axum::response::Response;
use facts::Language;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Effects, Stand};
use crate::eligibility::Engines;
use crate::ground::Ground;
use crate::web::{Problem, Table, TableCell, heading};

/// What the doors of this slice stand on. Cloning it shares it.
#[derive(Clone)]
pub struct Doors {
    ground: Ground,
    engines: Engines,
}

impl Doors {
    /// Over a ground and what decides.
    pub fn new(ground: &Ground, engines: &Engines) -> Self {
        Self { ground: ground.clone(), engines: engines.clone() }
    }
}

/// All doors of this slice.
pub fn routes(doors: Doors) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(simulate::simulate)).routes(routes!(sweep::sweep)).with_state(doors)
}

/// The head of a column: key, Chinese, English.
type Head = (&'static str, &'static str, &'static str);

/// In full as JSON, or its lines as the reader wants them.
fn reply(
    effects: Effects,
    name: &'static str,
    heads: &[Head],
    headers: &HeaderMap,
    language: Language,
) -> Result<Response, Problem> {
    let Effects { stand, mut json, lines } = effects;
    let columns = heads.iter().map(|(key, zh, en)| (*key, heading(zh, en)));
    let rows = lines.into_iter().map(|line| line.into_iter().map(cell).collect());
    let table = Table { name, columns: columns.collect(), rows: rows.collect() };
    put_stand(&mut json, stand);
    table.reply_or(json, headers, language)
}

fn cell(text: String) -> TableCell {
    match text.parse() {
        Ok(number) => TableCell::Whole(number),
        Err(_) if text.is_empty() => TableCell::Empty,
        Err(_) => TableCell::Words(text),
    }
}

fn put_stand(json: &mut Value, stand: Stand) {
    json["release"] = json!(stand.release);
    json["position"] = json!(stand.position);
}
