//! The table of rights: action × role × relation to the record. What it does not name is refused.

use facts::Text;

use super::model::{AccountId, OrganisationId, Principal, Role, Through, coded};

coded! {
    /// What may be done.
    Action {
        /// Accounts of people, as lists show them.
        ReadAccounts = "identity.read-accounts", "查看账号", "see accounts";
        /// An organisation with its members.
        ReadOrganisation = "identity.read-organisation", "查看机构和成员", "see an organisation and its members";
        /// By an invitation, with the account that one has.
        Join = "identity.join", "接受邀请", "accept an invitation";
        /// Accounts of people.
        CreateAccount = "identity.create-account", "开设账号", "create an account";
        /// So that it cannot sign in.
        DisableAccount = "identity.disable-account", "停用账号", "disable an account";
        /// A new link in person; the old password is void.
        ResetAccount = "identity.reset-account", "重置账号", "reset an account";
        /// Organisations of every kind.
        CreateOrganisation = "identity.create-organisation", "登记机构", "create an organisation";
        /// Staff roles, and the first owner of an organisation.
        GrantRole = "identity.grant-role", "授予角色", "grant a role";
        /// Taking back what was granted.
        EndMembership = "identity.end-membership", "撤销角色", "end a membership";
        /// Two accounts of one person.
        LinkPerson = "identity.link-person", "认定同一人", "link accounts of one person";
        /// Colleagues.
        InviteMember = "identity.invite-member", "邀请成员", "invite a member";
        /// One's own sessions.
        ManageSessions = "identity.manage-sessions", "管理登录会话", "manage sessions";
        /// One's own tokens.
        ManageTokens = "identity.manage-tokens", "管理访问令牌", "manage tokens";
        /// Entries of the chain.
        ReadAudit = "audit.read", "查阅审计", "read the audit";
        /// Entries with proofs.
        ExportAudit = "audit.export", "导出审计", "export the audit";
        /// After their time.
        PruneAudit = "audit.prune", "清理到期审计", "remove expired audit entries";
        /// Jobs that were given up, and the state of the whole.
        ReadJobs = "operations.read-jobs", "查看后台任务和系统状态", "see background jobs and the system's state";
        /// With all its attempts.
        ReviveJob = "operations.revive-job", "重新执行后台任务", "let a job run again";
    }
}

coded! {
    /// What a token may be good for. None of them publishes, grants, decides or reads the audit.
    Scope {
        /// Looking.
        Read = "read", "读取", "read";
        /// Handing in facts of the own organisation.
        WriteFacts = "write-facts", "提交事实", "write facts";
    }
}

/// How a record is related to who acts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Relation {
    /// It is about the account itself.
    Own,
    /// It is of an organisation in which they have the role.
    Organisation,
    /// It is of any organisation.
    Any,
}

/// To whom a right is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grantee {
    /// Everybody who is signed in.
    Account,
    /// Members with a role.
    Role(Role),
}

impl Action {
    /// THE TABLE.
    pub fn grants(self) -> &'static [(Grantee, Relation)] {
        use Grantee::{Account, Role as With};
        use Relation::{Any, Organisation, Own};
        match self {
            Self::ReadAccounts => {
                &[(With(Role::SystemAdministrator), Any), (With(Role::SecurityAdministrator), Any)]
            }
            Self::ReadOrganisation => &[
                (With(Role::Owner), Organisation),
                (With(Role::Clerk), Organisation),
                (With(Role::Partner), Organisation),
                (With(Role::Officer), Any),
                (With(Role::SystemAdministrator), Any),
                (With(Role::SecurityAdministrator), Any),
            ],
            Self::Join => &[(Account, Own)],
            Self::CreateAccount | Self::DisableAccount | Self::ResetAccount | Self::CreateOrganisation => {
                &[(With(Role::SystemAdministrator), Any)]
            }
            Self::ReadJobs | Self::ReviveJob => &[(With(Role::SystemAdministrator), Any)],
            Self::GrantRole | Self::LinkPerson => &[(With(Role::SecurityAdministrator), Any)],
            Self::EndMembership => {
                &[(With(Role::SecurityAdministrator), Any), (With(Role::Owner), Organisation)]
            }
            Self::InviteMember => &[(With(Role::Owner), Organisation)],
            Self::ManageSessions | Self::ManageTokens => &[(Account, Own)],
            Self::ReadAudit | Self::ExportAudit | Self::PruneAudit => &[(With(Role::Auditor), Any)],
        }
    }

    /// With which scope a token may do it; `None`: no token may.
    pub fn scope(self) -> Option<Scope> {
        // Nothing in this slice or in the audit is for programs.
        None
    }
}

/// What a record belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Record {
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// The organisation that it is of.
    pub organisation: Option<OrganisationId>,
}

impl Record {
    /// Of the platform as a whole.
    pub const PLATFORM: Self = Self { account: None, organisation: None };

    /// About an account.
    pub fn of_account(account: AccountId) -> Self {
        Self { account: Some(account), ..Self::PLATFORM }
    }

