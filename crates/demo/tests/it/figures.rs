//! That the figures hang together and look like a zone.

use arrow_array::Array as _;
use arrow_array::cast::AsArray as _;
use facts::Date;

use crate::support::{Cells, enterprises, vocabulary, zone_of};

const YEARS: [i32; 6] = [2021, 2022, 2023, 2024, 2025, 2026];

/// Compares two columns in every year, wherever both are known; says how often.
#[track_caller]
fn always(cells: &Cells, left: &str, right: &str, holds: fn(i128, i128) -> bool) {
    let mut compared = 0;
    for year in YEARS {
        for row in 0..cells.rows() {
            let pair = cells
                .number(&format!("{left}.{year}"), row)
                .zip(cells.number(&format!("{right}.{year}"), row));
            if let Some((one, other)) = pair {
                assert!(holds(one, other), "row {row}, {year}: {left} {one}, {right} {other}");
                compared += 1;
            }
        }
    }
    assert!(compared > cells.rows() * 2, "{left}, {right}: {compared}");
}

#[test]
fn a_part_is_never_more_than_its_whole() {
    let cells = enterprises(3_000);
    for (part, whole) in [
        ("境内研发费用", "研发费用"),
        ("加计扣除研发费用", "研发费用"),
        ("委托境外研发费用", "研发费用"),
        ("研发费用", "成本费用支出"),
        ("主营业务收入", "营业收入"),
        ("高新技术产品收入", "总收入"),
        ("科技人员数", "职工总数"),
        ("研发人员数", "科技人员数"),
        ("参保职工数", "职工总数"),
        ("新增领取失业金人数", "参保职工数"),
        ("技术合同实际到款额", "技术合同登记成交额"),
        ("核定技术交易额", "技术合同登记成交额"),
        ("技术合同登记成交额", "营业收入"),
    ] {
        always(&cells, part, whole, |part, whole| part <= whole);
    }
}

#[test]
fn the_kinds_of_research_cost_add_up_to_no_more_than_the_whole() {
    let cells = enterprises(3_000);
    let kinds = [
        "人员人工费",
        "直接投入费",
        "折旧费",
        "无形资产摊销",
        "新产品设计等费用",
        "其他相关费用",
        "委托境内研发费用",
        "委托境外研发费用",
    ];
    let mut full = 0;
    for row in 0..cells.rows() {
        let parts: Option<Vec<i128>> =
            kinds.iter().map(|kind| cells.number(&format!("{kind}.2025"), row)).collect();
        if let Some((parts, whole)) = parts.zip(cells.number("研发费用.2025", row)) {
            assert_eq!(parts.iter().sum::<i128>(), whole, "row {row}");
            full += 1;
        }
    }
    assert!(full > 1_000, "{full}");
}

#[test]
fn a_quarter_opens_where_the_one_before_closed_and_the_last_closes_the_year() {
    let cells = enterprises(2_000);
    for fact in ["从业人数", "资产总额", "净资产"] {
        let pairs = [
            ("2025一季度初", "2024末"),
            ("2025一季度末", "2025二季度初"),
            ("2025二季度末", "2025三季度初"),
            ("2025三季度末", "2025四季度初"),
            ("2025四季度末", "2025末"),
        ];
        for (one, other) in pairs {
            for row in 0..cells.rows() {
                let cell = |period: &str| cells.number(&format!("{fact}.{period}"), row);
                if let Some((one, other)) = cell(one).zip(cell(other)) {
                    assert_eq!(one, other, "row {row} {fact}");
                }
            }
        }
    }
}

#[test]
fn what_is_owned_less_what_is_owed_is_net() {
    let cells = enterprises(2_000);
    for period in ["2023末", "2025二季度末", "2025末"] {
        for row in 0..cells.rows() {
            let cell = |fact: &str| cells.number(&format!("{fact}.{period}"), row);
            if let (Some(assets), Some(debts), Some(net)) =
                (cell("资产总额"), cell("负债总额"), cell("净资产"))
            {
                assert_eq!(assets - debts, net, "row {row} {period}");
            }
        }
    }
}

