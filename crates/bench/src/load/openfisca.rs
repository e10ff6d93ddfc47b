//! The OpenFisca web API: its country template bare, and with a generated extension that has as many boolean formulas as the
//! library has conditions.

use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value, json};

use super::{Question, Row, Spans, closed_loop, http};

/// The name of the generated package.
const EXTENSION: &str = "zhimei_load";

const MONTH: &str = "2017-01";

/// What the person of the request earns.
const SALARY: u32 = 2_500;

/// How long the server may take to start; it reads every formula.
const START_MAX: Duration = Duration::from_secs(120);

/// A server that is stopped in the end.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its workers end with it: they are told by the same signal that a terminal would send.
        let id = self.child.id().to_string();
        drop(Command::new("kill").args(["-TERM", &id]).status());
        drop(self.child.wait());
    }
}

/// The rows of OpenFisca, or why there are none.
pub fn rows(python: Result<&Path, &str>, folder: &Path, conditions: usize, spans: Spans) -> Vec<Row> {
    let of = |name, formulas: usize| {
        let measured = match python {
            Ok(python) => measure(python, folder, formulas, spans).map_err(|error| format!("{error:#}")),
            Err(why) => Err(why.to_owned()),
        };
        let what = match formulas {
            0 => "country template, one tax asked for".to_owned(),
            count => format!("country template and {count} generated boolean formulas, all asked for"),
        };
        Row { name, form: what, points: measured }
    };
    vec![of("openfisca", conditions), of("openfisca-bare", 0)]
}

fn measure(python: &Path, folder: &Path, formulas: usize, spans: Spans) -> Result<Vec<super::Point>> {
    write_extension(folder, formulas)?;
    let server = start(python, folder, formulas > 0)?;
    let expected = expected(formulas);
    let is_right = |body: &[u8]| {
        let answer: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        for (name, value) in &expected {
            let told = &answer["persons"]["one"][name][MONTH];
            if told != value {
                return Err(format!("{name} is {told} instead of {value}"));
            }
        }
        Ok(())
    };
    let question = Question {
        address: server.address.clone(),
        request: http::post(&server.address, "/calculate", &request(formulas)),
        is_right: &is_right,
    };
    closed_loop::measure(&question, spans)
}

/// How a formula is called.
fn name(formula: usize) -> String {
    format!("zhimei_condition_{formula}")
}

/// Thresholds lie around the salary, so that about half of the formulas hold.
fn threshold(formula: usize) -> u32 {
    u32::try_from(formula).unwrap_or(u32::MAX) % (2 * SALARY)
}

fn holds(formula: usize) -> bool {
    let bound = threshold(formula);
    if formula.is_multiple_of(2) { SALARY >= bound } else { SALARY >= bound && SALARY < 2 * bound }
}

/// One comparison, or two with "and", as the conditions of a policy are.
fn write_extension(folder: &Path, formulas: usize) -> Result<()> {
    let package = folder.join(EXTENSION);
    std::fs::create_dir_all(&package)?;
    std::fs::write(package.join("__init__.py"), "")?;
    let mut text = String::from(
        "from openfisca_core.periods import MONTH\nfrom openfisca_core.variables import Variable\nfrom openfisca_country_template.entities import Person\n",
    );
    for formula in 0..formulas {
        let (name, bound) = (name(formula), threshold(formula));
        let rule = if formula.is_multiple_of(2) {
            format!("salary >= {bound}")
        } else {
            format!("(salary >= {bound}) * (salary < {})", 2 * bound)
        };
        write!(
            text,
            "\n\nclass {name}(Variable):\n    value_type = bool\n    entity = Person\n    definition_period = MONTH\n    label = \"{name}\"\n\n    def formula(person, period):\n        salary = person(\"salary\", period)\n        return {rule}\n"
        )?;
    }
    std::fs::write(package.join("variables.py"), text)?;
    Ok(())
}

fn request(formulas: usize) -> String {
    let mut person = Map::new();
    person.insert("salary".to_owned(), json!({ MONTH: SALARY }));
    for formula in 0..formulas {
        person.insert(name(formula), json!({ MONTH: null }));
    }
    if formulas == 0 {
        person.insert("income_tax".to_owned(), json!({ MONTH: null }));
    }
    json!({ "persons": { "one": person }, "households": { "h": { "adults": ["one"] } } }).to_string()
}

/// What must be answered. The template's income tax is 15 % of the salary.
fn expected(formulas: usize) -> Vec<(String, Value)> {
    if formulas == 0 {
        return vec![("income_tax".to_owned(), json!(f64::from(SALARY) * 0.15))];
    }
    (0..formulas).map(|formula| (name(formula), json!(holds(formula)))).collect()
}

#[allow(clippy::disallowed_methods, reason = "how long a server takes to start is bounded")]
fn start(python: &Path, folder: &Path, has_extension: bool) -> Result<Server> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let program = python.with_file_name("openfisca");
    let mut command = Command::new(&program);
    command.args(["serve", "--country-package", "openfisca_country_template"]);
    if has_extension {
        command.args(["--extensions", EXTENSION]);
    }
    command.args(["--port", &port.to_string(), "--workers", &cores.to_string()]);
    command.current_dir(folder).env("PYTHONPATH", folder);
    let log: PathBuf = folder.join("openfisca.log");
    let file = std::fs::File::create(&log)?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let child = command.spawn().with_context(|| format!("starting {}", program.display()))?;
    let mut server = Server { child, address: format!("127.0.0.1:{port}") };
    let began = Instant::now();
    while TcpStream::connect(&server.address).is_err() {
        if let Some(status) = server.child.try_wait()? {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            bail!("it ended with {status}: {}", said.lines().last().unwrap_or_default());
        }
        if began.elapsed() > START_MAX {
            bail!("it did not start within {} s", START_MAX.as_secs());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(server)
}
