//! What a draft would change for everybody.

use std::sync::Arc;

use effect::missing::ASKED_MAX;
use effect::{Privacy, Simulation, Worlds, json, table};
use engine::point::Rulebook;
use facts::Date;
use facts::read::ReadProblem;
use lang::ir::Document;
use population::Wanted;
use serde_json::json as object;

use super::super::everybody::{everybody, see};
use super::super::model::{DraftWanted, Effects, Stand};
use super::super::reading;
use super::{digest_of, privacy};
use crate::eligibility::{Columns, Engines};
use crate::ground::{Caller, Fault, Ground};
use crate::identity::{Action, Answer, Principal, Record, Refusal, agreed, authorise, begin};
use crate::policies::Shelved;

/// Decides everybody by a draft and by what it is held against, and tells who gains and what it costs. Nothing is kept but that
/// somebody asked.
pub async fn simulate(
    ground: &Ground,
    engines: &Engines,
    caller: &Caller,
    principal: &Principal,
    wanted: &DraftWanted,
) -> Answer<Effects> {
    const ACTION: Action = Action::SimulateDraft;
    let found = match authorise(principal, ACTION, &Record::PLATFORM) {
        Ok(()) => look(ground, engines, principal, wanted).await?,
        Err(refusal) => Err(refusal),
    };
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    let (id, told, found) = agreed!(verb, ACTION.as_code(), found);
    let Stand { release, position, day } = found.stand;
    let after = object!({
        "draft": digest_of(&wanted.text), "on": day.to_string(), "release": release, "position": position,
        "suppressed": told == Privacy::Suppressed,
    });
    verb.record(ACTION.as_code(), format!("policy:{id}"), None, Some(after));
    verb.commit().await?;
    Ok(Ok(found))
}

/// A draft that was understood: what of everybody has to be known to decide it.
struct Prepared {
    document: Document,
    wanted: Wanted,
}

async fn look(
    ground: &Ground,
    engines: &Engines,
    principal: &Principal,
    wanted: &DraftWanted,
) -> Result<Result<(String, Privacy, Effects), Refusal>, Fault> {
    let Some(shelved) = engines.shelf().current() else { return Ok(Err(Refusal::NotThere)) };
    let day = wanted.on.unwrap_or_else(|| ground.now().day());
    let (library, asked) = (Arc::clone(&shelved), wanted.clone());
    let prepared = engines.run(move || prepare(&library.library.rulebook, &asked, day)).await?;
    let Prepared { document, wanted: reads } = match prepared {
        Ok(prepared) => prepared,
        Err(problems) => return Ok(Err(Refusal::Unreadable(problems))),
    };
    let told = privacy(ground, principal, &shelved, &reads).await?;
    let columns = everybody(ground, engines, &shelved, day).await?;
    let stand = Stand { release: shelved.release.number, position: columns.position, day };
    let (id, asked) = (document.id.clone(), wanted.clone());
    let effects = engines.run(move || compute(&shelved, &columns, document, &asked, told, stand)).await?;
    Ok(effects.map(|effects| (id, told, effects)).map_err(Refusal::Unreadable))
}

fn prepare(rulebook: &Rulebook, asked: &DraftWanted, day: Date) -> Result<Prepared, Vec<ReadProblem>> {
    let document = reading::draft(&asked.text, rulebook)?;
    let wanted = with_simulation(rulebook, document.clone(), asked, day, |simulation| simulation.wanted())?;
    Ok(Prepared { document, wanted })
}

fn compute(
    shelved: &Shelved,
    columns: &Columns,
    document: Document,
    asked: &DraftWanted,
    told: Privacy,
    stand: Stand,
) -> Result<Effects, Vec<ReadProblem>> {
    let rulebook = &shelved.library.rulebook;
    with_simulation(rulebook, document, asked, stand.day, |simulation| {
        let mut sum = simulation.begin();
        let at_once = simulation.needs_everybody();
        // The open are asked what they lack, so many in all, spread evenly over the chunks.
        let share = if at_once { ASKED_MAX } else { ASKED_MAX / columns.chunks.len().max(1) };
        see(columns, &rulebook.vocabulary, at_once, |rows| sum.decide(rows, share.max(1)));
        let effect = sum.finish();
        let flags = effect.flags.clone();
        let seen = effect.seen(told);
        Effects {
            stand,
            json: json::effect(simulation, &seen, &flags),
            lines: table::effect(&seen, &rulebook.vocabulary),
        }
    })
}

/// Lets `look` see a draft beside what it is held against.
fn with_simulation<T>(
    rulebook: &Rulebook,
    document: Document,
    asked: &DraftWanted,
    day: Date,
    look: impl FnOnce(&Simulation<'_>) -> T,
) -> Result<T, Vec<ReadProblem>> {
    let against = reading::against(rulebook, &document.id, asked.against.as_deref(), day)?;
    let dimensions = reading::dimensions(&asked.by, &rulebook.vocabulary, &document.subject)?;
    if document.subject != crate::eligibility::KIND {
        let (zh, en) = ("只能对企业模拟", "only policies for enterprises can be simulated");
        return Err(vec![reading::problem("/draft", "E0064", zh, en)]);
    }
    let worlds = Worlds::new(rulebook, document, against, day).map_err(|other| {
        let (zh, en) = (
            format!("对照的政策针对 {},草案针对 {}", other.against, other.draft),
            format!("it is for {}, the draft for {}", other.against, other.draft),
        );
        vec![reading::problem("/against", "E0064", &zh, &en)]
    })?;
    Ok(look(&Simulation::new(&worlds, dimensions, day)))
}