#[test]
fn years_before_the_founding_are_empty_and_years_after_it_mostly_are_not() {
    let cells = enterprises(4_000);
    let (mut young, mut old, mut told) = (0, 0, 0);
    for row in 0..cells.rows() {
        let Some(founded) = cells.number("成立日期", row) else { continue };
        let founded = Date::from_epoch_days(i64::try_from(founded).unwrap()).unwrap();
        for year in YEARS.into_iter().filter(|year| *year < founded.year) {
            young += 1;
            for fact in ["营业收入", "研发费用", "职工总数", "纳税额"] {
                assert_eq!(cells.number(&format!("{fact}.{year}"), row), None, "row {row} {fact} {year}");
            }
        }
        if founded.year < 2021 {
            old += 1;
            told += usize::from(cells.number("营业收入.2022", row).is_some());
        }
    }
    assert!(told * 10 > old * 8, "{told} of {old}");
    assert!(young > 500, "{young}");
}

#[test]
fn a_loss_is_left_where_years_went_badly_and_lapses_sooner_without_a_title() {
    let cells = enterprises(6_000);
    let years: Vec<i32> = (2015..=2024).collect();
    let (mut losses, mut old, mut ill, mut made_up) = (0, 0, 0, 0);
    for row in 0..cells.rows() {
        let left = |year: i32| cells.number(&format!("未弥补亏损额.{year}"), row).unwrap_or(0);
        let is_technical = cells.truth("高企证书有效", row) == Some(true)
            || cells.truth("国家科技型中小企业", row) == Some(true);
        let (result, profit) =
            (cells.number("应纳税所得额.2024", row), cells.number("应纳税所得额.2023", row));
        for year in &years {
            assert!(left(*year) >= 0, "row {row} {year}");
            old += usize::from(*year < 2020 && left(*year) > 0 && is_technical);
        }
        // What the newest loss was is what is left of it: no profit has come after it.
        if let (Some(result), Some(left)) = (result, cells.number("未弥补亏损额.2024", row)) {
            assert_eq!(left, (-result).max(0), "row {row}");
            losses += usize::from(left > 0);
        }
        if let (Some(profit), Some(result)) = (profit, result)
            && profit < 0
        {
            ill += 1;
            made_up += usize::from(result > -profit && left(2023) == 0);
        }
    }
    assert!(losses > 60 && losses < 2_000, "{losses} of {} lost in 2024", cells.rows());
    assert!(old > 5 && made_up > 0 && ill > made_up, "{old} old losses, {made_up} of {ill} were made up");
}

#[test]
fn what_happened_in_a_year_happened_in_the_spans_around_it() {
    let cells = enterprises(8_000);
    let mut happened = 0;
    for row in 0..cells.rows() {
        if cells.truth("重大安全质量环境违法.2025", row) == Some(true) {
            happened += 1;
            for around in ["近3年", "近5年", "上年及当年"] {
                assert_ne!(cells.truth(&format!("重大安全质量环境违法.{around}"), row), Some(false));
            }
        }
    }
    assert!(happened > 5, "{happened}");
}

#[test]
fn an_age_is_given_only_where_the_date_is_not() {
    let cells = enterprises(5_000);
    let mut ages = 0;
    for row in 0..cells.rows() {
        if cells.number("成立天数", row).is_some() {
            assert_eq!(cells.number("成立日期", row), None);
            ages += 1;
        }
    }
    assert!(ages > 20, "{ages}");
}

#[test]
fn a_certificate_and_the_fact_that_it_is_valid_agree() {
    let cells = enterprises(5_000);
    let today = i128::from(crate::support::day().to_epoch_days());
    let mut expired = 0;
    for row in 0..cells.rows() {
        let (Some(held), Some(valid)) =
            (cells.truth("status:高新技术企业", row), cells.truth("高企证书有效", row))
        else {
            continue;
        };
        let day = |part: &str| cells.number(&format!("status:高新技术企业.{part}"), row);
        let in_force =
            held && day("from").is_some_and(|from| from <= today) && day("to").is_some_and(|to| today <= to);
        assert_eq!(in_force, valid, "row {row}");
        expired += usize::from(held && !valid);
    }
    assert!(expired > 20, "{expired}");
}

#[test]
fn what_happened_within_a_year_happened_within_three() {
    let cells = enterprises(6_000);
    let mut happened = 0;
    for fact in ["重大安全质量环境违法", "省级以上科技奖", "严重失信或严重行政处罚"]
    {
        for row in 0..cells.rows() {
            let cell = |period: &str| cells.truth(&format!("{fact}.{period}"), row);
            for (short, long) in
                [("近1年", "近3年"), ("近3年", "近5年"), ("2026", "上年及当年"), ("2026", "近1年")]
            {
                if cell(short) == Some(true) {
                    assert_ne!(cell(long), Some(false), "row {row} {fact} {short}");
                    happened += 1;
                }
            }
        }
    }
    assert!(happened > 60, "{happened}");
}

