//! `zhimei template`: the workbook that an accountant fills in, and that `match --facts` reads back.
//!
//! | file | what |
//! | --- | --- |
//! | `columns` | which facts the policies read, as columns |
//! | `workbook` | the sheets: subjects, remarks, one for each collection |

mod columns;
mod workbook;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use facts::Date;

use crate::commands::matching::known_kind;
use crate::context::{Context, Status};
use crate::load::selection::{Selection, select};
use crate::problem::Problem;
use crate::{clock, output};

/// 填报表:政策要用到的每一列,带单位、含义、问法和可选值 ¦ A workbook to fill in: each column the policies read, with unit, meaning, question and choices
///
/// 第一张表一行一个主体,“说明”表讲每一列,集合(如投资、入驻企业)各有一张表。填好后 match --facts 直接读。不知道就空着,确知没有写“无”或 0,大概的数写 12..19。 ¦ One row a subject on the first sheet, each column explained on the sheet 说明, a sheet for each collection. match --facts reads it when filled in. Leave empty what is not known, write 无 or 0 for known to have none, 12..19 for a range.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei template --policies cn-hnte-2016,cn-tech-sme-2017 --out 填报.xlsx\n  zhimei match --facts 填报.xlsx ¦ Examples:\n  zhimei template --policies cn-hnte-2016,cn-tech-sme-2017 --out form.xlsx\n  zhimei match --facts form.xlsx"
)]
pub struct Arguments {
    /// 哪些政策:编号、文件或文件夹,用逗号隔开;默认全部 ¦ Which policies: ids, files or folders, separated by commas; all by default
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    policies: Vec<String>,

    /// 存到哪个文件(.xlsx) ¦ Into which file (.xlsx)
    #[arg(long, value_name = "FILE.xlsx")]
    out: PathBuf,

    /// 判断日,决定“上年”是哪一年,默认今天 ¦ Day of decision, which tells the years, today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// 给哪类主体:企业(enterprise,默认)、机构、个人、项目、地块 ¦ For which kind of subject: enterprise (default), institution, person, project, parcel
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    output::require_ending(&arguments.out, &["xlsx"])?;
    if arguments.out.exists() {
        let shown = arguments.out.display();
        return Err(Problem::new(
            format!("{shown} 已经有了,不覆盖:里面可能有填好的数"),
            format!("{shown} is there already and is not overwritten: it may hold figures"),
        )
        .with_help("换一个文件名", "take another name")
        .into());
    }
    let Selection { library, ids, .. } = select(&arguments.policies, context)?;
    let vocabulary = &library.rulebook.vocabulary;
    let entries = ids.iter().filter_map(|id| library.rulebook.versions(id).last());
    let documents: Vec<_> = entries.map(|entry| &entry.document).collect();
    let kind = match &arguments.kind {
        Some(kind) => known_kind(kind, vocabulary)?,
        // The policies of one kind of subject tell it themselves.
        None => match documents.first() {
            Some(first) if documents.iter().all(|document| document.subject == first.subject) => {
                first.subject.clone()
            }
            _ => "enterprise".to_owned(),
        },
    };
    let day = arguments.on.unwrap_or_else(clock::today);
    let of_kind: Vec<_> = documents.into_iter().filter(|document| document.subject == kind).collect();
    if of_kind.is_empty() {
        return Err(Problem::new(
            format!("所选政策都不针对 {kind}"),
            format!("none of these policies is for {kind}"),
        )
        .with_help("用 --kind 写主体类型", "give the kind of subject with --kind")
        .into());
    }
    let form = columns::Form::of(&of_kind, &library, day);
    output::write_file(&arguments.out, &workbook::workbook(&form, &kind, vocabulary, day, context)?)?;
    let (count, sheets, place) = (form.main.len(), form.collections.len(), arguments.out.display());
    output::note(context.say(
        &format!("{place}:{} 项政策,{count} 列,{sheets} 张集合表", of_kind.len()),
        &format!("{place}: {} policies, {count} columns, {sheets} sheets for collections", of_kind.len()),
    ));
    Ok(Status::Fine)
}
