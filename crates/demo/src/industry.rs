//! The industries of the zone: codes of GB/T 4754-2017 at class level, how frequent they are and what is usual in each.
//!
//! Source: GB/T 4754-2017 with its first amendment. Weights and usual figures are invented to look like a high-tech
//! zone: much software and electronics, some of every trade, a few of those that policies exclude.

/// One of the eight supported fields; empty where the trade is in none.
type Supported = &'static str;

const ELECTRONICS: Supported = "电子信息";
const LIFE: Supported = "生物与新医药";
const SPACE: Supported = "航空航天";
const MATERIALS: Supported = "新材料";
const SERVICES: Supported = "高技术服务";
const ENERGY: Supported = "新能源与节能";
const ENVIRONMENT: Supported = "资源与环境";
const MACHINES: Supported = "先进制造与自动化";
const NONE: Supported = "";

/// A class of industry and what is usual in it.
#[derive(Debug)]
pub(crate) struct Industry {
    /// Section letter and four digits.
    pub(crate) code: &'static str,
    /// How the trade sounds in a name.
    pub(crate) trade: &'static str,
    /// Supported field of high technology.
    pub(crate) field: Supported,
    /// How many of a thousand, roughly.
    pub(crate) weight: u32,
    /// Median headcount of a grown enterprise.
    pub(crate) staff: f64,
    /// Revenue per head and year, 万元.
    pub(crate) revenue: f64,
    /// Usual R&D as a share of revenue.
    pub(crate) research: f64,
    /// Assets by revenue.
    pub(crate) assets: f64,
}

const fn of(
    code: &'static str,
    trade: &'static str,
    field: Supported,
    weight: u32,
    usual: [f64; 4],
) -> Industry {
    let [staff, revenue, research, assets] = usual;
    Industry { code, trade, field, weight, staff, revenue, research, assets }
}

/// All of them, with a weight beside each for drawing.
pub(crate) const INDUSTRIES: [Industry; 58] = [
    of("I6513", "软件", ELECTRONICS, 110, [26.0, 42.0, 0.095, 0.9]),
    of("I6511", "基础软件", ELECTRONICS, 14, [34.0, 48.0, 0.15, 1.1]),
    of("I6512", "支撑软件", ELECTRONICS, 12, [30.0, 46.0, 0.13, 1.0]),
    of("I6520", "集成电路设计", ELECTRONICS, 14, [38.0, 85.0, 0.18, 1.4]),
    of("I6531", "信息系统集成", ELECTRONICS, 52, [30.0, 75.0, 0.06, 0.9]),
    of("I6532", "物联网", ELECTRONICS, 40, [28.0, 60.0, 0.085, 0.9]),
    of("I6540", "信息技术运维", ELECTRONICS, 24, [24.0, 40.0, 0.05, 0.7]),
    of("I6550", "数据处理", ELECTRONICS, 22, [28.0, 52.0, 0.08, 1.0]),
    of("I6450", "互联网数据", ELECTRONICS, 12, [26.0, 65.0, 0.07, 1.0]),
    of("I6422", "互联网游戏", ELECTRONICS, 8, [24.0, 60.0, 0.08, 0.8]),
    of("C3911", "计算机", ELECTRONICS, 12, [90.0, 110.0, 0.05, 0.9]),
    of("C3921", "通信设备", ELECTRONICS, 16, [80.0, 95.0, 0.07, 1.0]),
    of("C3962", "智能车载设备", ELECTRONICS, 9, [70.0, 85.0, 0.075, 1.0]),
    of("C3973", "集成电路", ELECTRONICS, 9, [150.0, 120.0, 0.12, 2.2]),
    of("C3983", "传感器", ELECTRONICS, 24, [55.0, 65.0, 0.07, 1.0]),
    of("C4011", "自动化仪表", MACHINES, 26, [60.0, 62.0, 0.065, 1.0]),
    of("C4012", "电工仪器", MACHINES, 18, [58.0, 60.0, 0.06, 1.0]),
    of("C4014", "分析仪器", MACHINES, 12, [46.0, 62.0, 0.075, 1.0]),
    of("C3421", "机床", MACHINES, 12, [95.0, 70.0, 0.045, 1.2]),
    of("C3491", "机器人", MACHINES, 12, [60.0, 70.0, 0.085, 1.1]),
    of("C3511", "矿山机械", MACHINES, 12, [110.0, 80.0, 0.04, 1.1]),
    of("C3581", "医疗设备", LIFE, 16, [60.0, 68.0, 0.08, 1.1]),
    of("C3670", "汽车零部件", MACHINES, 14, [130.0, 75.0, 0.04, 1.0]),
    of("C3812", "电机", MACHINES, 10, [100.0, 78.0, 0.045, 1.0]),
    of("C3825", "光伏", ENERGY, 10, [110.0, 120.0, 0.05, 1.2]),
    of("C3841", "锂电池", ENERGY, 9, [140.0, 105.0, 0.06, 1.3]),
    of("C2710", "原料药", LIFE, 8, [120.0, 85.0, 0.055, 1.3]),
    of("C2761", "生物药品", LIFE, 12, [75.0, 90.0, 0.14, 1.7]),
    of("C2651", "合成树脂", MATERIALS, 7, [90.0, 140.0, 0.035, 0.9]),
    of("C3091", "碳素制品", MATERIALS, 10, [90.0, 80.0, 0.045, 1.1]),
    of("C3042", "特种玻璃", MATERIALS, 6, [85.0, 72.0, 0.05, 1.2]),
    of("C3744", "航空设备", SPACE, 4, [90.0, 75.0, 0.1, 1.5]),
    of("M7320", "工程技术研究", SERVICES, 40, [22.0, 45.0, 0.12, 1.1]),
    of("M7340", "医学研究", LIFE, 14, [22.0, 42.0, 0.16, 1.3]),
    of("M7452", "检测", SERVICES, 20, [32.0, 34.0, 0.06, 0.9]),
    of("M7484", "工程设计", SERVICES, 16, [34.0, 45.0, 0.035, 0.7]),
    of("M7512", "生物技术", LIFE, 14, [18.0, 42.0, 0.09, 0.9]),
    of("M7513", "新材料技术", MATERIALS, 14, [18.0, 48.0, 0.08, 0.9]),
    of("M7514", "节能技术", ENERGY, 14, [20.0, 52.0, 0.06, 0.9]),
    of("M7516", "环保技术", ENVIRONMENT, 12, [22.0, 50.0, 0.055, 0.9]),
    of("N7721", "水处理", ENVIRONMENT, 8, [48.0, 52.0, 0.035, 1.4]),
    of("F5179", "机电设备贸易", NONE, 48, [10.0, 260.0, 0.002, 0.5]),
    of("F5273", "数码零售", NONE, 24, [8.0, 120.0, 0.001, 0.4]),
    of("L7212", "创业投资", NONE, 14, [7.0, 90.0, 0.0, 5.0]),
    of("L7249", "管理咨询", NONE, 34, [9.0, 36.0, 0.006, 0.6]),
    of("L7221", "园区管理", NONE, 8, [24.0, 60.0, 0.004, 4.0]),
    of("E4710", "建筑", NONE, 14, [60.0, 110.0, 0.006, 0.9]),
    of("E5011", "装饰", NONE, 12, [16.0, 60.0, 0.004, 0.6]),
    of("G5431", "货运", NONE, 12, [26.0, 50.0, 0.002, 0.7]),
    of("H6110", "酒店", NONE, 5, [42.0, 16.0, 0.0, 2.0]),
    of("H6210", "餐饮", NONE, 12, [18.0, 18.0, 0.0, 0.5]),
    of("K7010", "房地产开发", NONE, 8, [40.0, 320.0, 0.0, 3.5]),
    of("K7020", "物业服务", NONE, 10, [60.0, 14.0, 0.001, 0.5]),
    of("P8391", "技能培训", NONE, 8, [14.0, 22.0, 0.004, 0.5]),
    of("Q8411", "医院", NONE, 3, [140.0, 32.0, 0.006, 1.3]),
    of("R9011", "歌舞厅", NONE, 4, [16.0, 20.0, 0.0, 0.6]),
    of("A0141", "蔬菜种植", NONE, 5, [14.0, 24.0, 0.01, 1.1]),
    of("D4415", "风力发电", ENERGY, 4, [30.0, 180.0, 0.012, 4.5]),
];