#[test]
fn about_one_cell_in_seven_is_empty_and_more_with_small_enterprises() {
    let zone = zone_of(vocabulary(), 1, 6_000);
    let batch = zone.batch("enterprise", 0..6_000).unwrap();
    let empty: usize = batch.columns().iter().map(|array| array.null_count()).sum();
    let share = empty as f64 / (batch.num_rows() * batch.num_columns()) as f64;
    assert!((0.12..0.18).contains(&share), "{share}");
    let cells = Cells(batch);
    let of_size = |sizes: &[&str]| {
        let rows: Vec<usize> = (0..cells.rows())
            .filter(|row| cells.text("企业规模类型", *row).is_some_and(|size| sizes.contains(&size)))
            .collect();
        let empty = rows.iter().filter(|row| cells.number("研发费用.2025", **row).is_none()).count();
        empty as f64 / rows.len() as f64
    };
    assert!(of_size(&["微型"]) > of_size(&["中型", "大型"]) * 1.2);
}

#[test]
fn an_enterprise_silent_about_research_is_silent_about_all_of_it() {
    let cells = enterprises(5_000);
    let headers =
        ["研发费用.2025", "研发费用.2024", "人员人工费.2025", "直接投入费.2025", "其他相关费用.2025"];
    let known: Vec<usize> = (0..cells.rows())
        .map(|row| headers.iter().filter(|header| cells.number(header, row).is_some()).count())
        .collect();
    let rows_with = |count: usize| known.iter().filter(|known| **known == count).count();
    assert!(
        rows_with(0) > 400 && rows_with(headers.len()) > 3_000,
        "{} {}",
        rows_with(0),
        rows_with(headers.len())
    );
    assert!(rows_with(1) + rows_with(2) < rows_with(0));
}

#[test]
fn the_zone_looks_like_one() {
    let cells = enterprises(6_000);
    let mut staff: Vec<i128> =
        (0..cells.rows()).filter_map(|row| cells.number("从业人数.2025末", row)).collect();
    staff.sort_unstable();
    let at = |share: f64| staff[(staff.len() as f64 * share) as usize];
    assert!((15..45).contains(&at(0.5)), "median {}", at(0.5));
    assert!(at(0.99) > 300 && at(0.05) < 8, "{} {}", at(0.05), at(0.99));
    let between = |header: &str, from: f64, to: f64| {
        let share = cells.share(header);
        assert!((from..to).contains(&share), "{header}: {share}");
    };
    between("高企证书有效", 0.12, 0.35);
    between("国家科技型中小企业", 0.15, 0.4);
    between("规模以上企业", 0.1, 0.5);
    between("省部级以上研发机构", 0.02, 0.15);
    between("列入严重违法失信名单", 0.001, 0.02);
    between("居民企业", 0.95, 1.0);
    between("manual:市场占有率靠前", 0.5, 0.7);
}

#[test]
fn known_industries_are_classes_and_one_in_ten_only_a_division() {
    let cells = enterprises(10_000);
    let codes: Vec<&str> = (0..cells.rows()).filter_map(|row| cells.text("行业代码", row)).collect();
    let coarse = codes.iter().filter(|code| code.len() == 3).count();
    assert!((0.08..0.12).contains(&(coarse as f64 / codes.len() as f64)), "{coarse}");
    assert!(codes.iter().all(|code| code.len() == 3 || code.len() == 5));
}

#[test]
fn lists_are_unknown_for_some_empty_for_most_and_full_for_those_who_have_any() {
    let cells = enterprises(6_000);
    let investments = cells.0.column_by_name("投资").unwrap().as_list::<i32>();
    let lengths: Vec<usize> = (0..investments.len())
        .filter(|row| investments.is_valid(*row))
        .map(|row| investments.value(row).len())
        .collect();
    let unknown = investments.null_count() as f64 / investments.len() as f64;
    assert!((0.03..0.25).contains(&unknown), "{unknown}");
    assert!(lengths.iter().filter(|length| **length > 1).count() > 30);
    assert!(lengths.iter().filter(|length| **length == 0).count() > 4_500);
    let hired = cells.0.column_by_name("招用重点群体").unwrap().as_list::<i32>();
    for row in (0..hired.len()).filter(|row| hired.is_valid(*row)) {
        if let Some(count) = cells.number("招用重点群体人数", row) {
            assert_eq!(count, hired.value(row).len() as i128);
        }
    }
}
