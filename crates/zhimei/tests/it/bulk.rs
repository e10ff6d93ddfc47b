//! `match`, `plan`, `simulate`, `sweep` on Parquet: the same answers as one by one, and clear words for bad files.

use std::fs::File;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

use crate::support::{Folder, Run};

const DAY: &str = "2026-06-30";

/// A folder with a small made-up zone.
fn zone(enterprises: &str) -> Folder {
    let folder = Folder::new();
    folder.run(&["demo", "generate", "--enterprises", enterprises, "--out", "zone.parquet"]).ends_with(0);
    folder
}

fn matched(folder: &Folder, more: &[&str]) -> Run {
    folder.run(&[&["match", "--on", DAY, "--facts", "zone.parquet"], more].concat())
}

/// Writes a Parquet file with these columns.
fn write(folder: &Folder, name: &str, columns: Vec<(&str, ArrayRef)>) {
    let field = |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let arrays: Vec<ArrayRef> = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).expect("columns are as long as each other");
    let file = File::create(folder.path(name)).expect("the folder is there");
    let mut writer = ArrowWriter::try_new(file, schema, None).expect("the schema can be written");
    writer.write(&batch).expect("it can be written");
    writer.close().expect("it can be ended");
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

#[test]
fn bulk_says_the_same_as_one_by_one() {
    let folder = zone("60");
    let exact = matched(&folder, &["--out", "json"]).ends_with(0).json();
    let bulk = matched(&folder, &["--out", "csv"]).ends_with(0).out;
    let mut reader = csv::Reader::from_reader(bulk.as_bytes());
    let rows: Vec<std::collections::HashMap<String, String>> =
        reader.deserialize().map(|row| row.unwrap()).collect();
    let exact = exact.as_array().unwrap();
    assert_eq!(rows.len(), exact.len());
    let list = |value: &Value| {
        let entries = value.as_array().unwrap().iter().map(|entry| entry.as_str().unwrap());
        entries.collect::<Vec<_>>().join(";")
    };
    let number = |value: &Value| if value.is_null() { String::new() } else { value.to_string() };
    for (row, decision) in rows.iter().zip(exact) {
        assert_eq!(row["subject"], decision["subject"]["id"].as_str().unwrap());
        assert_eq!(row["policy"], decision["policy"].as_str().unwrap());
        assert_eq!(row["outcome"], decision["outcome"].as_str().unwrap(), "{decision}");
        assert_eq!(row["failed"], list(&decision["failed"]), "{decision}");
        assert_eq!(row["missing"], list(&decision["missing"]), "{decision}");
        assert_eq!(row["amount_wan"], number(&decision["amount"]), "{decision}");
        let options = decision["amount_options"].as_array().and_then(|options| options.last());
        let high = options.unwrap_or(&decision["amount_range"][1]);
        assert_eq!(row["amount_high_wan"], number(high), "{decision}");
        if row["outcome"] == "eligible" {
            assert_eq!(row["rank"], decision["rank"].as_str().unwrap_or_default());
        }
    }
}

#[test]
fn the_same_subjects_as_csv_and_as_parquet_have_the_same_rows() {
    let folder = Folder::new();
    let header = ["统一社会信用代码", "名称", "居民企业", "研发费用.2025", "营业收入.2025"];
    let cells = [
        ["91330100799655058B", "示例甲", "是", "210", "3800"],
        ["", "示例乙", "否", "100", "3800"],
        ["", "示例丙", "是", "", "3800"],
    ];
    let lines = cells.iter().map(|row| row.join(",")).collect::<Vec<_>>().join("\n");
    folder.write("firms.csv", format!("{}\n{lines}\n", header.join(",")));
    let column = |at: usize| texts(&cells.iter().map(|row| row[at]).collect::<Vec<_>>());
    write(&folder, "firms.parquet", (0..header.len()).map(|at| (header[at], column(at))).collect());
    let rows = |facts: &str| {
        let run = folder.run(&["match", "--on", DAY, "--facts", facts, "--out", "csv"]).ends_with(0);
        let mut reader = csv::Reader::from_reader(run.out.as_bytes());
        let rows: Vec<std::collections::HashMap<String, String>> =
            reader.deserialize().map(|row| row.unwrap()).collect();
        rows
    };
    let (exact, bulk) = (rows("firms.csv"), rows("firms.parquet"));
    assert_eq!(exact.len(), bulk.len());
    for (exact, bulk) in exact.iter().zip(&bulk) {
        for (name, cell) in bulk {
            // An open or failed rank is told in single decisions only.
            if name != "rank" || exact["outcome"] == "eligible" {
                assert_eq!(&exact[name], cell, "{name} of {exact:?}");
            }
        }
    }
}

