//! Asking the provider: over encrypted connections with the system's certificates, within a time and a size, following nobody.

use std::io;
use std::time::Duration;

use axum::body::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openidconnect::{HttpRequest, HttpResponse};

/// How long an answer may take.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// Most bytes of an answer.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The system has no certificates to trust.
    #[error("the system's certificates cannot be read: {0}")]
    Certificates(#[source] io::Error),
    /// Its address would send what is secret in the clear.
    #[error("the address does not begin with https://")]
    Open,
    /// It took too long.
    #[error("no answer within {} s", ANSWER_MAX.as_secs())]
    Late,
    /// The connection failed.
    #[error("no answer: {0}")]
    Away(#[source] hyper_util::client::legacy::Error),
    /// The answer broke off or is too long.
    #[error("the answer broke off, or is longer than {ANSWER_BYTES_MAX} bytes")]
    Body,
}

/// Asks over HTTP. Cloning it shares its connections.
#[derive(Clone)]
pub struct Fetch(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Fetch {
    /// With the certificates that the system trusts.
    pub fn new() -> Result<Self, FetchError> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(hyper_rustls_provider())
            .map_err(FetchError::Certificates)?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// Asks once.
    pub fn call(
        &self,
        request: HttpRequest,
    ) -> impl Future<Output = Result<HttpResponse, FetchError>> + Send + 'static {
        let client = self.0.clone();
        async move {
            if !is_private(&request.uri().to_string()) {
                return Err(FetchError::Open);
            }
            let (parts, body) = request.into_parts();
            let request = axum::http::Request::from_parts(parts, Full::new(Bytes::from(body)));
            let answered = async {
                let (parts, body) = client.request(request).await.map_err(FetchError::Away)?.into_parts();
                let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
                let body = body.map_err(|_| FetchError::Body)?.to_bytes().to_vec();
                Ok(HttpResponse::from_parts(parts, body))
            };
            tokio::time::timeout(ANSWER_MAX, answered).await.unwrap_or(Err(FetchError::Late))
        }
    }
}

fn hyper_rustls_provider() -> rustls::crypto::CryptoProvider {
    rustls::crypto::ring::default_provider()
}

/// Whether what is sent there stays between us: encrypted, or on this machine.
pub fn is_private(address: &str) -> bool {
    let own = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let on_this_machine = own.iter().any(|start| {
        address.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    });
    address.starts_with("https://") || on_this_machine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_addresses_and_this_machine_are_asked() {
        for private in ["https://id.example", "http://127.0.0.1:90/x", "http://localhost/x", "http://[::1]:1"]
        {
            assert!(is_private(private), "{private}");
        }
        for open in
            ["http://id.example", "http://localhost.example", "http://127.0.0.1.example/", "ftp://x", ""]
        {
            assert!(!is_private(open), "{open}");
        }
    }
}
