//! The table of rights: action × role × relation to the record. What it does not name is refused.

use facts::Text;
use facts::read::ReadProblem;

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
        /// Who one is at the provider of OpenID Connect.
        LinkExternal = "identity.link-external", "关联统一身份认证", "link the provider's identity";
        /// One's own tokens.
        ManageTokens = "identity.manage-tokens", "管理访问令牌", "manage tokens";
        /// Entries of the chain.
        ReadAudit = "audit.read", "查阅审计", "read the audit";
        /// Entries with proofs.
        ExportAudit = "audit.export", "导出审计", "export the audit";
        /// After their time.
        PruneAudit = "audit.prune", "清理到期审计", "remove expired audit entries";
        /// The values of an entry, on a ground of law.
        EraseAudit = "audit.erase", "删除审计所附的值", "erase values beside an audit entry";
        /// Subjects of the register, by name or code.
        FindSubjects = "registry.find-subjects", "查找主体", "find subjects";
        /// Into the register.
        CreateSubject = "registry.create-subject", "登记主体", "put a subject into the register";
        /// A subject and the organisation whose members are its own.
        LinkSubject = "registry.link-subject", "关联主体与机构", "link a subject to an organisation";
        /// Facts about a subject, as far as they may be disclosed.
        ReadFacts = "registry.read-facts", "查阅事实", "read facts";
        /// What a source says.
        RecordFacts = "registry.record", "记入事实", "record facts";
        /// A value that is not right.
        ContestValue = "registry.contest", "提出异议", "contest a value";
        /// Contests of what a department answers for.
        AnswerContest = "registry.answer", "答复异议", "answer a contest";
        /// Conditions that only a person can judge.
        DecideCondition = "registry.decide-condition", "判断条件", "decide a condition";
        /// Two subjects that are one, and back.
        MergeSubjects = "registry.merge", "合并重复主体", "merge duplicates";
        /// Which source goes before which.
        RankSources = "registry.rank", "调整来源次序", "rank sources";
        /// Which department answers for a source, and which keeps the register.
        NameDepartment = "registry.name-department", "指定负责部门", "name the department that answers";
        /// Everything that is held about a subject.
        ExportSubject = "registry.export", "导出个人信息", "export what is held";
        /// What is held about a subject.
        EraseSubject = "registry.erase", "删除个人信息", "erase what is held";
        /// That nothing of a subject be erased.
        HoldSubject = "registry.hold", "依法留存", "place or lift a legal hold";
        /// Published texts.
        ImportPolicies = "policies.import", "导入政策", "import policies";
        /// What a subject may have, with the reasons.
        DecideEligibility = "eligibility.decide", "判定资格", "decide eligibility";
        /// A document for all subjects of a kind.
        RunEligibility = "eligibility.run", "批量判定", "decide for all";
        /// A stored decision.
        ReadDecision = "eligibility.read-decision", "查阅决定", "read a decision";
        /// Jobs that were given up, and the state of the whole.
        ReadJobs = "operations.read-jobs", "查看后台任务和系统状态", "see background jobs and the system's state";
        /// With all its attempts.
        ReviveJob = "operations.revive-job", "重新执行后台任务", "let a job run again";
        /// Facts about many subjects, from a file.
        ImportFacts = "registry.import", "批量导入事实", "import facts";
        /// A batch as a whole, so that it no longer counts.
        WithdrawImport = "registry.withdraw-import", "撤回导入批次", "withdraw an import";
        /// What it would change for everybody.
        SimulateDraft = "desk.simulate", "模拟政策效果", "simulate a draft";
        /// How many would be eligible at each of its values.
        SweepNumber = "desk.sweep", "推演一个门槛", "vary a number of a condition";
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
    /// A department in which they have the role answers for it.
    Department,
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
        use Relation::{Any, Department, Organisation, Own};
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
            Self::ManageSessions | Self::LinkExternal | Self::ManageTokens => &[(Account, Own)],
            Self::CreateSubject | Self::DecideCondition => &[(With(Role::Officer), Any)],
            Self::FindSubjects | Self::ReadFacts | Self::ContestValue => &[
                (With(Role::Owner), Organisation),
                (With(Role::Clerk), Organisation),
                (With(Role::Officer), Any),
            ],
            Self::RecordFacts => &[
                (With(Role::Owner), Organisation),
                (With(Role::Clerk), Organisation),
                (With(Role::Officer), Department),
            ],
            Self::AnswerContest
            | Self::ImportFacts
            | Self::WithdrawImport
            | Self::LinkSubject
            | Self::MergeSubjects
            | Self::RankSources
            | Self::EraseSubject
            | Self::HoldSubject => &[(With(Role::Officer), Department)],
            Self::ExportSubject => &[(With(Role::Owner), Organisation), (With(Role::Officer), Department)],
            Self::NameDepartment => &[(With(Role::SecurityAdministrator), Any)],
            Self::ReadAudit | Self::ExportAudit | Self::PruneAudit | Self::EraseAudit => {
                &[(With(Role::Auditor), Any)]
            }
            Self::ImportPolicies => &[(With(Role::Publisher), Any)],
            Self::DecideEligibility => &[
                (With(Role::Owner), Organisation),
                (With(Role::Clerk), Organisation),
                (With(Role::Officer), Any),
            ],
            Self::RunEligibility | Self::SimulateDraft | Self::SweepNumber => {
                &[(With(Role::Officer), Any), (With(Role::Publisher), Any)]
            }
            Self::ReadDecision => &[
                (With(Role::Owner), Organisation),
                (With(Role::Clerk), Organisation),
                (With(Role::Officer), Any),
                (With(Role::Auditor), Any),
            ],
        }
    }

    /// With which scope a token may do it; `None`: no token may.
    pub fn scope(self) -> Option<Scope> {
        match self {
            Self::FindSubjects | Self::ReadFacts | Self::DecideEligibility => Some(Scope::Read),
            Self::RecordFacts => Some(Scope::WriteFacts),
            // Nothing in identity or in the audit is for programs.
            _ => None,
        }
    }
}

