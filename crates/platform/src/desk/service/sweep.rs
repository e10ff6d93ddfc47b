//! How many are eligible and what it costs, as one number of a condition goes from here to there.

use std::sync::Arc;

use effect::sweep::{POINTS, Varied};
use effect::vary::Wrong;
use effect::{Privacy, Sweep, in_force, json, table};
use engine::point::Rulebook;
use facts::Date;
use facts::read::ReadProblem;
use lang::ir::Document;
use population::Wanted;
use serde_json::json as object;

use super::super::everybody::{everybody, see};
use super::super::model::{CurveWanted, Effects, Of, Stand};
use super::super::reading;
use super::{digest_of, privacy};
use crate::eligibility::{Columns, Engines};
use crate::ground::{Caller, Fault, Ground};
use crate::identity::{Action, Answer, Principal, Record, Refusal, agreed, authorise, begin};
use crate::policies::Shelved;

/// Decides everybody by a policy or draft with one number in each of its values. Nothing is kept but that somebody asked.
pub async fn sweep(
    ground: &Ground,
    engines: &Engines,
    caller: &Caller,
    principal: &Principal,
    wanted: &CurveWanted,
) -> Answer<Effects> {
    const ACTION: Action = Action::SweepNumber;
    let found = match authorise(principal, ACTION, &Record::PLATFORM) {
        Ok(()) => look(ground, engines, principal, wanted).await?,
        Err(refusal) => Err(refusal),
    };
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    let (id, told, found) = agreed!(verb, ACTION.as_code(), found);
    let Stand { release, position, day } = found.stand;
    let draft = match &wanted.of {
        Of::Draft(text) => Some(digest_of(text)),
        Of::Policy(_) => None,
    };
    let after = object!({
        "draft": draft, "condition": wanted.condition, "from": wanted.from, "to": wanted.to,
        "on": day.to_string(), "release": release, "position": position,
        "suppressed": told == Privacy::Suppressed,
    });
    verb.record(ACTION.as_code(), format!("policy:{id}"), None, Some(after));
    verb.commit().await?;
    Ok(Ok(found))
}

async fn look(
    ground: &Ground,
    engines: &Engines,
    principal: &Principal,
    wanted: &CurveWanted,
) -> Result<Result<(String, Privacy, Effects), Refusal>, Fault> {
    let Some(shelved) = engines.shelf().current() else { return Ok(Err(Refusal::NotThere)) };
    let day = wanted.on.unwrap_or_else(|| ground.now().day());
    let (library, asked) = (Arc::clone(&shelved), wanted.clone());
    let prepared = engines.run(move || prepare(&library.library.rulebook, &asked, day)).await?;
    let (sweep, reads) = match prepared {
        Ok(prepared) => prepared,
        Err(problems) => return Ok(Err(Refusal::Unreadable(problems))),
    };
    let told = privacy(ground, principal, &shelved, &reads).await?;
    let columns = everybody(ground, engines, &shelved, day).await?;
    let stand = Stand { release: shelved.release.number, position: columns.position, day };
    let id = sweep.document().id.clone();
    let effects = engines.run(move || compute(&shelved, &columns, &sweep, told, stand)).await?;
    Ok(Ok((id, told, effects)))
}

fn prepare(rulebook: &Rulebook, asked: &CurveWanted, day: Date) -> Result<(Sweep, Wanted), Vec<ReadProblem>> {
    let document = document(rulebook, &asked.of, day)?;
    if document.subject != crate::eligibility::KIND {
        let (zh, en) = ("只能对企业模拟", "only policies for enterprises can be simulated");
        return Err(vec![reading::problem("", "E0064", zh, en)]);
    }
    if !POINTS.contains(&asked.steps) {
        let (least, most) = (POINTS.start(), POINTS.end());
        let (zh, en) =
            (format!("点数在 {least} 到 {most} 之间"), format!("there are from {least} to {most} points"));
        return Err(vec![reading::problem("/steps", "E0064", &zh, &en)]);
    }
    let varied = Varied {
        condition: &asked.condition,
        constant: asked.constant,
        from: &asked.from,
        to: &asked.to,
        steps: asked.steps,
    };
    let sweep = Sweep::new(rulebook, &document, varied, day).map_err(|wrong| {
        let what = wrong.message();
        vec![reading::problem(place_of(&wrong, asked), "E0064", &what.zh, &what.en)]
    })?;
    let wanted = sweep.begin().wanted();
    Ok((sweep, wanted))
}

/// The text whose number is varied.
fn document(rulebook: &Rulebook, of: &Of, day: Date) -> Result<Document, Vec<ReadProblem>> {
    match of {
        Of::Draft(text) => reading::draft(text, rulebook),
        Of::Policy(id) => {
            let found = in_force(rulebook, id, day);
            let unknown = || {
                let (zh, en) = (
                    "没有这项政策,或当日没有施行的版本",
                    "there is no such policy, or none in force on the day",
                );
                vec![reading::problem("/policy", "E0612", zh, en)]
            };
            found.map(|entry| entry.document.clone()).ok_or_else(unknown)
        }
    }
}

/// Which part of what was asked cannot be.
fn place_of(wrong: &Wrong, asked: &CurveWanted) -> &'static str {
    match wrong {
        Wrong::NoCondition { .. } | Wrong::NoNumber { .. } => "/condition",
        Wrong::Which { .. } => "/constant",
        Wrong::NotRead { text, .. } | Wrong::Unit { text, .. } | Wrong::NotOne { text } => {
            if *text == asked.from { "/from" } else { "/to" }
        }
    }
}

fn compute(shelved: &Shelved, columns: &Columns, sweep: &Sweep, told: Privacy, stand: Stand) -> Effects {
    let vocabulary = &shelved.library.rulebook.vocabulary;
    let mut running = sweep.begin();
    see(columns, vocabulary, sweep.needs_everybody(), |rows| running.decide(rows));
    let curve = running.finish().seen(told);
    Effects { stand, json: json::curve(&curve), lines: table::curve(&curve) }
}
