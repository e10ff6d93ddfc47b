//! The columns of the workload: 36 that are stored and 4 shares of two of them.

use facts::Date;

/// What a stored column holds, and how it is spread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Money in fen, from `low` yuan over so many doublings.
    Money {
        /// Smallest value, yuan.
        low: i64,
        /// How often it doubles up to the largest.
        doublings: u32,
    },
    /// Things counted, from nought or `low` over so many doublings.
    Count {
        /// Smallest value but nought.
        low: i64,
        /// How often it doubles up to the largest.
        doublings: u32,
    },
    /// A numerator of a share: it follows its denominator.
    Part {
        /// Which share of [`SHARES`].
        share: usize,
        /// Whether it is money (fen) rather than a count.
        is_money: bool,
    },
    /// Days since 1970.
    Date,
    /// One of so many codes.
    Code(u8),
    /// Yes or no.
    Bool,
    /// Several of so many codes.
    Set(u8),
}

/// A stored column.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Name in our vocabulary.
    pub name: &'static str,
    /// Name in SQL and in expression languages: `n00` to `n17`, `d0` …, `e0` …, `b0` …, `s0` ….
    pub column: &'static str,
    /// What it holds.
    pub kind: Kind,
}

const fn money(name: &'static str, column: &'static str, low: i64, doublings: u32) -> Field {
    Field { name, column, kind: Kind::Money { low, doublings } }
}

const fn count(name: &'static str, column: &'static str, low: i64, doublings: u32) -> Field {
    Field { name, column, kind: Kind::Count { low, doublings } }
}

const fn part(name: &'static str, column: &'static str, share: usize, is_money: bool) -> Field {
    Field { name, column, kind: Kind::Part { share, is_money } }
}

const fn field(name: &'static str, column: &'static str, kind: Kind) -> Field {
    Field { name, column, kind }
}

/// The stored columns: 18 numbers, 4 dates, 6 codes, 5 yes-or-no, 3 sets.
pub const FIELDS: [Field; 36] = [
    money("营业收入", "n00", 200_000, 13),
    part("研发费用", "n01", 0, true),
    money("资产总额", "n02", 300_000, 13),
    part("负债总额", "n03", 1, true),
    money("总收入", "n04", 200_000, 13),
    part("高新收入", "n05", 2, true),
    count("职工总数", "n06", 2, 11),
    part("科技人员数", "n07", 3, false),
    money("净利润", "n08", 20_000, 12),
    money("纳税总额", "n09", 10_000, 12),
    money("设备投资", "n10", 50_000, 12),
    money("出口额", "n11", 50_000, 12),
    count("发明专利数", "n12", 1, 9),
    count("软件著作权数", "n13", 1, 9),
    count("实用新型数", "n14", 1, 9),
    count("在研项目数", "n15", 1, 9),
    count("本科以上人数", "n16", 1, 11),
    count("新增就业人数", "n17", 1, 9),
    field("成立日期", "d0", Kind::Date),
    field("迁入日期", "d1", Kind::Date),
    field("投产日期", "d2", Kind::Date),
    field("首次认定日期", "d3", Kind::Date),
    field("产业领域", "e0", Kind::Code(20)),
    field("所在园区", "e1", Kind::Code(16)),
    field("企业类型", "e2", Kind::Code(12)),
    field("信用等级", "e3", Kind::Code(8)),
    field("上市阶段", "e4", Kind::Code(8)),
    field("研发机构级别", "e5", Kind::Code(10)),
    field("居民企业", "b0", Kind::Bool),
    field("规模以上", "b1", Kind::Bool),
    field("独立法人", "b2", Kind::Bool),
    field("按时报送统计", "b3", Kind::Bool),
    field("有产学研合作", "b4", Kind::Bool),
    field("持有证书", "s0", Kind::Set(24)),
    field("获奖类别", "s1", Kind::Set(24)),
    field("产品目录", "s2", Kind::Set(24)),
];

/// A share of two stored columns.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// Index of the numerator in [`FIELDS`].
    pub numerator: usize,
    /// Index of the denominator in [`FIELDS`].
    pub denominator: usize,
    /// It lies between nought and this, in thousandths.
    pub most: u64,
    /// Thresholds that documents use, in thousandths.
    pub cuts: &'static [i64],
}

/// The four shares.
pub const SHARES: [Share; 4] = [
    Share { numerator: 1, denominator: 0, most: 160, cuts: &[5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100] },
    Share { numerator: 3, denominator: 2, most: 1_000, cuts: &[300, 400, 500, 550, 600, 650, 700, 750, 800] },
    Share { numerator: 5, denominator: 4, most: 1_000, cuts: &[200, 300, 400, 500, 550, 600, 700, 750] },
    Share { numerator: 7, denominator: 6, most: 500, cuts: &[50, 100, 125, 150, 200, 250, 300, 350, 400] },
];

/// Fen in a yuan.
pub const FEN: i64 = 100;
/// Fen in ten thousand yuan.
pub const WAN: i64 = 10_000 * FEN;

/// The day on which everything is decided.
pub fn day() -> Date {
    Date { year: 2026, month: 6, day: 30 }
}

/// First and last day that occur, in days since 1970.
pub fn days() -> (i64, i64) {
    (Date { year: 2000, month: 1, day: 1 }.to_epoch_days(), day().to_epoch_days())
}

/// The day so many months before the day of decision, in days since 1970.
pub fn months_ago(months: i64) -> i64 {
    day().add_months(-months).expect("a few years back are within the calendar").to_epoch_days()
}

/// Thresholds that documents use on a number: round figures between its least and its greatest, in its stored unit.
pub fn cuts(kind: Kind) -> Vec<i64> {
    let (low, high, unit) = match kind {
        Kind::Money { low, doublings } => ((low / 10_000).max(1), (low << doublings) / 10_000, WAN),
        Kind::Count { low, doublings } => (low, low << doublings, 1),
        Kind::Part { is_money: true, .. } => (1, 100_000, WAN),
        Kind::Part { is_money: false, .. } => (1, 1_000, 1),
        _ => return Vec::new(),
    };
    let mut cuts = Vec::new();
    let mut power = 1;
    while power <= high {
        for tenths in [10, 12, 15, 20, 25, 30, 40, 50, 60, 80] {
            let cut = power * tenths;
            if cut % 10 == 0 && (low..=high / 2).contains(&(cut / 10)) {
                cuts.push(cut / 10 * unit);
            }
        }
        power *= 10;
    }
    cuts
}
