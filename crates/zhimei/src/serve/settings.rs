//! Settings: what there is, what holds where nothing is said, and where each value comes from.
//!
//! A flag counts more than the environment, the environment more than the file, the file more than what is usual.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use anyhow::Result;
use clap::Args;
use figment::providers::{Env, Format as _, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider as Source};
use ipnet::IpNet;
use platform::ground::chain::Algorithm;
use platform::identity::oidc::{Provider, ProviderSettings};
use platform::web::{Limits, Proxies, Site};
use serde::{Deserialize, Serialize};
use store::Location;

use crate::context::Context;
use crate::problem::Problem;

/// Before every variable of the environment that is a setting: `ZHIMEI_LISTEN`.
const PREFIX: &str = "ZHIMEI_";

/// Variables with that prefix that are none.
const OTHER_VARIABLES: [&str; 2] = ["LANG", "TEST_POSTGRES"];

/// The door to which a provider of OpenID Connect sends browsers back.
const CALLBACK: &str = "/api/v1/oidc/callback";

/// The file that is read where no other is named.
const FILE: &str = "zhimei.toml";

/// Flags that every command takes which works on the platform's data.
#[derive(Clone, Debug, Default, Args, Serialize)]
pub struct DataFlags {
    /// 设置文件,默认 zhimei.toml(可以没有) ¦ File of settings; zhimei.toml by default, which need not be there
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,

    /// 数据目录:数据库、密钥、链首,默认 zhimei-data ¦ Folder of data: database, keys, filed heads; zhimei-data by default
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,

    /// 数据库:SQLite 文件,或 postgres:// 开头的地址;默认是数据目录里的 zhimei.db ¦ Database: a file of SQLite, or a URL that begins with postgres://; by default zhimei.db in the folder of data
    #[arg(long, value_name = "FILE|URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
}

/// Flags of the server.
#[derive(Clone, Debug, Default, Args, Serialize)]
pub struct ServerFlags {
    #[command(flatten)]
    #[serde(flatten)]
    pub data: DataFlags,

    /// 监听地址,默认 127.0.0.1:8480 ¦ Address to listen on, 127.0.0.1:8480 by default
    #[arg(long, value_name = "IP:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,

    /// 反向代理所在网段,可重复;只有来自这些网段的 X-Forwarded-For 才算数 ¦ Network of a reverse proxy, may be repeated; only from there X-Forwarded-For counts
    #[arg(long, value_name = "CIDR")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub behind_proxy: Vec<String>,

    /// 日志格式:json(默认)或 text ¦ Format of the log: json (default) or text
    #[arg(long, value_name = "json|text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<String>,
}

/// Values as they are written, before anybody has looked whether they make sense.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    data: PathBuf,
    database: String,
    listen: String,
    behind_proxy: Vec<String>,
    log_format: String,
    log_level: String,
    audit_algorithm: String,
    metrics_from: Vec<String>,
    oidc_issuer: String,
    oidc_client: String,
    oidc_secret_file: String,
    public_address: String,
    requests_a_minute_by_address: u32,
    requests_a_minute_by_account: u32,
    costly_requests_a_minute: u32,
    checks_a_minute_by_address: u32,
    checks_open_to: Vec<String>,
}

impl Default for Written {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            data: PathBuf::from("zhimei-data"),
            database: String::new(),
            listen: "127.0.0.1:8480".to_owned(),
            behind_proxy: Vec::new(),
            log_format: "json".to_owned(),
            log_level: "info".to_owned(),
            audit_algorithm: Algorithm::Sha256.as_code().to_owned(),
            metrics_from: vec!["127.0.0.0/8".to_owned(), "::1/128".to_owned()],
            oidc_issuer: String::new(),
            oidc_client: String::new(),
            oidc_secret_file: String::new(),
            public_address: String::new(),
            requests_a_minute_by_address: limits.by_address.get(),
            requests_a_minute_by_account: limits.by_account.get(),
            costly_requests_a_minute: limits.costly.get(),
            checks_a_minute_by_address: limits.checks.get(),
            checks_open_to: Vec::new(),
        }
    }
}

