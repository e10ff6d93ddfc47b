//! Signing in through a provider of OpenID Connect: the code flow with PKCE, and what comes back verified.
//!
//! The provider says who somebody is, never what they may do here: its subject is linked to an account by whoever has that
//! account, and staff give their second factor as always.
//!
//! INVARIANT: what must come back with the browser (state, nonce, verifier) is sealed in a cookie and good for ten minutes;
//! nothing of it is kept here.

mod fetch;

use std::sync::Arc;
use std::time::Duration;

use facts::Text;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreIdTokenVerifier, CoreProviderMetadata};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::ground::{Ground, Moment, to_hex};

/// How long signing in at the provider may take.
const JOURNEY_GOOD: Duration = Duration::from_secs(10 * 60);

/// How long what the provider says of itself is believed.
const METADATA_GOOD: Duration = Duration::from_secs(60 * 60);

/// For what the journey is sealed.
const PURPOSE: &str = "a journey to the provider of OpenID Connect";

/// What the operator says of the provider.
#[derive(Clone)]
pub struct ProviderSettings {
    /// Its issuer, an address that begins with https.
    pub issuer: String,
    /// Who we are there.
    pub client: String,
    /// What proves that.
    pub secret: Option<String>,
    /// Where browsers come back to: our own address with the path of the door.
    pub redirect: String,
}

/// A provider that people may sign in through. Cloning it shares it.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    settings: ProviderSettings,
    fetch: fetch::Fetch,
    metadata: Mutex<Option<(Moment, CoreProviderMetadata)>>,
}

/// Why somebody could not be known through the provider.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The provider does not answer, or not as it should.
    #[error("the provider cannot be used: {0}")]
    Provider(String),
    /// What came back is not what was sent out, too late, or not for us.
    #[error("what came back is not good: {0}")]
    Journey(String),
}

/// What must come back with the browser.
#[derive(Serialize, Deserialize)]
struct Journey {
    state: String,
    nonce: String,
    verifier: String,
    until_ms: i64,
    /// The account that is to be linked, if it is not for signing in.
    links: Option<String>,
}

/// Where to send a browser, and the sealed word that it carries.
pub struct Departure {
    /// The provider's address.
    pub address: String,
    /// The value of the cookie.
    pub sealed: String,
}

