//! The words of this slice: kinds of organisations, roles, memberships, principals.

use std::collections::BTreeSet;
use std::fmt;

use super::Scope;
use crate::ground::{Actor, Caller, id_type};

id_type! {
    /// Of an organisation.
    OrganisationId
}
id_type! {
    /// Of an account.
    AccountId
}
id_type! {
    /// Of a person, who may have several accounts.
    PersonId
}
id_type! {
    /// Of a membership.
    MembershipId
}
id_type! {
    /// Of a session, as its owner sees it in the list; it opens nothing.
    SessionId
}
id_type! {
    /// Of an API token, as its owner sees it in the list; it opens nothing.
    TokenId
}

/// An enum whose values have a code for database, API and pages, and a Chinese and an English name.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As it stands in the database and the API.
            pub fn as_code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Reads what `as_code` writes.
            pub fn parse_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_code() == code)
            }

            /// As a person reads it.
            pub fn name(self) -> facts::Text {
                let (zh, en) = match self { $(Self::$variant => ($zh, $en),)* };
                facts::Text { zh: zh.to_owned(), en: en.to_owned() }
            }
        }
    };
}
pub(crate) use coded;

coded! {
    /// What an organisation is.
    OrganisationKind {
        /// 企业
        Enterprise = "enterprise", "企业", "enterprise";
        /// 科研院所、高校
        Institute = "institute", "科研院所", "institute";
        /// 孵化器
        Incubator = "incubator", "孵化器", "incubator";
        /// 银行
        Bank = "bank", "银行", "bank";
        /// 服务机构
        ServicePartner = "service-partner", "服务机构", "service partner";
        /// 园区部门: the zone's own; only here staff have their roles.
        Department = "department", "园区部门", "department of the zone";
        /// 机关
        Government = "government", "机关", "government office";
        /// 村
        Village = "village", "村", "village";
        /// 社区
        Community = "community", "社区", "community";
        /// 学校
        School = "school", "学校", "school";
        /// 卫生院
        HealthCentre = "health-centre", "卫生院", "health centre";
        /// 国企
        StateOwned = "state-owned", "国企", "state-owned enterprise";
        /// 非公企业
        Private = "private", "非公企业", "private enterprise";
        /// 社会组织
        SocialOrganisation = "social-organisation", "社会组织", "social organisation";
    }
}

coded! {
    /// What a member may be in an organisation.
    Role {
        /// 负责人
        Owner = "owner", "负责人", "owner";
        /// 经办人
        Clerk = "clerk", "经办人", "clerk";
        /// 服务机构人员
        Partner = "partner", "服务机构人员", "partner";
        /// 部门经办
        Officer = "officer", "部门经办", "officer";
        /// 发布人
        Publisher = "publisher", "发布人", "publisher";
        /// 系统管理员
        SystemAdministrator = "system-administrator", "系统管理员", "system administrator";
        /// 安全管理员
        SecurityAdministrator = "security-administrator", "安全管理员", "security administrator";
        /// 审计管理员
        Auditor = "auditor", "审计管理员", "auditor";
    }
}

impl Role {
    /// The three that must be three different people.
    pub const SEPARATE: [Self; 3] = [Self::SystemAdministrator, Self::SecurityAdministrator, Self::Auditor];

    /// Of the zone's own people, who need a second factor.
    pub fn is_staff(self) -> bool {
        !matches!(self, Self::Owner | Self::Clerk | Self::Partner)
    }

    /// Whether members of such an organisation can have it.
    pub fn fits(self, kind: OrganisationKind) -> bool {
        match self {
            Self::Owner | Self::Clerk => kind != OrganisationKind::Department,
            Self::Partner => matches!(
                kind,
                OrganisationKind::Institute
                    | OrganisationKind::Incubator
                    | OrganisationKind::Bank
                    | OrganisationKind::ServicePartner
            ),
            _ => kind == OrganisationKind::Department,
        }
    }
}

/// Longest login and longest name, in characters.
const NAME_CHARACTERS_MAX: usize = 64;

/// What somebody signs in with: half-width, lower case, without blanks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Login(String);

impl Login {
    /// Reads what was typed; `None` if it is empty, too long or has other signs than letters, digits and `. _ - @`.
    pub fn parse(text: &str) -> Option<Self> {
        let login = facts::half_width(text.trim()).to_lowercase();
        let is_fine = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
        let length = login.chars().count();
        ((1..=NAME_CHARACTERS_MAX).contains(&length) && login.chars().all(is_fine)).then_some(Self(login))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name as it was typed, without blanks around it; `None` if nothing is left, or too much.
pub(super) fn parse_name(text: &str) -> Option<String> {
    let name = text.trim();
    let is_fine = !name.is_empty() && name.chars().count() <= NAME_CHARACTERS_MAX;
    (is_fine && !name.chars().any(char::is_control)).then(|| name.to_owned())
}

/// An account's role in an organisation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Membership {
    /// Its id.
    pub id: MembershipId,
    /// Where.
    pub organisation: OrganisationId,
    /// As what.
    pub role: Role,
}

/// Through what somebody acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Through {
    /// A session.
    Session(SessionId),
    /// A token, with what it is good for.
    Token(TokenId, BTreeSet<Scope>),
}

/// Somebody who is known and may act: signed in with every factor that is asked of them, or with a token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Principal {
    /// The account.
    pub account: AccountId,
    /// The person.
    pub person: PersonId,
    /// How the person is called.
    pub name: String,
    /// Everything the account is; with a token only the membership that the token is of.
    pub memberships: Vec<Membership>,
    /// Through what.
    pub through: Through,
}

impl Principal {
    /// As entries name them, in the request of a visitor who turned out to be this principal.
    pub fn caller(&self, visitor: &Caller) -> Caller {
        let account = self.account.to_string();
        let actor = match &self.through {
            Through::Session(_) => Actor::Account(account),
            Through::Token(token, _) => Actor::Token { token: token.to_string(), account },
        };
        Caller { actor, ..visitor.clone() }
    }

    /// The organisations in which one of the roles is held.
    pub fn organisations_as(&self, roles: &[Role]) -> Vec<OrganisationId> {
        let held = self.memberships.iter().filter(|membership| roles.contains(&membership.role));
        held.map(|membership| membership.organisation).collect()
    }

    /// Whether any membership has the role.
    pub fn is(&self, role: Role) -> bool {
        self.memberships.iter().any(|membership| membership.role == role)
    }
}