#[test]
fn outcomes_as_parquet_have_a_row_a_decision_and_say_that_they_are_made_up() {
    let folder = zone("50");
    let run = matched(&folder, &["--out", "outcomes.parquet"]).ends_with(0);
    assert!(run.err.contains("结果在 outcomes.parquet"), "{}", run.err);
    let file = File::open(folder.path("outcomes.parquet")).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let metadata = builder.metadata().file_metadata().clone();
    let keys: Vec<&str> =
        metadata.key_value_metadata().unwrap().iter().map(|entry| entry.key.as_str()).collect();
    for key in ["zhimei.day", "zhimei.library", "zhimei.example"] {
        assert!(keys.contains(&key), "{keys:?}");
    }
    let names: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let expected = [
        "id",
        "name",
        "policy",
        "outcome",
        "amount_low",
        "amount_high",
        "amount_low_fen",
        "amount_high_fen",
        "nature",
        "rank",
        "failed",
        "missing",
    ];
    assert_eq!(names, expected);
    let rows: usize = builder.build().unwrap().map(|batch| batch.unwrap().num_rows()).sum();
    let policies = matched(&folder, &["--out", "csv"]).out.lines().count() - 1;
    assert_eq!(rows, policies);
    assert_eq!(folder.names(), ["outcomes.parquet", "zone.parquet"]);
}

#[test]
fn a_brief_result_has_the_same_outcomes_and_a_file_given_twice_counts_twice() {
    let folder = zone("40");
    let lines = |more: &[&str]| -> Vec<Vec<String>> {
        let run = matched(&folder, &[&["--out", "csv"], more].concat()).ends_with(0);
        run.out.lines().map(|line| line.split(',').take(11).map(str::to_owned).collect()).collect()
    };
    let full = lines(&["--policies", "cn-hnte-2016"]);
    assert_eq!(full, lines(&["--policies", "cn-hnte-2016", "--brief"]));
    let twice = lines(&["--policies", "cn-hnte-2016", "--facts", "zone.parquet"]);
    assert_eq!(twice.len() - 1, 2 * (full.len() - 1));
}

#[test]
fn a_summary_and_a_rate_are_told_in_both_languages() {
    let folder = zone("30");
    let run = matched(&folder, &[]).ends_with(0);
    assert!(run.out.contains("高新技术企业认定") && run.out.contains("可享受"), "{}", run.out);
    assert!(run.err.contains("次判断"), "{}", run.err);
    let run = matched(&folder, &["--lang", "en"]).ends_with(0);
    assert!(run.out.contains("High-tech enterprise") && run.err.contains("a second"), "{}", run.out);
}

#[test]
fn an_explanation_finds_its_subject_in_a_zone() {
    let folder = zone("30");
    let base = ["explain", "--policy", "cn-hnte-2016", "--facts", "zone.parquet", "--on", DAY];
    let exact = matched(&folder, &["--policies", "cn-hnte-2016", "--out", "json"]).ends_with(0).json();
    let name = exact[7]["subject"]["name"].as_str().unwrap();
    let run = folder.run(&[&base[..], &["--subject", name, "--json"]].concat()).ends_with(0);
    assert_eq!(run.json()["outcome"], exact[7]["outcome"]);
    assert_eq!(run.json()["missing"], exact[7]["missing"]);
    let run = folder.run(&[&base[..], &["--subject", name]].concat()).ends_with(0);
    assert!(run.out.contains("zone.parquet 第 8 行"), "{}", run.out);
    let run = folder.run(&[&base[..], &["--subject", "没有的公司"]].concat()).ends_with(2);
    assert!(run.err.contains("没有主体"), "{}", run.err);
}

