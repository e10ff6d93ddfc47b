//! Rows as they are staged: read and written out on a thread of their own, and handed over some hundred at a time, so that
//! neither the file's profiles nor its statements are ever held as a whole.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use facts::read::{CellProblem, check_credit_code, normal_id};
use facts::{Date, Vocabulary};
use tokio::sync::mpsc;

use super::super::content_of;
use super::super::model::{SubjectId, name_key};
use super::file::{self, FileKind, FileRow, Refused};
use super::mapping::Mapping;
use super::model::Problem;

/// Rows that are handed over, and staged, at once.
pub const ROWS_AT_ONCE: usize = 500;

/// Hand-overs that wait for whoever takes them.
const WAITING_MAX: usize = 4;

/// Most bytes of what is said about one subject.
const CONTENT_BYTES_MAX: usize = 256 << 10;

/// Longest name of a subject, in characters.
const NAME_CHARS_MAX: usize = 200;

/// Longest code of a project or parcel, in characters.
const CODE_CHARS_MAX: usize = 64;

/// Kinds whose code is the unified social credit code.
const WITH_CREDIT_CODE: [&str; 2] = ["enterprise", "institution"];

/// What is to be read.
#[derive(Clone)]
pub struct Reading {
    pub vocabulary: Arc<Vocabulary>,
    pub file: String,
    pub file_kind: FileKind,
    pub bytes: Arc<Vec<u8>>,
    pub subject_kind: String,
    pub mapping: Mapping,
    pub observed: Date,
}

/// How a row names its subject.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Who {
    /// By the code.
    Code(String),
    /// By the register's own id.
    Subject(SubjectId),
    /// By the name as it is compared.
    Name(String),
    /// Not at all.
    Nobody,
}

/// A row ready to be staged, if nothing is wrong with it.
pub struct Prepared {
    pub row: u64,
    pub who: Who,
    pub name: String,
    pub content: String,
    pub problems: Vec<Problem>,
}

/// What the reading thread says.
pub enum Message {
    /// The next rows.
    Rows(Vec<Prepared>),
    /// The file cannot be read.
    Refused(Refused),
    /// There are no more rows.
    End,
}

/// Begins to read. If the thread dies before it said [`Message::End`], the file has killed it.
pub fn start(reading: Reading) -> mpsc::Receiver<Message> {
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    tokio::task::spawn_blocking(move || {
        let mut maker = Maker { reading: &reading, first_rows: HashMap::new() };
        let mut waiting = Vec::with_capacity(ROWS_AT_ONCE);
        let outcome = file::each_row(
            &reading.file,
            reading.file_kind,
            &reading.bytes,
            &reading.vocabulary,
            &reading.subject_kind,
            &reading.mapping,
            &mut |row| {
                waiting.push(maker.prepare(row));
                if waiting.len() < ROWS_AT_ONCE {
                    return ControlFlow::Continue(());
                }
                let full = std::mem::replace(&mut waiting, Vec::with_capacity(ROWS_AT_ONCE));
                // Whoever took them may have enough.
                match sender.blocking_send(Message::Rows(full)) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            },
        );
        let last = match outcome {
            Ok(()) if sender.blocking_send(Message::Rows(waiting)).is_err() => return,
            Ok(()) => Message::End,
            Err(refused) => Message::Refused(refused),
        };
        // Nobody listens any more: then nobody needs to hear it.
        let _ = sender.blocking_send(last);
    });
    receiver
}

struct Maker<'r> {
    reading: &'r Reading,
    first_rows: HashMap<Who, u64>,
}

impl Maker<'_> {
    fn prepare(&mut self, read: FileRow) -> Prepared {
        let FileRow { row, profile, mut problems } = read;
        let kind = &self.reading.subject_kind;
        let mut tell = |problem: CellProblem| problems.push(Problem::new("", row, None, problem));
        if profile.kind != *kind {
            tell(other_kind());
        }
        let name = profile.name.trim().to_owned();
        if name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            tell(bad_name());
        }
        let who = who(&profile.id, &name);
        if let Some(problem) = identity_problem(&who, kind) {
            tell(problem);
        }
        if who != Who::Nobody {
            match self.first_rows.get(&who) {
                Some(first) => tell(twice(*first)),
                None => drop(self.first_rows.insert(who.clone(), row)),
            }
        }
        let content = match content_of(profile, &self.reading.vocabulary, self.reading.observed) {
            Ok(content) if content.len() > CONTENT_BYTES_MAX => {
                tell(too_much());
                String::new()
            }
            Ok(content) => content,
            Err(problem) => {
                tell(CellProblem { code: problem.code, message: problem.message, help: problem.help });
                String::new()
            }
        };
        // A code that fails its checks was told in its cell, and again where the row is looked at.
        let mut seen = false;
        problems.retain(|problem| problem.code != "E0074" || !std::mem::replace(&mut seen, true));
        Prepared { row, who, name, content, problems }
    }
}

fn who(id: &str, name: &str) -> Who {
    if let Some(subject) = SubjectId::parse(id.trim()) {
        return Who::Subject(subject);
    }
    match (normal_id(id), name_key(name)) {
        (code, _) if !code.is_empty() => Who::Code(code),
        (_, name) if !name.is_empty() => Who::Name(name),
        _ => Who::Nobody,
    }
}

fn identity_problem(who: &Who, kind: &str) -> Option<CellProblem> {
    match who {
        Who::Code(code) if WITH_CREDIT_CODE.contains(&kind) => check_credit_code(code).err(),
        Who::Code(_) if kind == "person" => {
            let problem = CellProblem::new(
                "E0070",
                "个人不按证件号码登记",
                "people are not registered by numbers of identity papers",
            );
            Some(problem.with_help("填写本系统的主体编号", "give the register's own id"))
        }
        Who::Code(code) if code.chars().count() > CODE_CHARS_MAX || code.chars().any(char::is_control) => {
            Some(CellProblem::new("E0070", "编号不超过 64 个字符", "a code has at most 64 characters"))
        }
        Who::Nobody => {
            let problem =
                CellProblem::new("E0070", "这一行没有写是谁", "this row does not say who it is about");
            Some(
                problem
                    .with_help("填写代码或名称,或删去这一行", "give the code or the name, or delete the row"),
            )
        }
        _ => None,
    }
}

fn other_kind() -> CellProblem {
    let (zh, en) = ("主体类别与这一批的不同", "the kind is another than the batch's");
    CellProblem::new("E0069", zh, en).with_help("分成几个文件导入", "import it in a file of its own")
}

fn bad_name() -> CellProblem {
    let (zh, en) = ("名称过长或含有控制字符", "the name is too long or has control characters");
    CellProblem::new("E0070", zh, en).with_help("名称不超过 200 个字符", "a name has at most 200 characters")
}

fn twice(first: u64) -> CellProblem {
    CellProblem::new(
        "E0073",
        format!("这个主体在第 {first} 行已经有了"),
        format!("this subject already stands in row {first}"),
    )
    .with_help("一个主体一行,请合并或删去", "one row a subject: join them, or delete one")
}

fn too_much() -> CellProblem {
    let (zh, en) = ("一行的内容太大,最多 256 KiB", "the row says too much; at most 256 KiB");
    CellProblem::new("E0070", zh, en).with_help("分成几个文件导入", "import it in several files")
}
