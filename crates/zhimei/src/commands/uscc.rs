//! `zhimei uscc`: whether unified social credit codes pass their checks, and what they say.

use std::io::Write as _;

use anyhow::Result;
use clap::Args;
use facts::Uscc;
use wording::style;

use crate::context::{Context, Status};
use crate::{load, output};

/// 校验统一社会信用代码(GB 32100-2015) ¦ Check unified social credit codes (GB 32100-2015)
///
/// 校验两个校验码,说明登记管理部门、机构类别和登记地。能过校验只说明没有抄错,不说明真有这家单位。 ¦ Verifies both check characters and says who registers the subject, its class and where. A code that passes was copied without a slip; whether anybody has it no check can tell.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei uscc 91330100799655058B\n  zhimei uscc 91330100799655058B 91350100M000100Y4Z ¦ Examples:\n  zhimei uscc 91330100799655058B\n  zhimei uscc 91330100799655058B 91350100M000100Y4Z"
)]
pub struct Arguments {
    /// 代码 ¦ Codes
    #[arg(value_name = "CODE", required = true)]
    codes: Vec<String>,
}

/// The classification of the areas in which subjects are registered.
const AREAS: &str = "area";

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let lists = load::classifications(context)?;
    let areas = lists.classification(AREAS);
    let mut out = output::stdout();
    let mut is_wrong = false;
    for text in &arguments.codes {
        match text.parse::<Uscc>() {
            Ok(code) => {
                let authority = code.authority().map(|authority| context.text(&authority.name()).to_owned());
                let authority = authority.unwrap_or_else(|| context.say("未知", "unknown").to_owned());
                let class = code.class();
                let name = areas.and_then(|known| known.label(code.area(), context.language));
                let area = match name {
                    Some(name) => format!("{} {name}", code.area()),
                    None => code.area().to_owned(),
                };
                let said = if context.is_chinese() {
                    format!(
                        "登记管理部门 {authority},机构类别 {class},登记地 {area},组织机构代码 {}",
                        code.organisation()
                    )
                } else {
                    format!(
                        "registered by {authority}, class {class}, area {area}, organisation code {}",
                        code.organisation()
                    )
                };
                writeln!(out, "{} {code}  {said}", style::good("✓", context))?;
            }
            Err(error) => {
                is_wrong = true;
                writeln!(out, "{} {text}  {}", style::bad("✗", context), context.text(&error.message()))?;
            }
        }
    }
    out.flush()?;
    Ok(Status::wrong_if(is_wrong))
}