/// The industry at a point between 0 and 1 of all weights.
pub(crate) fn at(point: f64) -> &'static Industry {
    let total: u32 = INDUSTRIES.iter().map(|industry| industry.weight).sum();
    let mut left = point * f64::from(total);
    let found = INDUSTRIES.iter().find(|industry| {
        left -= f64::from(industry.weight);
        left < 0.0
    });
    found.unwrap_or(&INDUSTRIES[0])
}

impl Industry {
    /// Whether its technology is among the supported fields.
    pub(crate) fn is_technical(&self) -> bool {
        !self.field.is_empty()
    }

    /// Whether it makes things.
    pub(crate) fn is_manufacturing(&self) -> bool {
        self.code.starts_with('C')
    }

    /// Whether it invests in others.
    pub(crate) fn is_venture_capital(&self) -> bool {
        self.code == "L7212"
    }

    /// Its code as known to somebody who knows only the division.
    pub(crate) fn division(&self) -> &'static str {
        &self.code[..3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_a_letter_and_four_digits_and_stands_once() {
        for industry in &INDUSTRIES {
            let (letter, digits) = industry.code.split_at(1);
            assert!(letter.bytes().all(|b| b.is_ascii_uppercase()), "{}", industry.code);
            assert!(digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()), "{}", industry.code);
        }
        let codes: std::collections::BTreeSet<_> = INDUSTRIES.iter().map(|industry| industry.code).collect();
        assert_eq!(codes.len(), INDUSTRIES.len());
    }

    #[test]
    fn every_code_is_in_the_published_list() {
        let text = include_str!("../../../library/classifications/industry-gb-t-4754-2017.yaml");
        let source = facts::Source::new("industry.yaml", text);
        let (lists, found) = facts::classification::load(&[source]);
        assert!(found.is_empty(), "{found:?}");
        let list = &lists.codes[0];
        for industry in &INDUSTRIES {
            let code = list.find(industry.code);
            assert!(code.is_some(), "{} ({}) is not listed", industry.code, industry.trade);
            assert!(list.find(industry.division()).is_some());
        }
    }

    #[test]
    fn every_point_falls_on_an_industry() {
        assert_eq!(at(0.0).code, "I6513");
        assert_eq!(at(0.999_999_9).code, "D4415");
    }
}
