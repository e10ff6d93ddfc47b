//! How an engine treats what it does not know: asked, not looked up.
//!
//! Each question is put in the engine's own words over one row in which `x` (a number), `y` (yes or no) and `e` (a code)
//! are not known, and `zero`, `one`, `five` and `six` are numbers.

/// A question with the answer of Kleene's logic and exact arithmetic.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    /// Its name in tables and for peers in other languages.
    pub name: &'static str,
    /// As SQL.
    pub sql: &'static str,
    /// As CEL.
    pub cel: &'static str,
    /// As a zen expression.
    pub zen: &'static str,
    /// As a rule of ours over the workload's facts; see [`crate::engines::ours`] for which stands for what.
    pub ours: &'static str,
    /// What Kleene's logic says.
    pub kleene: &'static str,
}

/// The questions.
pub const PROBES: [Probe; 9] = [
    Probe {
        name: "x >= 1",
        sql: "x >= 1",
        cel: "x >= 1.0",
        zen: "x >= 1",
        ours: "净利润 >= 1万元",
        kleene: "unknown",
    },
    Probe {
        name: "not y", sql: "NOT y", cel: "!y", zen: "not y", ours: "not(居民企业)", kleene: "unknown"
    },
    Probe {
        name: "y and no",
        sql: "y AND one > six",
        cel: "y && one > six",
        zen: "y and one > six",
        ours: "居民企业 and 资产总额 > 总收入",
        kleene: "no",
    },
    Probe {
        name: "y or yes",
        sql: "y OR one < six",
        cel: "y || one < six",
        zen: "y or one < six",
        ours: "居民企业 or 资产总额 < 总收入",
        kleene: "yes",
    },
    Probe {
        name: "e in (1, 2)",
        sql: "e IN (1, 2)",
        cel: "e in [1, 2]",
        zen: "e in [1, 2]",
        ours: "产业领域 in (\"C01\", \"C02\")",
        kleene: "unknown",
    },
    Probe {
        name: "e in (1, 2) and e in (3, 4)",
        sql: "e IN (1, 2) AND e IN (3, 4)",
        cel: "e in [1, 2] && e in [3, 4]",
        zen: "e in [1, 2] and e in [3, 4]",
        ours: "产业领域 in (\"C01\", \"C02\") and 产业领域 in (\"C03\", \"C04\")",
        kleene: "unknown",
    },
    Probe {
        name: "y or not y",
        sql: "y OR NOT y",
        cel: "y || !y",
        zen: "y or not y",
        ours: "居民企业 or not(居民企业)",
        kleene: "unknown",
    },
    Probe {
        name: "1 / 0 >= 1",
        sql: "one / zero >= 1",
        cel: "one / zero >= 1.0",
        zen: "one / zero >= 1",
        ours: "纳税总额 / 设备投资 >= 1",
        kleene: "unknown",
    },
    Probe {
        name: "6 / 5 - 1 >= 20 %",
        sql: "six / five - 1 >= CAST(0.2 AS DOUBLE)",
        cel: "six / five - 1.0 >= 0.2",
        zen: "six / five - 1 >= 0.2",
        ours: "总收入 / 资产总额 - 1 >= 20%",
        kleene: "yes",
    },
];

/// The word for an answer.
pub fn word(answer: Option<bool>) -> String {
    match answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
    .to_owned()
}

/// How the answers differ from Kleene's, in a few words.
pub fn summary(answers: &[(String, String)]) -> String {
    let differing: Vec<String> = PROBES
        .iter()
        .filter_map(|probe| {
            let (_, answer) = answers.iter().find(|(name, _)| name == probe.name)?;
            (answer != probe.kleene).then(|| format!("{}: {answer}", probe.name))
        })
        .collect();
    if answers.is_empty() {
        "not asked".to_owned()
    } else if differing.is_empty() {
        "Kleene".to_owned()
    } else {
        differing.join("; ")
    }
}
