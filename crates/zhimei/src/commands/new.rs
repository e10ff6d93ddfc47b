//! `zhimei new`: a policy document to fill in, which explains itself.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use facts::{Date, FactType, Grain, Vocabulary};
use wording::words;

use crate::context::{Context, Status};
use crate::problem::Problem;
use crate::{clock, load, output};

/// 新政策的文件:每一处都有说明,填好就能检查 ¦ A new policy document that explains itself, ready to fill in
///
/// 写出政策文件和旁边的例子(cases.yaml)。当前文件夹里有 policies/ 或 library/policies/ 就放到那里,否则放到以编号命名的文件夹。已有的文件不会覆盖。 ¦ Writes the document and its examples (cases.yaml) beside it: under policies/ or library/policies/ where the folder has one, else in a folder named after the id. It never overwrites a file.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei new zz-example-2026 --level city\n  zhimei new zz-example-2026 --level city --print ¦ Examples:\n  zhimei new zz-example-2026 --level city\n  zhimei new zz-example-2026 --level city --print"
)]
pub struct Arguments {
    /// 编号:小写字母、数字和连字符,如 zz-example-2026 ¦ Id: lower-case letters, digits and hyphens, as zz-example-2026
    #[arg(value_name = "ID", value_parser = id)]
    id: String,

    /// 级别:national、province、city(默认)、zone ¦ Level: national, province, city (default), zone
    #[arg(long, value_name = "LEVEL", default_value = "city", value_parser = words::parse_level)]
    level: String,

    /// 施行的第一天,默认今天 ¦ First day in force, today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    from: Option<Date>,

    /// 放到哪个文件夹,默认当前文件夹 ¦ Into which folder, the current one by default
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    into: PathBuf,

    /// 只印出来,不写文件 ¦ Only print it, write no file
    #[arg(long)]
    print: bool,
}

fn id(text: &str) -> Result<String, String> {
    let is_plain =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    let starts_well = text.starts_with(|character: char| character.is_ascii_lowercase());
    if starts_well && !text.ends_with('-') && text.chars().all(is_plain) {
        return Ok(text.to_owned());
    }
    Err("编号以小写字母开头,只用小写字母、数字和连字符 ¦ an id begins with a lower-case letter and has lower-case letters, digits and hyphens only".to_owned())
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let library = load::words(context)?;
    if library.rulebook.versions(&arguments.id).next().is_some() {
        output::note(context.say(
            &format!("注意:政策库里已有 {};新版本放在同一个文件夹,文件名是施行的第一天", arguments.id),
            &format!("note: the library has {} already; a new version goes into the same folder, named after its first day", arguments.id),
        ));
    }
    let from = arguments.from.unwrap_or_else(clock::today);
    let example = Example::of(&library.rulebook.vocabulary)?;
    let (document, cases) = (document(&arguments.id, from, &example), cases(from, &example));
    if arguments.print {
        let mut out = output::stdout();
        write!(out, "{document}")?;
        out.flush()?;
        return Ok(Status::Fine);
    }
    let folder = folder(arguments);
    let places = [(folder.join(format!("{from}.yaml")), document), (folder.join("cases.yaml"), cases)];
    let mut to_write = Vec::new();
    for (place, text) in &places {
        match (place.exists(), place.ends_with("cases.yaml")) {
            (false, _) => to_write.push((place, text)),
            // The examples of an earlier version serve the new one too.
            (true, true) => {}
            (true, false) => {
                let shown = place.display();
                return Err(Problem::new(
                    format!("{shown} 已经有了,不覆盖"),
                    format!("{shown} is there already and is not overwritten"),
                )
                .with_help(
                    "换一个编号,或用 --from 写新版本的施行日",
                    "take another id, or give the new version's first day with --from",
                )
                .into());
            }
        }
    }
    std::fs::create_dir_all(&folder).map_err(|error| load::cannot_read(&folder, &error))?;
    for (place, text) in to_write {
        output::write_file(place, text.as_bytes())?;
        output::note(&format!("{} {}", context.say("已写", "written:"), place.display()));
    }
    let shown = folder.display();
    output::note(context.say(
        &format!("填好后运行:zhimei check {shown} --watch,再运行 zhimei test {shown}"),
        &format!("fill it in, then: zhimei check {shown} --watch, and zhimei test {shown}"),
    ));
    Ok(Status::Fine)
}

fn folder(arguments: &Arguments) -> PathBuf {
    let homes = [arguments.into.join("policies"), arguments.into.join("library").join("policies")];
    match homes.iter().find(|home| home.is_dir()) {
        Some(home) => home.join(&arguments.level).join(&arguments.id),
        None if arguments.into == Path::new(".") => PathBuf::from(&arguments.id),
        None => arguments.into.join(&arguments.id),
    }
}

/// Facts of the vocabulary in use, so that the document checks as it stands.
struct Example {
    yes: String,
    count: String,
    unit: &'static str,
    money: String,
}