/// Settings that make sense.
#[derive(Clone)]
pub struct Settings {
    /// Folder of data.
    pub data: PathBuf,
    /// Where the database is.
    pub database: Location,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Whose word about a request's origin counts.
    pub proxies: Proxies,
    /// Whether the log is for machines.
    pub log_is_json: bool,
    /// What is logged, as `tracing` filters are written.
    pub log_level: String,
    /// With what a new audit chain is made.
    pub algorithm: Algorithm,
    /// From where figures may be read.
    pub metrics_from: Vec<IpNet>,
    /// How much somebody may ask.
    pub limits: Limits,
    /// Through which people may sign in besides.
    pub provider: Option<Provider>,
    /// Sites whose pages may ask about a subject that they hand in.
    pub checks_open_to: Vec<Site>,
}

/// A setting as `zhimei config` shows it.
pub struct Shown {
    /// Its name.
    pub name: String,
    /// Its value; of a URL without what is secret in it.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a value comes from.
pub enum Origin {
    /// Nothing was said.
    Usual,
    /// A file.
    File(String),
    /// The environment.
    Variable(String),
    /// A flag.
    Flag(String),
}

/// The flags as a source of values.
struct Flags(Dict);

impl Source for Flags {
    fn metadata(&self) -> Metadata {
        Metadata::named(FLAG)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.0.clone()))
    }
}

/// How the source of values that are flags is called.
const FLAG: &str = "flag";

/// Reads the settings of all sources.
pub struct Sources {
    figment: Figment,
    written: Written,
}

impl Sources {
    /// From flags, the environment, a file, and what is usual.
    pub fn read(file: Option<&Path>, flags: &impl Serialize) -> Result<Self> {
        if let Some(file) = file.filter(|file| !file.is_file()) {
            let shown = file.display();
            return Err(Problem::new(format!("没有设置文件 {shown}"), format!("there is no file {shown}"))
                .with_help("核对路径,或去掉 --config", "check the path, or leave out --config")
                .into());
        }
        let flags = match Value::serialize(flags) {
            Ok(Value::Dict(_, dict)) => dict,
            Ok(_) => Dict::new(),
            Err(error) => return Err(misread(&error)),
        };
        let mut figment = Figment::from(Serialized::defaults(Written::default()));
        // Only the folder that one stands in is looked at, not those above it.
        if let Some(file) = file.or(Some(Path::new(FILE)).filter(|usual| usual.is_file())) {
            figment = figment.merge(Toml::file_exact(file));
        }
        let figment = figment.merge(Env::prefixed(PREFIX).ignore(&OTHER_VARIABLES)).merge(Flags(flags));
        let written: Written = figment.extract().map_err(|error| misread(&error))?;
        Ok(Self { figment, written })
    }

    /// Every setting with its value and where that comes from, in the order of their names.
    pub fn shown(&self) -> Result<Vec<Shown>> {
        let Value::Dict(_, dict) = Value::serialize(&self.written).map_err(|error| misread(&error))? else {
            return Ok(Vec::new());
        };
        let shown = dict.iter().map(|(name, value)| {
            let value = value.as_str().map_or_else(|| in_words(value), str::to_owned);
            Shown { name: name.clone(), value: without_password(&value), origin: self.origin(name) }
        });
        Ok(shown.collect())
    }

    /// Every setting with its value, for the audit; passwords are left out.
    pub fn noted(&self) -> Result<serde_json::Value> {
        let shown = self.shown()?.into_iter();
        Ok(shown
            .map(|one| (one.name, serde_json::Value::from(one.value)))
            .collect::<serde_json::Map<_, _>>()
            .into())
    }

    fn origin(&self, name: &str) -> Origin {
        let Some(metadata) = self.figment.find_metadata(name) else {
            return Origin::Usual;
        };
        if metadata.name == FLAG {
            return Origin::Flag(format!("--{}", name.replace('_', "-")));
        }
        match metadata.source.as_ref().and_then(|source| source.file_path()) {
            Some(path) => Origin::File(path.display().to_string()),
            None if metadata.name.contains("environment") => {
                Origin::Variable(format!("{PREFIX}{}", name.to_uppercase()))
            }
            None => Origin::Usual,
        }
    }