/// Who came back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrival {
    /// Of which provider.
    pub issuer: String,
    /// Who they are there.
    pub subject: String,
    /// The account that is to be linked, if it is not for signing in.
    pub links: Option<String>,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// Of these settings; nothing is asked of it yet. `Err` names what makes no sense.
    pub fn new(settings: ProviderSettings) -> Result<Self, Text> {
        let wrong = |zh: &str, en: &str| Text { zh: zh.to_owned(), en: en.to_owned() };
        if !fetch::is_private(&settings.issuer) || !fetch::is_private(&settings.redirect) {
            return Err(wrong(
                "OpenID Connect 的地址必须以 https:// 开头",
                "addresses of OpenID Connect begin with https://",
            ));
        }
        let are_addresses = IssuerUrl::new(settings.issuer.clone()).is_ok()
            && RedirectUrl::new(settings.redirect.clone()).is_ok()
            && !settings.client.is_empty();
        if !are_addresses {
            return Err(wrong(
                "OpenID Connect 的 issuer、client 或 redirect 有误",
                "issuer, client or redirect of OpenID Connect make no sense",
            ));
        }
        let fetch = fetch::Fetch::new().map_err(|error| wrong(&error.to_string(), &error.to_string()))?;
        Ok(Self(Arc::new(Inner { settings, fetch, metadata: Mutex::new(None) })))
    }

    /// The issuer.
    pub fn issuer(&self) -> &str {
        &self.0.settings.issuer
    }

    /// Sends a browser out.
    pub async fn depart(&self, ground: &Ground, links: Option<String>) -> Result<Departure, OidcError> {
        let word = || to_hex(&ground.chance().bytes::<32>());
        let journey = Journey {
            state: word(),
            nonce: word(),
            verifier: word(),
            until_ms: ground.now().plus(JOURNEY_GOOD).0,
            links,
        };
        let client = self.client(ground).await?;
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(journey.verifier.clone()));
        let (state, nonce) = (journey.state.clone(), journey.nonce.clone());
        let (address, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .set_pkce_challenge(challenge)
            .url();
        let plain = serde_json::to_vec(&journey).expect("text and a number are plain JSON");
        let sealed = to_hex(&ground.keys().seal(PURPOSE, &plain, ground.chance()));
        Ok(Departure { address: address.to_string(), sealed })
    }

    /// Takes in a browser that came back with a state and a code.
    pub async fn arrive(
        &self,
        ground: &Ground,
        sealed: &str,
        state: &str,
        code: &str,
    ) -> Result<Arrival, OidcError> {
        let journey = opened(ground, sealed)
            .filter(|journey| journey.until_ms > ground.now().0)
            .filter(|journey| journey.state == state)
            .ok_or_else(|| OidcError::Journey("it is none of ours, or too late".to_owned()))?;
        let client = self.client(ground).await?;
        let fetch = |request| self.0.fetch.call(request);
        let tokens = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| OidcError::Provider(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(journey.verifier))
            .request_async(&fetch)
            .await
            .map_err(|error| OidcError::Journey(error.to_string()))?;
        let token = tokens.id_token().ok_or_else(|| OidcError::Provider("it gave no identity".to_owned()))?;
        let now = ground.now();
        let verifier: CoreIdTokenVerifier<'_> =
            client.id_token_verifier().set_time_fn(move || chrono_of(now));
        let refused = |error: &dyn std::fmt::Display| OidcError::Journey(error.to_string());
        let claims = token.claims(&verifier, &Nonce::new(journey.nonce)).map_err(|error| refused(&error))?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|error| refused(&error))?;
            let key = token.signing_key(&verifier).map_err(|error| refused(&error))?;
            let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key)
                .map_err(|error| refused(&error))?;
            if actual != *expected {
                return Err(OidcError::Journey("the access token is another's".to_owned()));
            }
        }
        Ok(Arrival {
            issuer: self.issuer().to_owned(),
            subject: claims.subject().to_string(),
            links: journey.links,
        })
    }

    async fn client(&self, ground: &Ground) -> Result<Client, OidcError> {
        let settings = &self.0.settings;
        let mut kept = self.0.metadata.lock().await;
        let is_fresh = kept.as_ref().is_some_and(|(since, _)| ground.now().since(*since) < METADATA_GOOD);
        if !is_fresh {
            let issuer = IssuerUrl::new(settings.issuer.clone())
                .map_err(|error| OidcError::Provider(error.to_string()))?;
            let fetch = |request| self.0.fetch.call(request);
            let found = CoreProviderMetadata::discover_async(issuer, &fetch).await;
            *kept = Some((ground.now(), found.map_err(|error| OidcError::Provider(error.to_string()))?));
        }
        let Some((_, metadata)) = &*kept else {
            return Err(OidcError::Provider("it says nothing of itself".to_owned()));
        };
        let redirect = RedirectUrl::new(settings.redirect.clone())
            .map_err(|error| OidcError::Provider(error.to_string()))?;
        let secret = settings.secret.clone().map(ClientSecret::new);
        let client = ClientId::new(settings.client.clone());
        Ok(CoreClient::from_provider_metadata(metadata.clone(), client, secret).set_redirect_uri(redirect))
    }
}

fn opened(ground: &Ground, sealed: &str) -> Option<Journey> {
    let bytes = crate::ground::bytes_of_hex(sealed)?;
    serde_json::from_slice(&ground.keys().open(PURPOSE, &bytes)?).ok()
}

/// The moment in the type that the library computes with.
fn chrono_of(now: Moment) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_millis(now.0).unwrap_or_default()
}