impl Example {
    fn of(vocabulary: &Vocabulary) -> Result<Self> {
        let find = |wanted: &str, fact_type: FactType, grain: Grain| {
            let fits = |fact: &&facts::FactDefinition| {
                fact.fact_type == fact_type
                    && fact.grain == grain
                    && fact.of.iter().any(|kind| kind == "enterprise")
            };
            let all: Vec<_> = vocabulary.facts().map(|(_, fact)| fact).filter(fits).collect();
            all.iter().find(|fact| fact.name == wanted).or_else(|| all.first()).copied()
        };
        let yes = find("居民企业", FactType::Bool, Grain::Once);
        let count = find("职工总数", FactType::Count, Grain::Year);
        let money = find("研发费用", FactType::Money, Grain::Year);
        match (yes, count, money) {
            (Some(yes), Some(count), Some(money)) => Ok(Self {
                yes: yes.name.clone(),
                count: count.name.clone(),
                unit: count.unit.map_or("", |unit| unit.name),
                money: money.name.clone(),
            }),
            _ => Err(Problem::new(
                "词汇表里没有可作例子的事实(企业的一项是否、一项个数、一项金额)",
                "the vocabulary has no facts for an example (a yes-or-no, a count and an amount of an enterprise)",
            )
            .with_help("先在 facts/ 里写事实", "declare facts under facts/ first")
            .into()),
        }
    }
}

fn document(id: &str, from: Date, example: &Example) -> String {
    let Example { yes, count, unit, money } = example;
    format!(
        r##"# 一项政策一个文件;# 后面是说明,可以删掉。写好后:zhimei check 本文件 --watch
# One policy a file; what follows a # explains and can go. When filled in: zhimei check FILE --watch
id: {id}                       # 与文件夹同名 · the same as the folder
title: {{zh: 政策全称, en: Full title}}
short: {{zh: 简称, en: Short title}}
kind: subsidy                  # qualification 资格 | tax 税收 | subsidy 奖补 | evaluation 评价 | space 空间 | gate 共同门槛
subject: enterprise            # enterprise 企业 | institution 机构 | person 个人 | project 项目 | parcel 地块
source:
  issuer: [发文机关]
  document: []                 # 文号,不知道就留空 · numbers of the notice, [] if unknown
  grade: none                  # 数字看的是:official 官方文本 | press 新闻 | third_party 转述 | none 都没有见到
  read: {from}
in_force: {{from: {from}}}     # 有终止日再写 to: · `to:` where there is a last day
default_period: 上年           # 没写期间的数指哪一年 · what a yearly figure without a period means
summary: {{zh: 用一两句话说明给谁、给什么。, en: Say in a sentence who gets what.}}

# 中间值:可以起名字再用 · intermediate values with names of their own
let:
  人均: {money}.上年 / {count}.上年

# 条件:全部要符合。clause 写原文条款,没有见到就写 待核,绝不编造。
# Conditions: all must hold. `clause` is the article; 待核 where it was not seen; never invent one.
needs:
  - {{id: resident, clause: 待核, rule: {yes}, says: {{zh: 用一句话说明这一条, en: Say it in a sentence}}}}
  - id: size                    # any: 至少一项 · at least one of
    any:
      - {{id: staff, clause: 待核, rule: {count}.上年 <= 500{unit}, says: {{zh: 不超过 500, en: At most 500}}}}
      - {{id: effort, clause: 待核, rule: 人均 >= 1万元 / {unit}, says: {{zh: 人均不低于 1 万元, en: At least 10000 yuan a head}}}}
  # 要由人判断的:- {{id: expert, clause: 待核, manual: {{zh: 由谁判断什么, en: Who decides what}}}}

gives:
  amount: {money}.上年 * 10%
  at_most: 50万元
  nature: grant                # grant 补助 | tax_saved 少缴的税 | tax_deferred 缓缴 | credit_limit 额度 | interest 贴息 | in_kind 非现金

apply: {{how: notice, where: {{zh: 在哪里办, en: Where}}, window: by_notice}}   # 有起止日:window: {{from: …, to: …}}
open_points: [{{zh: 不确定的都写在这里。, en: Everything uncertain stands here.}}]
# 接受的检查提示,写明理由;zhimei check --rules 列出全部 · findings that are accepted, with the reason
lint:
  - {{allow: L0304, reason: {{zh: 还没有读到原文；读到后改 grade，删去这一条。, en: The text was not read yet; correct the grade once it is and drop this.}}}}
"##
    )
}

fn cases(from: Date, example: &Example) -> String {
    let Example { yes, count, unit, money } = example;
    format!(
        r##"# 例子:政策自己的检验。至少三个:符合、只差一条、缺一项事实。算式写在注释里。
# Examples test the document: at least one eligible, one that fails a single condition, one with a fact missing.
base: {{{yes}: true, {count}.上年: 100{unit}, {money}.上年: 200万元}}
cases:
  - case: 符合
    on: {from}
    facts: {{}}
    expect: {{outcome: eligible, amount: 20万元, failed: [], missing: []}}      # 200 × 10 % = 20
  - case: 只差一条
    on: {from}
    facts: {{{yes}: false}}
    expect: {{outcome: ineligible, failed: [resident], missing: []}}
  - case: 缺一项事实
    on: {from}
    without: [{yes}]
    expect: {{outcome: unknown, missing: [{yes}]}}
"##
    )
}
