//! The server, started as an operator starts it: in an empty folder, beside another, with settings that make no sense.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command};
use std::time::Duration;

use super::support::Folder;

/// A server that is stopped in the end.
pub struct Server {
    child: Child,
    err: BufReader<ChildStderr>,
    address: String,
    greeting: Vec<String>,
}

impl Server {
    /// Starts one on any port and waits until it listens.
    pub fn start(folder: &Folder, arguments: &[&str]) -> Self {
        let all = [&["--lang", "en", "serve", "--listen", "127.0.0.1:0"], arguments].concat();
        let mut child = folder.command(&all).spawn().expect("the program starts");
        let mut err = BufReader::new(child.stderr.take().expect("it has a standard error"));
        let mut greeting = Vec::new();
        loop {
            let mut line = String::new();
            let length = err.read_line(&mut line).expect("it writes UTF-8");
            assert!(length > 0, "it ended: {greeting:?}");
            let listening = line.contains("\"listening\"");
            greeting.push(line);
            if listening {
                break;
            }
        }
        let up = greeting.iter().find_map(|line| line.strip_prefix("Zhimei is up: http://"));
        let address = up.and_then(|rest| rest.split(' ').next()).expect("it says where it is").to_owned();
        Self { child, err, address, greeting }
    }

    /// Status and body of a request.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time can be set");
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept-Language: en\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}",
            self.address
        )
        .expect("it takes a request");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("it answers in UTF-8");
        let status =
            reply.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a reply has a status");
        let body = reply.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
        (status, body)
    }

    /// What it says of itself once its columns stand, or after ten seconds.
    pub fn when_ready(&self) -> u16 {
        for _ in 0..200 {
            if self.ask("GET", "/health/ready", "").0 == 200 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        self.ask("GET", "/health/ready", "").0
    }

    /// Gives the word to end; how it ended and what it said.
    pub fn stop(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill runs").success());
        let mut said = String::new();
        self.err.read_to_string(&mut said).expect("it writes UTF-8");
        (self.child.wait().expect("it ends").code(), said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
    }
}

#[test]
fn in_an_empty_folder_a_server_starts_answers_and_ends_with_nothing_open() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    assert!(
        server.greeting.iter().any(|line| line.contains("There is no account yet")),
        "{:?}",
        server.greeting
    );
    assert_eq!(server.when_ready(), 200);
    let (status, description) = server.ask("GET", "/api/v1/openapi.json", "");
    assert!(status == 200 && description.contains("\"openapi\": \"3.1.0\""), "{description:.200}");
    assert_eq!(server.ask("GET", "/api/browse/", "").0, 200);
    let (status, figures) = server.ask("GET", "/metrics", "");
    assert!(status == 200 && figures.contains("zhimei_requests_total"), "{figures:.300}");
    let (status, problem) =
        server.ask("POST", "/api/v1/sessions", "{\"login\": \"a\", \"password\": \"秘密\"}");
    assert!(status == 401 && problem.contains("\"code\":\"sign-in\""), "{problem}");
    let (code, said) = server.stop();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("\"stopped\""), "{said}");
    assert!(!said.contains("秘密"), "the log holds what somebody sent: {said}");
    let heads =
        std::fs::read_to_string(folder.path("zhimei-data/audit-heads.jsonl")).expect("a head was filed");
    assert_eq!(heads.lines().count(), 1);
    let mut names: Vec<String> = std::fs::read_dir(folder.path("zhimei-data"))
        .expect("the data folder is there")
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["audit-heads.jsonl", "keys", "zhimei.db", "zhimei.db.lock"],
        "the database stands alone"
    );
}

#[test]
fn a_second_server_on_the_same_data_is_refused_and_the_first_goes_on() {
    let folder = Folder::new();
    let first = Server::start(&folder, &[]);
    let second = folder.run(&["--lang", "en", "serve", "--listen", "127.0.0.1:0"]).ends_with(2);
    assert!(second.err.contains("Another process is using"), "{}", second.err);
    let same_port =
        folder.run(&["--lang", "en", "serve", "--data", "other", "--listen", &first.address]).ends_with(2);
    assert!(
        same_port.err.contains("cannot listen on") && same_port.err.contains("--listen"),
        "{}",
        same_port.err
    );
    assert!(!folder.path("other").exists(), "whoever cannot listen leaves no data behind");
    assert_eq!(first.ask("GET", "/health/live", "").0, 200);
    assert_eq!(first.stop().0, Some(0));
}

#[test]
fn keys_that_are_gone_are_asked_for_and_never_made_anew() {
    let folder = Folder::new();
    Server::start(&folder, &[]).stop();
    std::fs::rename(folder.path("zhimei-data/keys"), folder.path("kept")).expect("folders can be renamed");
    let refused = folder.run(&["--lang", "en", "serve", "--listen", "127.0.0.1:0"]).ends_with(2);
    assert!(refused.err.contains("no keys in zhimei-data/keys"), "{}", refused.err);
    assert!(!folder.path("zhimei-data/keys").exists());
    std::fs::rename(folder.path("kept"), folder.path("zhimei-data/keys")).expect("folders can be renamed");
    assert_eq!(Server::start(&folder, &[]).stop().0, Some(0));
}

#[test]
fn every_setting_is_shown_with_where_it_comes_from() {
    let folder = Folder::new();
    folder.write("zhimei.toml", "log_level = \"warn\"\ndatabase = \"postgres://zhimei:secret@db/zhimei\"\n");
    let mut command = folder.command(&["--lang", "en", "config", "--json", "--behind-proxy", "10.0.0.0/8"]);
    let output = command.env("ZHIMEI_LISTEN", "0.0.0.0:80").output().expect("the program starts");
    let shown: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    let of = |name: &str| {
        let found = shown.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
        (found["value"].as_str().unwrap().to_owned(), found["origin"].as_str().unwrap().to_owned())
    };
    let pair = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    assert_eq!(of("listen"), pair("0.0.0.0:80", "ZHIMEI_LISTEN"));
    assert_eq!(of("behind_proxy"), pair("[10.0.0.0/8]", "--behind-proxy"));
    assert_eq!(of("log_format"), pair("json", "usual"));
    assert_eq!(of("costly_requests_a_minute"), pair("60", "usual"));
    let (database, origin) = of("database");
    assert_eq!(database, "postgres://zhimei:…@db/zhimei");
    assert!(origin.ends_with("zhimei.toml"), "{origin}");
    assert_eq!(output.status.code(), Some(0));

    let open = folder.run(&["--lang", "en", "config", "--listen", "0.0.0.0:80"]).ends_with(2);
    assert!(open.err.contains("the setting listen (from --listen) is wrong"), "{}", open.err);
    folder.write("zhimei.toml", "log_levle = \"warn\"\n");
    let mistyped = folder.run(&["--lang", "en", "config"]).ends_with(2);
    assert!(mistyped.err.contains("log_levle"), "{}", mistyped.err);
}