#[test]
fn a_bad_file_is_told_and_leaves_nothing_behind() {
    let folder = zone("30");
    let whole = std::fs::read(folder.path("zone.parquet")).unwrap();
    folder.write("cut.parquet", &whole[..whole.len() / 2]);
    folder.write("text.parquet", "名称,居民企业\n某公司,是\n");
    write(&folder, "foreign.parquet", vec![("colour", texts(&["red"])), ("weight", texts(&["1"]))]);
    let days: ArrayRef = Arc::new(Int64Array::from(vec![3]));
    write(&folder, "type.parquet", vec![("名称", texts(&["某公司"])), ("成立日期", days)]);
    write(&folder, "empty.parquet", vec![("名称", texts(&[])), ("居民企业", texts(&[]))]);
    let before = folder.names();
    let told = |file: &str, language: &str| {
        let common = ["match", "--on", DAY, "--lang", language, "--facts", file, "--out", "out.parquet"];
        folder.run(&common).ends_with(2).err
    };
    assert!(told("cut.parquet", "zh").contains("不是完整的 Parquet 文件"));
    assert!(told("text.parquet", "en").contains("is no whole Parquet file"));
    assert!(told("foreign.parquet", "zh").contains("没有一列是词汇表里的事实"));
    assert!(told("foreign.parquet", "en").contains("none of the 2 columns"));
    assert!(told("type.parquet", "zh").contains("列“成立日期”:这一列应是日期"));
    assert!(told("empty.parquet", "zh").contains("里没有主体"));
    assert!(told("empty.parquet", "en").contains("there is no subject in"));
    assert!(told("none.parquet", "zh").contains("没有 none.parquet"));
    assert_eq!(folder.names(), before);
}

#[test]
fn a_file_that_breaks_inside_leaves_nothing_behind() {
    let folder = zone("3000");
    let mut bytes = std::fs::read(folder.path("zone.parquet")).unwrap();
    let middle = bytes.len() / 2;
    bytes[..middle].iter_mut().skip(4).for_each(|byte| *byte ^= 0x5A);
    folder.write("zone.parquet", bytes);
    let run = matched(&folder, &["--out", "out.parquet"]).ends_with(2);
    assert!(run.err.contains("zone.parquet 读到一半读不下去"), "{}", run.err);
    assert_eq!(folder.names(), ["zone.parquet"]);
}

#[test]
fn a_missing_column_is_unknown_of_all_and_told_once() {
    let folder = Folder::new();
    write(&folder, "zone.parquet", vec![("名称", texts(&["甲", "乙"])), ("居民企业", texts(&["是", "否"]))]);
    let run = matched(&folder, &["--policies", "cn-hnte-2016", "--out", "csv"]).ends_with(0);
    assert_eq!(run.err.matches("在文件里没有列").count(), 1, "{}", run.err);
    assert!(run.out.contains(",unknown,") && run.out.contains(",ineligible,"), "{}", run.out);
}

#[test]
fn a_result_that_cannot_be_written_leaves_nothing() {
    let folder = zone("20");
    let run = matched(&folder, &["--out", "nowhere/out.parquet"]).ends_with(2);
    assert!(run.err.contains("不能写"), "{}", run.err);
    assert_eq!(folder.names(), ["zone.parquet"]);
}

