//! Names for sets of codes of a classification. A code belongs to the group with its longest prefix.

use crate::Text;

/// A way to sort the codes of a classification into named groups.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Grouping {
    /// What documents call it.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Where it was taken from.
    pub source: Text,
    /// The classification whose codes it groups.
    pub of: String,
    /// What a reader should know.
    pub notes: Vec<Text>,
    /// Its groups, in order.
    pub groups: Vec<Group>,
}

/// A named set of codes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Its name; documents refer to it by the Chinese one.
    pub name: Text,
    /// Codes that are in it with all that lies under them, unless a longer one is in another group.
    pub under: Vec<String>,
}

impl Grouping {
    /// The group of that Chinese name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name.zh == name)
    }

    /// The groups in which a code may be: the one with its longest prefix, and those of which a part lies under it. None
    /// where it is in no group.
    ///
    /// ```
    /// # use facts::classification::{Group, Grouping};
    /// # use facts::Text;
    /// # let group = |zh: &str, under: &str| Group {
    /// #     name: Text { zh: zh.to_owned(), en: String::new() }, under: vec![under.to_owned()] };
    /// let storage = Grouping { groups: vec![group("仓储", "G59"), group("运输", "G591")], ..Grouping::default() };
    /// let names = |code| storage.of_code(code).iter().map(|group| group.name.zh.as_str()).collect::<Vec<_>>();
    /// assert_eq!(names("G5910"), ["运输"]);
    /// assert_eq!(names("G592"), ["仓储"]);
    /// assert_eq!(names("G59"), ["仓储", "运输"]);
    /// assert!(names("P83").is_empty());
    /// ```
    pub fn of_code(&self, code: &str) -> Vec<&Group> {
        let longest = |group: &Group| {
            let prefixes = group.under.iter().filter(|prefix| code.starts_with(prefix.as_str()));
            prefixes.map(String::len).max()
        };
        let best = self.groups.iter().filter_map(longest).max();
        let holds = |group: &&Group| {
            (best.is_some() && longest(group) == best)
                || group.under.iter().any(|under| under.len() > code.len() && under.starts_with(code))
        };
        self.groups.iter().filter(holds).collect()
    }
}
