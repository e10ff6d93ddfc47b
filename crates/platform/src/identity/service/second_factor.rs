//! Second factors: one-time codes of an app, and recovery codes for the day on which the telephone is gone.

use serde_json::json;

use super::super::Refusal;
use super::super::model::AccountId;
use super::super::sql::{self, Account};
use super::super::totp::{SECRET_BYTES, accepted_step, base32};
use super::super::workflow::{Failures, Stage};
use super::sign_in::locked_failures;
use super::{Answer, Secret, Session, about, lock_account, refused};
use crate::ground::{Caller, Fault, Ground, Verb};

/// How many recovery codes somebody gets.
const RECOVERY_CODES: usize = 10;

/// Bytes of chance in one: fifty bits are written, as ten digits of base 32.
const RECOVERY_BYTES: usize = 7;
const RECOVERY_DIGITS: usize = 10;

/// What an authenticator app needs to know. It is shown once.
pub struct Enrolment {
    /// The secret, to be typed.
    pub secret: String,
    /// The same as an address, to be shown as a square code.
    pub uri: String,
}

/// Purpose under which an account's secret is sealed: of another account it does not open.
fn purpose(account: AccountId) -> String {
    format!("totp {account}")
}

/// Begins to set up a second factor: makes a secret, which is worth nothing until a code of it was given back.
pub async fn enrol_totp(ground: &Ground, caller: &Caller, session: &Session) -> Answer<Enrolment> {
    const WHAT: &str = "identity.enrol-second-factor";
    let mut verb = ground.begin(&session.caller(caller)).await?;
    let Some(mut account) = locked_account(&mut verb, session).await? else {
        return refused(verb, WHAT, Refusal::NotThere).await;
    };
    if account.totp_is_confirmed || session.stage == Stage::ChangePassword {
        return refused(verb, WHAT, Refusal::NothingToDo).await;
    }
    let secret: [u8; SECRET_BYTES] = ground.chance().bytes();
    account.totp_secret = Some(ground.keys().seal(&purpose(account.id), &secret, ground.chance()));
    sql::update_account(verb.write(), &account).await?;
    verb.record(WHAT, about(account.id), None, None);
    verb.commit().await?;
    let secret = base32(&secret);
    let uri = format!("otpauth://totp/zhimei:{}?secret={secret}&issuer=zhimei", percent(&account.login));
    Ok(Ok(Enrolment { secret, uri }))
}

/// Ends setting up: the app gives the right code. The recovery codes, shown once, and the session's new secret.
pub async fn confirm_totp(
    ground: &Ground,
    caller: &Caller,
    session: &Session,
    code: &str,
) -> Answer<(Secret, Vec<String>)> {
    let mut verb = ground.begin(&session.caller(caller)).await?;
    let Some(mut account) = accept_code(&mut verb, session, code, false).await? else {
        return Ok(Err(fail(verb, session).await?));
    };
    account.totp_is_confirmed = true;
    sql::update_account(verb.write(), &account).await?;
    let codes: Vec<String> = (0..RECOVERY_CODES)
        .map(|_| {
            let digits = base32(&ground.chance().bytes::<RECOVERY_BYTES>()).to_lowercase();
            format!("{}-{}", &digits[..RECOVERY_DIGITS / 2], &digits[RECOVERY_DIGITS / 2..RECOVERY_DIGITS])
        })
        .collect();
    let digests: Vec<[u8; 32]> = codes.iter().map(|code| recovery_digest(ground, account.id, code)).collect();
    sql::set_recovery_codes(verb.write(), account.id, &digests).await?;
    let secret = renew(&mut verb, session).await?;
    verb.record("identity.confirm-second-factor", about(account.id), None, None);
    verb.commit().await?;
    Ok(Ok((secret, codes)))
}