#[test]
fn a_plan_tells_what_is_asked_exactly_and_what_that_costs() {
    let folder = zone("50");
    let run =
        folder.run(&["plan", "--on", DAY, "--policies", "cn-vc-70-2018,ha-rd-subsidy-2018"]).ends_with(0);
    assert!(run.out.contains("逐行精确 investment:逐条看清单里的条目"), "{}", run.out);
    let measured = ["plan", "--on", DAY, "--facts", "zone.parquet", "--json"];
    let plan = folder.run(&measured).ends_with(0).json();
    let policies = plan["policies"].as_array().unwrap();
    let of = |id: &str| policies.iter().find(|policy| policy["policy"] == id).unwrap();
    assert_eq!(of("cn-hnte-2016")["cost"]["rows"], json!(50));
    assert!(
        of("cn-vc-70-2018")["fallbacks"].as_array().unwrap().iter().any(|it| it["place"] == "investment")
    );
    let shares = &plan["distinct_conditions"];
    let sum = ["planes", "bounds", "exact"].iter().map(|key| shares[key].as_u64().unwrap()).sum::<u64>();
    assert_eq!(shares["all"].as_u64(), Some(sum));
    let csv = folder.run(&["plan", "--on", DAY, "--policies", "cn-vc-70-2018", "--out", "csv"]).ends_with(0);
    assert!(csv.out.contains("cn-vc-70-2018,investment,exact,items,"), "{}", csv.out);
}

/// The subsidy of the library with another rate, one condition more, and a place in it.
fn draft(folder: &Folder) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../library/policies/province/ha-rd-subsidy-2018/2018.yaml");
    let text = std::fs::read_to_string(path)
        .expect("the library is there")
        .replace("rate: 10%", "rate: 12%")
        .replace(
            "needs:\n",
            "needs:\n  - {id: local, clause: 第九条, rule: '注册市 = \"郑州市\"', says: {zh: 在郑州}}\n",
        );
    folder.write("draft.yaml", text);
}

#[test]
fn a_draft_is_held_against_the_version_in_force() {
    let folder = zone("200");
    draft(&folder);
    let base = ["simulate", "--draft", "draft.yaml", "--facts", "zone.parquet", "--on", DAY];
    let simulation = folder.run(&[&base[..], &["--json"]].concat()).ends_with(0).json();
    let all = &simulation["all"];
    let number = |key: &str| all[key].as_u64().unwrap();
    assert_eq!(number("subjects"), 200);
    assert_eq!(number("gain"), 0);
    assert!(number("lose") > 0 && number("more") > 0, "{all}");
    assert_eq!(number("eligible_now"), number("eligible_then") + number("lose") + number("become_open"));
    let now = matched(&folder, &["--policies", "ha-rd-subsidy-2018", "--out", "csv"]).out;
    assert_eq!(number("eligible_now"), now.matches(",eligible,").count() as u64);
    let flag = &simulation["fair_competition"][0];
    assert_eq!((&flag["concern"], &flag["clause"]), (&json!("local_registration"), &json!("第九条")));
    for by in simulation["by"].as_array().unwrap() {
        let groups = by["groups"].as_array().unwrap();
        let sum: u64 = groups.iter().map(|group| group["eligible_then"].as_u64().unwrap()).sum();
        assert_eq!(sum, number("eligible_then"), "{}", by["fact"]);
    }
    let run = folder.run(&[&base[..], &["--lang", "en"]].concat()).ends_with(0);
    assert!(run.out.contains("For the fair-competition review"), "{}", run.out);
    let csv = folder.run(&[&base[..], &["--by", "注册市", "--out", "groups.csv"]].concat()).ends_with(0);
    assert!(csv.out.is_empty() && folder.names().contains(&"groups.csv".to_owned()));
}

#[test]
fn a_draft_of_a_new_policy_gives_to_all_that_it_is_for() {
    let folder = zone("100");
    draft(&folder);
    let text = std::fs::read_to_string(folder.path("draft.yaml")).unwrap();
    folder.write("new.yaml", text.replace("id: ha-rd-subsidy-2018", "id: ha-rd-subsidy-new"));
    let run =
        folder.run(&["simulate", "--draft", "new.yaml", "--facts", "zone.parquet", "--on", DAY, "--json"]);
    let simulation = run.ends_with(0).json();
    assert_eq!(simulation["against"], Value::Null);
    assert_eq!(simulation["all"]["gain"], simulation["all"]["eligible_then"]);
    // Whoever gains has the subsidy that it was copied from.
    let others = simulation["others"].as_array().unwrap();
    let copied = others.iter().find(|other| other["policy"] == "ha-rd-subsidy-2018").unwrap();
    assert_eq!(copied["gainers"], simulation["all"]["gain"]);
}

