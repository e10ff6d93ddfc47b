//! Every form of the language, and the same typed with a Chinese input method.

use super::{assert_shapes, shape_of};

#[test]
fn literals_are_read() {
    assert_shapes(&[
        ("null", "null"),
        ("true", "true"),
        ("false", "false"),
        ("无", "无"),
        ("12", "12"),
        ("012", "12"),
        ("1.50", "1.5"),
        (".5", "0.5"),
        ("-.5", "(neg 0.5)"),
        ("\"text\"", "\"text\""),
        ("\"\"", "\"\""),
        ("@\"2026-01-01\"", "@\"2026-01-01\""),
        ("@ \"P1Y\"", "@\"P1Y\""),
        ("100000000000000000000000000000000000001", "100000000000000000000000000000000000001"),
    ]);
}

#[test]
fn escapes_in_strings_are_resolved_and_other_backslashes_stand_for_themselves() {
    assert_shapes(&[
        (r#""a\nb\r\t\'\"\\""#, r#""a\nb\r\t'\"\\""#),
        (r#""\u4e2d\U01F40E""#, "\"中🐎\""),
        (r#""\ud83d\udc0e""#, "\"🐎\""),
        (r#""\d+\s""#, r#""\\d+\\s""#),
    ]);
}

#[test]
fn comments_and_white_space_separate() {
    assert_shapes(&[
        ("1 + /* two */ 2 // three", "(+ 1 2)"),
        ("// one\n1\n+\n2", "(+ 1 2)"),
        ("/**/ 1 /* // */", "1"),
        ("\u{3000}1\u{a0}+\t2\u{feff}", "(+ 1 2)"),
    ]);
}

#[test]
fn a_number_directly_before_a_unit_is_a_quantity() {
    assert_shapes(&[
        ("2000万元", "2000'万元"),
        ("1亿元 + 500人", "(+ 1'亿元 500'人)"),
        ("10000m² * 30亩", "(* 10000'm² 30'亩)"),
        ("5% + 5‰", "(+ 5'% 5'‰)"),
        ("24个月 >= 365天", "(>= 24'个月 365'天)"),
        ("12吨标准煤", "12'吨标准煤"),
        ("1.5亿元", "1.5'亿元"),
        ("30万元/亩", "(/ 30'万元 亩)"),
        ("[60分, 3家, 1项, 130纳米]", "[60'分 3'家 1'项 130'纳米]"),
        ("if 3家 > x then 5% else 1%", "(if (> 3'家 x) 5'% 1'%)"),
    ]);
}

#[test]
fn names_and_paths_are_read() {
    assert_shapes(&[
        ("研发费用.上年", "(. 研发费用 上年)"),
        ("近3年核心知识产权数", "近3年核心知识产权数"),
        ("产业目录类别2019", "产业目录类别2019"),
        ("Ⅰ类知识产权数 + Ⅱ类", "(+ Ⅰ类知识产权数 Ⅱ类)"),
        ("研发费用.2025 / 2", "(/ (. 研发费用 2025) 2)"),
        ("研发费用 . 上年", "(. 研发费用 上年)"),
        ("a.b.c[1].d", "(. (filter (. (. a b) c) 1) d)"),
        ("_x1 + ?", "(+ _x1 ?)"),
        ("每股收益·扣非", "每股收益·扣非"),
        ("🐎.腿", "(. 🐎 腿)"),
    ]);
}

#[test]
fn ranges_have_open_closed_and_absent_ends() {
    assert_shapes(&[
        ("[1..5]", "[1..5]"),
        ("(1..5)", "]1..5["),
        ("]1..5[", "]1..5["),
        ("[1..5)", "[1..5["),
        ("(1..5]", "]1..5]"),
        ("[1..a[1]]", "[1..(filter a 1)]"),
        ("[a - 1..b + 1[", "[(- a 1)..(+ b 1)["),
        ("(< 5)", "]∞..5["),
        ("(<= 5)", "]∞..5]"),
        ("(> 5)", "]5..∞["),
        ("(>=10)", "[10..∞["),
        ("(= 5)", "[5..5]"),
        ("(!= 5)", "]5..5["),
        ("a = >= 2 and b", "(and (= a [2..∞[) b)"),
        ("[1..5[.start included", "(. [1..5[ start included)"),
        ("[@\"2026-01-01\"..@\"2026-12-31\"]", "[@\"2026-01-01\"..@\"2026-12-31\"]"),
        ("[[1..2], ]3..4[, (5..6)]", "[[1..2] ]3..4[ ]5..6[]"),
    ]);
}

#[test]
fn tests_after_in_are_values_ranges_and_comparisons() {
    assert_shapes(&[
        ("x in [1..5]", "(in x [1..5])"),
        ("x in (1..5)", "(in x ]1..5[)"),
        ("x in ]1..5[ and y", "(and (in x ]1..5[) y)"),
        ("x in [1, 2]", "(in x [1 2])"),
        ("x in (\"A\", \"B\")", "(in x \"A\" \"B\")"),
        ("x in (< 5, > 10, 7)", "(in x (< 5) (> 10) 7)"),
        ("x in <= 5", "(in x (<= 5))"),
        ("x in (!= 5)", "(in x (!= 5))"),
        ("x in ([1..2], (3..4), (< 0))", "(in x [1..2] ]3..4[ ]∞..0[)"),
        ("x in (-)", "(in x -)"),
        ("x in (-1)", "(in x (neg 1))"),
        ("x in (a).b", "(in x (. a b))"),
        ("x in (1) + 1", "(in x (+ 1 1))"),
        ("x in a", "(in x a)"),
    ]);
}

#[test]
fn calls_lists_and_contexts_are_read() {
    assert_shapes(&[
        ("f()", "(call f)"),
        ("f(1, 2)", "(call f 1 2)"),
        ("f(a: 1, b c: 2)", "(call f a: 1 b c: 2)"),
        ("f(1)(2)", "(call (call f 1) 2)"),
        ("not(a)", "(call not a)"),
        ("[]", "[]"),
        ("[1, [2]]", "[1 [2]]"),
        ("{}", "{}"),
        ("{a: 1, \"b c\": 2, d e: 3}", "{a: 1 b c: 2 d e: 3}"),
        ("{a: 1}.a", "(. {a: 1} a)"),
        ("l[item > 1][2]", "(filter (filter l (> item 1)) 2)"),
        ("持有(\"高新技术企业\")", "(call 持有 \"高新技术企业\")"),
    ]);
}

#[test]
fn iterations_and_functions_bind_names() {
    assert_shapes(&[
        ("for i in 1..3 return i", "(for i: [1..3] i)"),
        ("for i in [1..3] return i", "(for i: [1..3] i)"),
        ("for i in 1..n - 1, j in l return i * j", "(for i: [1..(- n 1)] j: l (* i j))"),
        ("every y in 近2年 satisfies 研发费用.y > 0元", "(every y: 近2年 (> (. 研发费用 y) 0'元))"),
        ("every 年 in 近2年 satisfies 收入.年 > 0", "(every 年: 近2年 (> (. 收入 年) 0))"),
        ("some a in l, b in m satisfies a = b", "(some a: l b: m (= a b))"),
        ("function() 1", "(function [] 1)"),
        ("function(a: number, b: list<string>) a", "(function [a: number b: list<string>] a)"),
        ("function(first name) first name", "(function [first name] <first name>)"),
        ("for my item in l return my item", "(for my item: l <my item>)"),
        ("sort(l, function(x, y) x < y)", "(call sort l (function [x y] (< x y)))"),
    ]);
}

#[test]
fn types_stand_in_canonical_text() {
    assert_shapes(&[
        ("x instance of number", "(instance x number)"),
        ("x instance of days  and time  duration", "(instance x days and time duration)"),
        ("x instance of date and y", "(and (instance x date) y)"),
        ("x instance of date and time", "(instance x date and time)"),
        ("x instance of list< number >", "(instance x list<number>)"),
        ("x instance of list", "(instance x list)"),
        (
            "x instance of context<a: number,b:list<string>>",
            "(instance x context<a: number, b: list<string>>)",
        ),
        ("x instance of function<number,string>->number", "(instance x function<number, string>->number)"),
        ("x instance of function<>->Any", "(instance x function<>->Any)"),
        ("x instance of range<date>", "(instance x range<date>)"),
        ("x instance of t.Person", "(instance x t.Person)"),
    ]);
}

#[test]
fn chinese_punctuation_reads_as_its_ascii_twin() {
    assert_shapes(&[
        ("a ＞ b", "(> a b)"),
        ("a ≥ b and a ≤ c", "(and (>= a b) (<= a c))"),
        ("a ＞＝ b", "(>= a b)"),
        ("a ≠ b", "(!= a b)"),
        ("a ！＝ b", "(!= a b)"),
        ("（a ＋ b）× c ÷ d － e", "(- (/ (* (+ a b) c) d) e)"),
        ("f（a， b）", "(call f a b)"),
        ("｛a： 1｝．a", "(. {a: 1} a)"),
        ("［1，2］", "[1 2]"),
        ("研发费用。上年", "(. 研发费用 上年)"),
        ("“文字”", "\"文字\""),
        ("x in （“A”，“B”）", "(in x \"A\" \"B\")"),
        ("５％", "5'%"),
        ("１２．５万元", "12.5'万元"),
        ("［１．．５］", "[1..5]"),
        ("2 ＊＊ 3", "(** 2 3)"),
        ("＠“P1D”", "@\"P1D\""),
        ("a\u{3000}+\u{3000}b", "(+ a b)"),
    ]);
}

#[test]
fn nothing_inside_a_string_is_normalised() {
    assert_eq!(shape_of("“（＞，１％）”"), "\"（＞，１％）\"");
    assert_eq!(shape_of("\"“引”\""), "\"“引”\"");
    assert_eq!(shape_of("“\"引\"”"), "\"\\\"引\\\"\"");
}