/// What a record belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Record {
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// The organisation that it is of.
    pub organisation: Option<OrganisationId>,
    /// The departments that answer for it.
    pub departments: [Option<OrganisationId>; 2],
}

impl Record {
    /// Of the platform as a whole.
    pub const PLATFORM: Self = Self { account: None, organisation: None, departments: [None; 2] };

    /// About an account.
    pub fn of_account(account: AccountId) -> Self {
        Self { account: Some(account), ..Self::PLATFORM }
    }

    /// Of an organisation.
    pub fn of_organisation(organisation: OrganisationId) -> Self {
        Self { organisation: Some(organisation), ..Self::PLATFORM }
    }

    /// For which departments answer: the one that is nearest to it, and the one that stands in for all.
    pub fn of_departments(nearest: Option<OrganisationId>, office: Option<OrganisationId>) -> Self {
        Self { departments: [nearest, office], ..Self::PLATFORM }
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
    /// What was handed in cannot be understood, with everything that is wrong and where.
    Unreadable(Vec<ReadProblem>),
    /// The code or number is already somebody's.
    Taken,
    /// Two subjects belong to different organisations.
    Linked,
    /// A reason is needed.
    Reason,
    /// A legal hold stands.
    Hold,
    /// What was decided on is no longer what holds.
    Moved,
    /// Something was changed on both sides.
    Conflict,
    /// What is asked cannot follow from how far the record has come.
    WrongState,
    /// Some of it may not be shown to whoever asks, and it is given whole or not at all.
    Withheld,
    /// Rows are bad, and all or nothing was asked for; or all of them are bad.
    BadRows,
    /// The same was imported on that day.
    AlreadyImported(facts::Date),
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
            Self::Unreadable(_) => "unreadable",
            Self::Taken => "taken",
            Self::Linked => "linked",
            Self::Reason => "reason",
            Self::Hold => "hold",
            Self::Moved => "moved",
            Self::Conflict => "conflict",
            Self::WrongState => "wrong-state",
            Self::BadRows => "bad-rows",
            Self::Withheld => "withheld",
            Self::AlreadyImported(_) => "already-imported",
        }
    }

    /// As a person reads it: what happened, and what to do next.
    pub fn message(&self) -> Text {
        let (zh, en) = match self {
            Self::AlreadyImported(day) => {
                return Text {
                    zh: format!(
                        "同一文件已于 {day} 按相同的列含义和来源导入,未重复导入。如需重新导入,请先撤回那一批。"
                    ),
                    en: format!(
                        "The same file was imported on {day} with the same meaning and source, and is not imported twice. Withdraw that batch first if you want to import it anew."
                    ),
                };
            }
            Self::WrongState => (
                "记录当前的状态不允许此操作。请刷新后查看它的状态。",
                "The record has come too far, or not far enough, for this. Reload and look at its state.",
            ),
            Self::BadRows => (
                "有不能导入的行,因此没有导入任何内容。请改正文件后重新上传,或选择只导入无误的行。",
                "Some rows cannot be imported, so nothing was. Correct the file and upload it again, or choose good rows only.",
            ),
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
            Self::Unreadable(_) => (
                "提交的内容有不能理解的地方,全部没有记入。请按所列位置逐处改正后重新提交。",
                "Something handed in cannot be understood, and nothing was recorded. Correct each listed place and hand it in again.",
            ),
            Self::Taken => (
                "该代码已登记在另一个主体名下。请先查找该主体;如为重复登记,请合并。",
                "That code is already another subject's. Find that subject first; if it is a duplicate, merge the two.",
            ),
            Self::Linked => (
                "两个主体关联了不同的机构,不能合并。如确为同一主体,请先解除其中一个的关联。",
                "The two subjects belong to different organisations and cannot be merged. If they are one, unlink one of them first.",
            ),
            Self::Reason => ("请写明理由(不超过 2000 字)。", "Give a reason, of at most 2,000 characters."),
            Self::Hold => (
                "该主体的信息依法须留存,目前不能删除。请待留存解除后再办理。",
                "What is held about this subject must be kept by law and cannot be erased now. Try again once the hold is lifted.",
            ),
            Self::Withheld => (
                "其中有您无权查看的数值,因此不能整份取出。可请所属企业或来源部门取出,或在系统中重放。",
                "It holds values that you may not see, so it cannot be taken out whole. Its own people or the department of the source can take it out; or replay it here.",
            ),
            Self::Moved => ("内容已有变化,请重新查看后提交。", "It changed since you looked; look again."),
            Self::Conflict => (
                "两边都有修改,均未覆盖。请合并后重新提交。",
                "Both sides changed it; neither was overwritten. Merge them first.",
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
            Relation::Department => record.departments.iter().flatten().any(|it| holds(Some(*it))),
        };
        if is_related {
            return Ok(());
        }
    }
    Err(if has_elsewhere { Refusal::NotThere } else { Refusal::Forbidden })
}