#[test]
fn a_draft_that_cannot_be_used_is_told() {
    let folder = zone("20");
    draft(&folder);
    let text = std::fs::read_to_string(folder.path("draft.yaml")).unwrap();
    folder.write("bad.yaml", text.replace("失信联合惩戒", "失信联合惩解"));
    let with = |more: &[&str]| {
        let run = folder.run(&[&["simulate", "--facts", "zone.parquet", "--on", DAY], more].concat());
        run.ends_with(2).err
    };
    assert!(with(&["--draft", "bad.yaml"]).contains("失信联合惩戒"));
    assert!(with(&["--draft", "none.yaml"]).contains("没有 none.yaml"));
    let against = with(&["--draft", "draft.yaml", "--against", "ha-rd-subsidy-2018@1999"]);
    assert!(against.contains("ha-rd-subsidy-2018@2018"), "{against}");
    assert!(with(&["--draft", "draft.yaml", "--by", "注册市区"]).contains("注册"));
}

#[test]
fn a_sweep_gives_a_curve_that_rises_with_the_threshold() {
    let folder = zone("150");
    let base = [
        "sweep",
        "--policy",
        "cn-micro-profit-2023",
        "--vary",
        "income",
        "--facts",
        "zone.parquet",
        "--on",
        DAY,
    ];
    let range = ["--from", "100万元", "--to", "500万元", "--steps", "5"];
    let curve = folder.run(&[&base[..], &range, &["--out", "json"]].concat()).ends_with(0).json();
    let eligible: Vec<u64> =
        curve["points"].as_array().unwrap().iter().map(|point| point["eligible"].as_u64().unwrap()).collect();
    assert_eq!(eligible.len(), 5);
    assert!(eligible.is_sorted(), "{eligible:?}");
    // 300万元 is what the document says.
    assert_eq!(curve["points"][2]["eligible"], curve["current"]["eligible"]);
    assert_eq!(curve["points"][2]["paid"], curve["current"]["paid"]);
    let exact = matched(&folder, &["--policies", "cn-micro-profit-2023", "--out", "csv"]).out;
    assert_eq!(curve["current"]["eligible"].as_u64(), Some(exact.matches(",eligible,").count() as u64));
    for language in ["zh", "en"] {
        let svg = folder.run(&[&base[..], &range, &["--out", "curve.svg", "--lang", language]].concat());
        svg.ends_with(0);
        let picture = std::fs::read_to_string(folder.path("curve.svg")).unwrap();
        assert!(picture.starts_with("<svg") && picture.contains("income"));
    }
    let csv = folder.run(&[&base[..], &range, &["--out", "csv"]].concat()).ends_with(0);
    assert_eq!(csv.out.lines().count(), 6);
}

#[test]
fn what_cannot_be_swept_is_told_with_what_can() {
    let folder = zone("20");
    let with = |more: &[&str]| {
        let base = ["sweep", "--policy", "cn-micro-profit-2023", "--facts", "zone.parquet", "--on", DAY];
        folder.run(&[&base[..], more].concat()).ends_with(2).err
    };
    assert!(with(&["--vary", "incom", "--from", "1万元", "--to", "2万元"]).contains("是不是“income”?"));
    assert!(with(&["--vary", "resident", "--from", "1万元", "--to", "2万元"]).contains("带数的条件:income"));
    assert!(with(&["--vary", "income", "--from", "3%", "--to", "2万元"]).contains("单位"));
    assert!(with(&["--vary", "income", "--from", "多少", "--to", "2万元"]).contains("不是数"));
    let steps = ["--vary", "income", "--from", "1万元", "--to", "2万元", "--steps", "1"];
    assert!(with(&steps).contains("2 到 1000"));
    assert!(
        with(&["--vary", "income", "--from", "1万元", "--to", "2万元", "--out", "x.png"]).contains(".svg")
    );
    assert_eq!(folder.names(), ["zone.parquet"]);
}