    /// The settings, if they make sense.
    pub fn settings(&self) -> Result<Settings> {
        let written = &self.written;
        let database = if written.database.is_empty() {
            Location::File(written.data.join("zhimei.db"))
        } else {
            let read = Location::from_str(&written.database);
            read.map_err(|error| self.wrong("database", &error.message().zh, &error.message().en))?
        };
        let listen: SocketAddr = self.parsed("listen", &written.listen)?;
        let proxies = Proxies(self.all_parsed("behind_proxy", &written.behind_proxy)?);
        if !listen.ip().is_loopback() && proxies.0.is_empty() {
            return Err(self.wrong(
                "listen",
                "不在本机回环地址上监听时,必须放在加密的反向代理之后,并用 --behind-proxy 写明代理所在网段",
                "to listen on any address but this machine's own, the server must stand behind a proxy that encrypts; name its network by --behind-proxy",
            ));
        }
        let log_is_json = match written.log_format.as_str() {
            "json" => true,
            "text" => false,
            _ => return Err(self.wrong("log_format", "应为 json 或 text", "it is json or text")),
        };
        let algorithm = Algorithm::parse_code(&written.audit_algorithm);
        let algorithm = algorithm
            .ok_or_else(|| self.wrong("audit_algorithm", "应为 sha256 或 sm3", "it is sha256 or sm3"))?;
        let limit = |name, number| {
            let limit = NonZeroU32::new(number);
            limit.ok_or_else(|| self.wrong(name, "应为正整数", "it is a whole number above nought"))
        };
        Ok(Settings {
            data: written.data.clone(),
            database,
            listen,
            proxies,
            log_is_json,
            log_level: written.log_level.clone(),
            algorithm,
            metrics_from: self.all_parsed("metrics_from", &written.metrics_from)?,
            provider: self.provider()?,
            limits: Limits {
                by_address: limit("requests_a_minute_by_address", written.requests_a_minute_by_address)?,
                by_account: limit("requests_a_minute_by_account", written.requests_a_minute_by_account)?,
                costly: limit("costly_requests_a_minute", written.costly_requests_a_minute)?,
                checks: limit("checks_a_minute_by_address", written.checks_a_minute_by_address)?,
            },
            checks_open_to: self.all_parsed("checks_open_to", &written.checks_open_to)?,
        })
    }

    /// The provider of OpenID Connect, if one is named.
    fn provider(&self) -> Result<Option<Provider>> {
        let written = &self.written;
        if written.oidc_issuer.is_empty() {
            return Ok(None);
        }
        let secret = if written.oidc_secret_file.is_empty() {
            None
        } else {
            let read = std::fs::read_to_string(&written.oidc_secret_file);
            let read =
                read.map_err(|error| self.wrong("oidc_secret_file", &error.to_string(), &error.to_string()))?;
            Some(read.trim().to_owned())
        };
        let settings = ProviderSettings {
            issuer: written.oidc_issuer.clone(),
            client: written.oidc_client.clone(),
            secret,
            redirect: format!("{}{CALLBACK}", written.public_address.trim_end_matches('/')),
        };
        let made = Provider::new(settings).map_err(|text| self.wrong("oidc_issuer", &text.zh, &text.en))?;
        Ok(Some(made))
    }

    fn parsed<T: std::str::FromStr>(&self, name: &str, text: &str) -> Result<T> {
        text.parse().map_err(|_| {
            self.wrong(name, &format!("无法识别“{text}”"), &format!("“{text}” is not understood"))
        })
    }

    fn all_parsed<T: std::str::FromStr>(&self, name: &str, texts: &[String]) -> Result<Vec<T>> {
        texts.iter().map(|text| self.parsed(name, text)).collect()
    }

