//! As much of HTTP/1.1 as a load needs: one connection that stays open, one request at a time.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

/// How long an answer may take before the measurement is given up.
const ANSWER_MAX: Duration = Duration::from_secs(120);

/// Longest body that is taken in.
const BODY_BYTES_MAX: usize = 64 << 20;

/// A connection that stays open; where the server closes it after an answer, it is opened anew for the next, as any client
/// would have to.
pub struct Connection {
    address: String,
    reader: BufReader<TcpStream>,
    is_closed: bool,
}

impl Connection {
    /// To that address.
    pub fn open(address: &str) -> Result<Self> {
        Ok(Self { address: address.to_owned(), reader: reader(address)?, is_closed: false })
    }

    /// Sends a request and takes in the answer: its status, and its body into `body`.
    pub fn ask(&mut self, request: &[u8], body: &mut Vec<u8>) -> Result<u16> {
        if self.is_closed {
            (self.reader, self.is_closed) = (reader(&self.address)?, false);
        }
        self.reader.get_mut().write_all(request)?;
        let mut line = String::new();
        self.reader.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.with_context(|| format!("no status in {line:?}"))?;
        let (mut length, mut is_chunked) = (0_usize, false);
        loop {
            line.clear();
            if self.reader.read_line(&mut line)? == 0 {
                bail!("the answer broke off");
            }
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse()?,
                "connection" => self.is_closed = value.trim().eq_ignore_ascii_case("close"),
                "transfer-encoding" => is_chunked = value.trim().eq_ignore_ascii_case("chunked"),
                _ => {}
            }
        }
        body.clear();
        if is_chunked {
            self.chunks(body)?
        } else {
            self.exactly(length, body)?
        }
        Ok(status)
    }

    fn exactly(&mut self, length: usize, body: &mut Vec<u8>) -> Result<()> {
        if body.len() + length > BODY_BYTES_MAX {
            bail!("an answer of more than {BODY_BYTES_MAX} bytes");
        }
        let from = body.len();
        body.resize(from + length, 0);
        self.reader.read_exact(&mut body[from..])?;
        Ok(())
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> Result<()> {
        let mut line = String::new();
        loop {
            line.clear();
            self.reader.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim().split(';').next().unwrap_or_default(), 16)?;
            self.exactly(length, body)?;
            self.reader.read_line(&mut line)?;
            if length == 0 {
                return Ok(());
            }
        }
    }
}

fn reader(address: &str) -> Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address).with_context(|| format!("connecting to {address}"))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(ANSWER_MAX))?;
    Ok(BufReader::with_capacity(64 << 10, stream))
}

/// A `GET` without a body, as it goes over the line.
pub fn get(address: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes()
}

/// A `POST` of JSON, whole.
pub fn post(address: &str, path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn answers_by_length_and_in_chunks_are_taken_in_one_after_another() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = std::thread::spawn(move || {
            let mut asked = [0; 1_024];
            let (mut stream, _) = listener.accept().unwrap();
            for answer in [
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
                "HTTP/1.1 404 Not Found\r\nConnection: close\r\ncontent-length: 0\r\n\r\n",
            ] {
                assert!(stream.read(&mut asked).unwrap() > 0);
                stream.write_all(answer.as_bytes()).unwrap();
            }
            let (mut stream, _) = listener.accept().unwrap();
            assert!(stream.read(&mut asked).unwrap() > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").unwrap();
        });
        let mut connection = Connection::open(&address).unwrap();
        let mut body = Vec::new();
        let mut ask = || {
            let status = connection.ask(&post(&address, "/", "{}"), &mut body).unwrap();
            (status, String::from_utf8(body.clone()).unwrap())
        };
        assert_eq!(ask(), (200, "hello".to_owned()));
        assert_eq!(ask(), (201, "abcde".to_owned()));
        assert_eq!(ask(), (404, String::new()));
        assert_eq!(ask(), (200, "ok".to_owned()), "over a new connection");
        server.join().unwrap();
    }
}