    /// Of an organisation.
    pub fn of_organisation(organisation: OrganisationId) -> Self {
        Self { organisation: Some(organisation), ..Self::PLATFORM }
    }
}

/// Why something is not done. It is an answer, not an error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The role does not have the right at all.
    Forbidden,
    /// The role has the right, and not over this record; whether there is such a record is not said.
    NotThere,
    /// Sign-in failed. Which part was wrong is not said.
    SignIn,
    /// A code was wrong, used before, or must wait.
    Code,
    /// A link was used, has expired or never was.
    Link,
    /// A password is too weak.
    Password(super::WeakPassword),
    /// A login, name or address cannot be read, or is taken.
    Name,
    /// The role does not exist in organisations of this kind.
    RoleDoesNotFit,
    /// One person would hold two of the roles that must be separate.
    Separation,
    /// Nobody grants to, takes from or disables themselves.
    Oneself,
    /// It was so already.
    NothingToDo,
    /// A number, a time or a list is past its limit.
    PastLimit,
}

impl Refusal {
    /// As it stands in entries and in the API.
    pub fn as_code(&self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::NotThere => "not-there",
            Self::SignIn => "sign-in",
            Self::Code => "code",
            Self::Link => "link",
            Self::Password(_) => "password",
            Self::Name => "name",
            Self::RoleDoesNotFit => "role-does-not-fit",
            Self::Separation => "separation",
            Self::Oneself => "oneself",
            Self::NothingToDo => "nothing-to-do",
            Self::PastLimit => "past-limit",
        }
    }

    /// As a person reads it: what happened, and what to do next.
    pub fn message(&self) -> Text {
        let (zh, en) = match self {
            Self::Forbidden => (
                "您的角色不能执行此操作。如确有需要,请联系安全管理员。",
                "Your role does not allow this. If you need it, ask the security administrator.",
            ),
            Self::NotThere => {
                ("没有找到该记录,或您无权查看。", "There is no such record, or you may not see it.")
            }
            Self::SignIn => (
                "账号或密码不正确,或尝试过于频繁。请核对后稍候再试;忘记密码请联系系统管理员。",
                "The login or the password is not right, or there were too many attempts. Check them and try again in a while; if you forgot the password, ask the system administrator.",
            ),
            Self::Code => (
                "验证码不正确、已使用过,或尝试过于频繁。请等待下一个验证码。",
                "The code is not right, was used before, or there were too many attempts. Wait for the next code.",
            ),
            Self::Link => (
                "链接无效、已使用或已过期。请向发给您链接的人索取新的链接。",
                "The link is not valid, was used, or has expired. Ask whoever gave it to you for a new one.",
            ),
            Self::Password(why) => return why.message(),
            Self::Name => (
                "名称为空、过长、含有不允许的字符,或已被使用。请换一个。",
                "The name is empty, too long, has signs that are not allowed, or is taken. Choose another.",
            ),
            Self::RoleDoesNotFit => (
                "该类机构没有这个角色。园区工作人员的角色只能在园区部门授予。",
                "Organisations of this kind do not have that role. Roles of staff are granted in departments of the zone.",
            ),
            Self::Separation => (
                "系统管理员、安全管理员、审计管理员必须由三个不同的人担任。",
                "The system, security and audit administrators must be three different people.",
            ),
            Self::Oneself => (
                "不能对自己执行此操作,请由另一位管理员办理。",
                "Nobody does this to themselves; another administrator can.",
            ),
            Self::NothingToDo => ("已经是这样,无需再次操作。", "It is so already; nothing needs to be done."),
            Self::PastLimit => (
                "超出允许的数量或期限。请缩小后重试。",
                "That is past the allowed number or time. Ask for less.",
            ),
        };
        Text { zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// Whether somebody may do that to a record.
///
/// Who has the right nowhere hears that it is forbidden; who has it elsewhere, that there is no such record.
pub fn authorise(principal: &Principal, action: Action, record: &Record) -> Result<(), Refusal> {
    if let Through::Token(_, scopes) = &principal.through
        && !action.scope().is_some_and(|scope| scopes.contains(&scope))
    {
        return Err(Refusal::Forbidden);
    }
    let mut has_elsewhere = false;
    for (grantee, relation) in action.grants() {
        let holds = |organisation: Option<OrganisationId>| match grantee {
            Grantee::Account => true,
            Grantee::Role(role) => principal.memberships.iter().any(|membership| {
                membership.role == *role && organisation.is_none_or(|it| it == membership.organisation)
            }),
        };
        if !holds(None) {
            continue;
        }
        has_elsewhere = true;
        let is_related = match relation {
            Relation::Any => true,
            Relation::Own => record.account == Some(principal.account),
            Relation::Organisation => record.organisation.is_some_and(|it| holds(Some(it))),
        };
        if is_related {
            return Ok(());
        }
    }
    Err(if has_elsewhere { Refusal::NotThere } else { Refusal::Forbidden })
}