    fn wrong(&self, name: &str, zh: &str, en: &str) -> anyhow::Error {
        let (zh_origin, en_origin) = match self.origin(name) {
            Origin::Usual => ("默认值".to_owned(), "the usual value".to_owned()),
            Origin::File(place) | Origin::Variable(place) | Origin::Flag(place) => (place.clone(), place),
        };
        Problem::new(
            format!("设置 {name}(来自 {zh_origin})有误:{zh}"),
            format!("the setting {name} (from {en_origin}) is wrong: {en}"),
        )
        .with_help(
            "运行 zhimei config 查看全部设置及其来源",
            "zhimei config shows all settings and where they come from",
        )
        .into()
    }
}

/// A value that is no text, as it is written in the file.
fn in_words(value: &Value) -> String {
    match value {
        Value::Array(_, values) => {
            let words: Vec<String> = values
                .iter()
                .map(|value| value.as_str().map_or_else(|| in_words(value), str::to_owned))
                .collect();
            format!("[{}]", words.join(", "))
        }
        value => {
            let number = value.to_i128().map(|number| number.to_string());
            let number = number.or_else(|| value.to_u128().map(|number| number.to_string()));
            number.or_else(|| value.to_bool().map(|truth| truth.to_string())).unwrap_or_default()
        }
    }
}

/// A URL without its password.
fn without_password(text: &str) -> String {
    let parts = text.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?)));
    match parts {
        Some((scheme, (user, place))) => {
            let name = user.split(':').next().unwrap_or_default();
            let hidden = if user.contains(':') { ":…" } else { "" };
            format!("{scheme}://{name}{hidden}@{place}")
        }
        None => text.to_owned(),
    }
}

fn misread(error: &figment::Error) -> anyhow::Error {
    let place = error.path.join(".");
    let said = error.kind.to_string();
    let from = error.metadata.as_ref().map(|metadata| metadata.name.to_string()).unwrap_or_default();
    Problem::new(
        format!("设置无法读取:{place} {said}({from})"),
        format!("the settings cannot be read: {place} {said} ({from})"),
    )
    .with_help(
        "运行 zhimei config --help 查看可用的设置",
        "zhimei config --help tells the settings that there are",
    )
    .into()
}

impl Origin {
    /// As a person reads it.
    pub fn words(&self, context: &Context) -> String {
        match self {
            Self::Usual => context.say("默认", "usual").to_owned(),
            Self::File(place) | Self::Variable(place) | Self::Flag(place) => place.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(result: Result<Settings>) -> String {
        result.map(|_| String::new()).unwrap_or_else(|error| error.to_string())
    }

    fn settings(flags: &ServerFlags) -> Result<Settings> {
        Sources::read(None, flags).and_then(|sources| sources.settings())
    }

    #[test]
    fn without_a_word_the_server_is_for_its_own_machine() {
        let usual = settings(&ServerFlags::default()).unwrap();
        assert!(usual.listen.ip().is_loopback());
        assert_eq!(usual.database, Location::File(PathBuf::from("zhimei-data/zhimei.db")));
    }

    #[test]
    fn another_address_needs_a_proxy() {
        let listen = Some("0.0.0.0:8480".to_owned());
        let open = ServerFlags { listen: listen.clone(), ..ServerFlags::default() };
        let said = english(settings(&open));
        assert!(said.starts_with("the setting listen (from --listen) is wrong: to listen on any"), "{said}");
        let behind =
            ServerFlags { listen, behind_proxy: vec!["10.0.0.0/8".to_owned()], ..ServerFlags::default() };
        assert_eq!(english(settings(&behind)), "");
    }

    #[test]
    fn a_value_that_makes_no_sense_is_told_with_where_it_comes_from() {
        let flags = ServerFlags { log_format: Some("xml".to_owned()), ..ServerFlags::default() };
        assert_eq!(
            english(settings(&flags)),
            "the setting log_format (from --log-format) is wrong: it is json or text"
        );
    }

    #[test]
    fn a_password_in_a_url_is_never_shown() {
        let shown = |text: &str| without_password(text);
        assert_eq!(shown("postgres://zhimei:se@cret@db:5432/zhimei"), "postgres://zhimei:…@db:5432/zhimei");
        assert_eq!(shown("postgres://zhimei@db/zhimei"), "postgres://zhimei@db/zhimei");
        assert_eq!(shown("data/zhimei.db"), "data/zhimei.db");
    }
}
