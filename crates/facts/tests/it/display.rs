//! Values as a person reads them.

use facts::read::parse_value;
use facts::{Language, Number, Value};

use crate::words;

#[test]
fn a_value_is_shown_with_its_unit_in_both_languages() {
    let vocabulary = words();
    let table = [
        ("研发费用", "3800", "3800万元", "38,000,000 yuan"),
        ("研发费用", "1.2亿元", "1.2亿元", "120,000,000 yuan"),
        ("研发费用", "1588888.89元", "1588888.89元", "1,588,888.89 yuan"),
        ("净利润", "-5", "-5万元", "-50,000 yuan"),
        ("研发费用", "12..19", "12万元至19万元", "120,000 yuan to 190,000 yuan"),
        ("研发占比", "0.055", "5.5%", "5.5%"),
        ("从业人数", "120", "120人", "120 people"),
        ("从业人数", "1", "1人", "1 person"),
        ("发明专利数", "12000", "12000项", "12,000 items"),
        ("用地面积", "30", "30亩", "30 mu"),
        ("用地面积", "1000平方米", "1.5亩", "1.5 mu"),
        ("建筑面积", "30亩", "20000平方米", "20,000 m²"),
        ("建筑面积", "1亩", "约 666.67平方米", "about 666.67 m²"),
        ("缴费月数", "24", "24个月", "24 months"),
        ("从业年限", "3", "3年", "3 years"),
        ("从业年限", "30个月", "30个月", "30 months"),
        ("评价分", "74.5", "74.5分", "74.5 points"),
        ("复杂度指数", "-0.31", "-0.31", "-0.31"),
        ("居民企业", "是", "是", "yes"),
        ("成立日期", "2023-06", "2023-06", "2023-06"),
        ("纳税年度", "2025", "2025", "2025"),
        ("技术先进程度", "高", "强", "strong"),
        ("知识产权类型", "软件著作权、发明", "发明、软件著作权", "发明, 软件著作权"),
        ("控股子公司", "无", "无", "none"),
        ("主导产品", "气体传感器", "气体传感器", "气体传感器"),
    ];
    for (fact, cell, zh, en) in table {
        let definition = vocabulary.get(vocabulary.find(fact).expect("declared"));
        let value = parse_value(definition, cell, None).expect("a good cell").expect("known");
        assert_eq!(definition.show(&value, Language::Chinese), zh);
        assert_eq!(definition.show(&value, Language::English), en);
    }
}

#[test]
fn a_ratio_without_an_end_is_marked_as_rounded() {
    let vocabulary = words();
    let definition = vocabulary.get(vocabulary.find("研发占比").expect("declared"));
    let third = Value::Number(Number::ratio(1, 3).expect("a third"));
    assert_eq!(definition.show(&third, Language::Chinese), "约 33.33%");
}
