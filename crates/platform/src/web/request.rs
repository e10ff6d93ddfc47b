//! What is known of a request before anybody is asked who they are: its number, where it comes from, in which language.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use facts::Language;
use ipnet::IpNet;

use super::Problem;
use crate::ground::{Caller, Chance, RequestId, to_hex};

/// In which a proxy, or a program that asks, gives the request's number; and in which a reply bears it.
pub(super) const REQUEST_ID: &str = "x-request-id";

/// In which a proxy tells from where a request came.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Whoever asks, not yet known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visitor {
    /// As entries name them.
    pub caller: Caller,
    /// In which language they read.
    pub language: Language,
}

/// Networks whose word about a request's origin counts. From anywhere else such words are not listened to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Proxies(pub Vec<IpNet>);

impl Proxies {
    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The address of whoever asks: the peer's, or the last one that no proxy of ours has.
    fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.has(peer) {
            return peer;
        }
        let hops = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let mut hops: Vec<&str> = hops.flat_map(|value| value.split(',')).map(str::trim).collect();
        let mut origin = peer;
        while let Some(hop) = hops.pop() {
            let Ok(address) = hop.parse() else {
                break;
            };
            origin = address;
            if !self.has(address) {
                break;
            }
        }
        origin
    }
}

impl Visitor {
    /// From what the request says of itself.
    pub(super) fn of(request: &Request, proxies: &Proxies, chance: &dyn Chance) -> Self {
        let headers = request.headers();
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let is_trusted = peer.is_some_and(|peer| proxies.has(peer));
        let given = headers.get(REQUEST_ID).filter(|_| is_trusted).and_then(|value| value.to_str().ok());
        let id = given.map(RequestId::new).filter(|id| !id.as_str().is_empty());
        let id = id.unwrap_or_else(|| RequestId::new(&to_hex(&chance.bytes::<12>())));
        let address = peer.map(|peer| proxies.origin(peer, headers).to_canonical().to_string());
        Self { caller: Caller::visitor(id, &address.unwrap_or_default()), language: language(headers) }
    }
}

/// The first of the accepted languages that we speak; Chinese for everybody else.
fn language(headers: &HeaderMap) -> Language {
    let accepted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut ranked: Vec<(f32, Language)> = accepted
        .split(',')
        .filter_map(|part| {
            let mut words = part.split(';').map(str::trim);
            let tag = words.next()?.to_ascii_lowercase();
            let quality = words.find_map(|word| word.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            match tag.split('-').next()? {
                "zh" => Some((quality, Language::Chinese)),
                "en" => Some((quality, Language::English)),
                _ => None,
            }
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.first().map_or(Language::Chinese, |(_, language)| *language)
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            Problem::new(
                axum::http::StatusCode::INTERNAL_SERVER_ERROR,
                "fault",
                "程序错误:请求没有经过外层处理。请报告给维护者。",
                "A mistake in the program: the request came past the shell. Report it to the maintainers.",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_address_is_the_last_one_that_is_not_a_proxy_and_only_a_proxy_is_believed() {
        let proxies = Proxies(vec!["10.0.0.0/8".parse().unwrap()]);
        let forged = headers(&[(FORWARDED_FOR, "1.1.1.1, 2.2.2.2, 10.0.0.7")]);
        let origin = |peer: &str| proxies.origin(peer.parse().unwrap(), &forged).to_string();
        assert_eq!(origin("10.0.0.1"), "2.2.2.2");
        assert_eq!(origin("3.3.3.3"), "3.3.3.3");
        let none = Proxies::default().origin("10.0.0.1".parse().unwrap(), &forged);
        assert_eq!(none.to_string(), "10.0.0.1");
    }

    #[test]
    fn the_language_is_the_dearest_that_we_speak_and_chinese_otherwise() {
        let spoken = |accepted: &'static str| language(&headers(&[("accept-language", accepted)]));
        assert_eq!(spoken("en-GB,en;q=0.9,zh;q=0.5"), Language::English);
        assert_eq!(spoken("fr, zh-CN;q=0.3, en;q=0.2"), Language::Chinese);
        assert_eq!(spoken("fr"), Language::Chinese);
        assert_eq!(spoken("en;q=x"), Language::English);
        assert_eq!(language(&HeaderMap::new()), Language::Chinese);
    }
}