/// Gives the code that is wanted after the password. The session's new secret.
pub async fn use_totp(ground: &Ground, caller: &Caller, session: &Session, code: &str) -> Answer<Secret> {
    let mut verb = ground.begin(&session.caller(caller)).await?;
    let Some(account) = accept_code(&mut verb, session, code, true).await? else {
        return Ok(Err(fail(verb, session).await?));
    };
    sql::update_account(verb.write(), &account).await?;
    let secret = renew(&mut verb, session).await?;
    verb.record("identity.use-second-factor", about(account.id), None, None);
    verb.commit().await?;
    Ok(Ok(secret))
}

/// Gives a recovery code instead. It works once. The session's new secret.
pub async fn use_recovery_code(
    ground: &Ground,
    caller: &Caller,
    session: &Session,
    code: &str,
) -> Answer<Secret> {
    let mut verb = ground.begin(&session.caller(caller)).await?;
    let now = verb.now();
    let failures = locked_failures(&mut verb, failures_digest(ground, session.account)).await?;
    let account = locked_account(&mut verb, session).await?.filter(|account| account.totp_is_confirmed);
    let is_right = match account {
        Some(account) if !failures.must_wait(now) => {
            let digest = recovery_digest(ground, account.id, code);
            sql::use_recovery_code(verb.write(), account.id, digest).await?
        }
        _ => false,
    };
    if !is_right {
        return Ok(Err(fail(verb, session).await?));
    }
    sql::set_failures(verb.write(), failures_digest(ground, session.account), Failures::NONE).await?;
    let secret = renew(&mut verb, session).await?;
    verb.record("identity.use-recovery-code", about(session.account), None, None);
    verb.commit().await?;
    Ok(Ok(secret))
}

async fn locked_account(verb: &mut Verb, session: &Session) -> Result<Option<Account>, Fault> {
    lock_account(verb, session.account).await?;
    Ok(sql::account(verb.write(), session.account).await?.filter(|account| !account.is_disabled))
}

/// The account with the code's step noted, if the code is right, new, and nobody must wait.
async fn accept_code(
    verb: &mut Verb,
    session: &Session,
    code: &str,
    is_confirmed: bool,
) -> Result<Option<Account>, Fault> {
    let (now, ground) = (verb.now(), verb.ground().clone());
    let digest = failures_digest(&ground, session.account);
    let failures = locked_failures(verb, digest).await?;
    let account = locked_account(verb, session).await?;
    let Some(mut account) = account.filter(|account| account.totp_is_confirmed == is_confirmed) else {
        return Ok(None);
    };
    let secret =
        account.totp_secret.as_ref().and_then(|sealed| ground.keys().open(&purpose(account.id), sealed));
    let step = secret.and_then(|secret| accepted_step(&secret, code, now, account.totp_step));
    let Some(step) = step.filter(|_| !failures.must_wait(now)) else {
        return Ok(None);
    };
    account.totp_step = step;
    sql::set_failures(verb.write(), digest, Failures::NONE).await?;
    Ok(Some(account))
}

/// Counts a failure of the account; who has its password is the only one who can.
async fn fail(mut verb: Verb, session: &Session) -> Result<Refusal, Fault> {
    let (now, digest) = (verb.now(), failures_digest(verb.ground(), session.account));
    let failures = sql::failures(verb.write(), digest).await?;
    sql::set_failures(verb.write(), digest, failures.and_one(now)).await?;
    verb.record("identity.second-factor-failed", about(session.account), None, Some(json!({})));
    verb.commit().await?;
    Ok(Refusal::Code)
}

async fn renew(verb: &mut Verb, session: &Session) -> Result<Secret, Fault> {
    let secret = Secret::new("", &verb.ground().clone());
    sql::renew_session(verb.write(), session.id, secret.digest()).await?;
    Ok(secret)
}

fn failures_digest(ground: &Ground, account: AccountId) -> [u8; 32] {
    ground.keys().digest("second-factor", &[&account.to_string()])
}

/// Codes are read without regard to case and dashes. Fifty bits can be guessed from a plain digest, so it is a keyed one.
fn recovery_digest(ground: &Ground, account: AccountId, code: &str) -> [u8; 32] {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    ground.keys().digest("recovery-code", &[&account.to_string(), &code.to_lowercase()])
}

/// With every byte but letters and digits as `%` and its number.
fn percent(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric();
    text.bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
