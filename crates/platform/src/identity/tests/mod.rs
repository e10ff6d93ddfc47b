//! Who gets in and who does not; [`rights`]: who may do what.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

mod rights;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use store::Schema;
use store::testing::{TestStore, described, run};

use super::totp::{SECRET_BYTES, code_of};
use super::*;
use crate::ground::chain::{FiledHeads, Wanted, search, verify};
use crate::ground::testing::TestGround;
use crate::ground::{Caller, RequestId};

const PASSWORD: &str = "correct horse battery";
const OTHER_PASSWORD: &str = "tr7-Kobold-Umbra";

fn schema() -> Schema {
    crate::schema()
}

store::on_both_databases!(schema;
    the_first_link_names_three_different_people_once,
    the_first_link_is_good_for_an_hour_and_until_the_next,
    a_system_is_set_up_when_all_three_can_sign_in_with_both_factors,
    unknown_wrong_disabled_and_waiting_are_one_answer_after_the_same_work,
    nobody_can_lock_somebody_else_out,
    a_code_works_once_and_a_recovery_code_too,
    a_session_ends_idle_late_revoked_or_with_its_account,
    changing_the_password_ends_the_other_sessions,
    a_reset_takes_everything_back_and_gives_one_link,
);

fn visitor() -> Caller {
    Caller::visitor(RequestId::new("r-1"), "192.0.2.1")
}

fn from(address: &str) -> Caller {
    Caller { address: address.to_owned(), ..visitor() }
}

fn login(text: &str) -> Login {
    Login::parse(text).unwrap()
}

fn newcomer(text: &str) -> Newcomer {
    Newcomer { login: login(text), name: text.to_uppercase() }
}

/// A platform with three administrators who are signed in.
struct World {
    ground: TestGround,
    hasher: Hasher,
    system: Principal,
    security: Principal,
    auditor: Principal,
}

impl std::ops::Deref for World {
    type Target = crate::ground::Ground;

    fn deref(&self) -> &Self::Target {
        &self.ground.ground
    }
}

fn cheap(ground: &TestGround) -> Hasher {
    let cost = HashingCost { memory_kib: 8, passes: 1, at_once: 2 };
    Hasher::new(cost, ground.ground.chance())
}

async fn named(ground: &TestGround) -> [Secret; 3] {
    let link = first_link(&ground.ground, &visitor()).await.unwrap().unwrap();
    let three = [newcomer("sys"), newcomer("sec"), newcomer("aud")];
    name_administrators(&ground.ground, &visitor(), &link, "高新区管委会办公室", three)
        .await
        .unwrap()
        .unwrap()
}

/// Signs in with both factors, setting up the second where there is none.
async fn entered(ground: &TestGround, hasher: &Hasher, name: &str) -> (Secret, Vec<String>) {
    let signed =
        sign_in(&ground.ground, &visitor(), hasher, name, PASSWORD, "browser").await.unwrap().unwrap();
    let session = authenticate(&ground.ground, &signed.secret).await.unwrap().unwrap();
    if signed.stage != Stage::Enrol {
        return (signed.secret, Vec::new());
    }
    let enrolment = enrol_totp(&ground.ground, &visitor(), &session).await.unwrap().unwrap();
    assert!(enrolment.uri.contains(&enrolment.secret));
    let code = code_of(&secret_of(&enrolment.secret), ground.ground.now().0 / 30_000);
    confirm_totp(&ground.ground, &visitor(), &session, &code).await.unwrap().unwrap()
}

/// Reads base 32, as an authenticator app does.
pub fn secret_of(text: &str) -> Vec<u8> {
    let digit = |c: char| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap();
    let bits: String = text.chars().fold(String::new(), |mut bits, c| {
        let _ = write!(bits, "{:05b}", digit(c));
        bits
    });
    (0..SECRET_BYTES).map(|byte| u8::from_str_radix(&bits[8 * byte..8 * byte + 8], 2).unwrap()).collect()
}

async fn principal(ground: &TestGround, secret: &Secret) -> Principal {
    authenticate(&ground.ground, secret).await.unwrap().unwrap().principal().unwrap().clone()
}

impl World {
    async fn new(test: TestStore) -> Self {
        let ground = TestGround::new(test).await;
        let hasher = cheap(&ground);
        let links = named(&ground).await;
        let mut principals = Vec::new();
        for (link, name) in links.iter().zip(["sys", "sec", "aud"]) {
            accept_link(&ground.ground, &visitor(), &hasher, link, PASSWORD).await.unwrap().unwrap();
            let (secret, _) = entered(&ground, &hasher, name).await;
            principals.push(principal(&ground, &secret).await);
        }
        let [system, security, auditor] = principals.try_into().unwrap();
        Self { ground, hasher, system, security, auditor }
    }

    /// An account without any role, with the password set.
    async fn account(&self, name: &str) -> AccountId {
        let made = create_account(self, &visitor(), &self.system, &login(name), name).await.unwrap();
        let (account, link) = made.unwrap();
        accept_link(self, &visitor(), &self.hasher, &link, PASSWORD).await.unwrap().unwrap();
        account
    }

    async fn organisation(&self, kind: OrganisationKind) -> OrganisationId {
        create_organisation(self, &visitor(), &self.system, kind, "示例").await.unwrap().unwrap()
    }

    async fn grant(
        &self,
        account: AccountId,
        organisation: OrganisationId,
        role: Role,
    ) -> Result<MembershipId, Refusal> {
        grant_role(self, &visitor(), &self.security, account, organisation, role).await.unwrap()
    }

    async fn sign_in(&self, name: &str, password: &str, address: &str) -> Result<SignedIn, Refusal> {
        sign_in(self, &from(address), &self.hasher, name, password, "browser").await.unwrap()
    }

    /// The owner of a new enterprise, signed in.
    async fn owner(&self, name: &str) -> (Principal, OrganisationId, MembershipId) {
        let (account, organisation) =
            (self.account(name).await, self.organisation(OrganisationKind::Enterprise).await);
        let membership = self.grant(account, organisation, Role::Owner).await.unwrap();
        let signed = self.sign_in(name, PASSWORD, "192.0.2.1").await.unwrap();
        (principal(&self.ground, &signed.secret).await, organisation, membership)
    }

    async fn actions(&self) -> Vec<String> {
        let mut read = self.read().await.unwrap();
        let entries = search(&mut read, &Wanted::default(), 500).await.unwrap();
        entries.into_iter().map(|entry| entry.action).collect()
    }
}

async fn the_first_link_names_three_different_people_once(test: TestStore) {
    let ground = TestGround::new(test).await;
    let link = first_link(&ground.ground, &visitor()).await.unwrap().unwrap();
    let name = async |three: [&str; 3]| {
        let three = three.map(newcomer);
        name_administrators(&ground.ground, &visitor(), &link, "办公室", three).await.unwrap()
    };
    assert_eq!(name(["a", "b", "a"]).await.unwrap_err(), Refusal::Separation);
    assert_eq!(name(["a", "b", "c"]).await.unwrap().len(), 3, "a mistake does not use the link up");
    assert_eq!(name(["d", "e", "f"]).await.unwrap_err(), Refusal::Link);
    assert!(first_link(&ground.ground, &visitor()).await.unwrap().is_none(), "there are accounts now");
}

async fn the_first_link_is_good_for_an_hour_and_until_the_next(test: TestStore) {
    let ground = TestGround::new(test).await;
    let name = async |link: &Secret| {
        let three = ["a", "b", "c"].map(newcomer);
        name_administrators(&ground.ground, &visitor(), link, "办公室", three).await.unwrap()
    };
    let first = first_link(&ground.ground, &visitor()).await.unwrap().unwrap();
    let second = first_link(&ground.ground, &visitor()).await.unwrap().unwrap();
    assert_eq!(name(&first).await.unwrap_err(), Refusal::Link, "a later start makes it void");
    ground.clock.advance(Duration::from_secs(3_600));
    assert_eq!(name(&second).await.unwrap_err(), Refusal::Link, "an hour is over");
    assert_eq!(name(&Secret::received("guess")).await.unwrap_err(), Refusal::Link);
}

async fn a_system_is_set_up_when_all_three_can_sign_in_with_both_factors(test: TestStore) {
    let ground = TestGround::new(test).await;
    let hasher = cheap(&ground);
    let links = named(&ground).await;
    for (link, name) in links.iter().zip(["sys", "sec", "aud"]) {
        assert!(!is_set_up(&ground.ground).await.unwrap());
        let weak = accept_link(&ground.ground, &visitor(), &hasher, link, "password2026").await.unwrap();
        assert_eq!(weak.unwrap_err(), Refusal::Password(WeakPassword::Leaked), "and the link stays good");
        accept_link(&ground.ground, &visitor(), &hasher, link, PASSWORD).await.unwrap().unwrap();
        let again = accept_link(&ground.ground, &visitor(), &hasher, link, PASSWORD).await.unwrap();
        assert_eq!(again.unwrap_err(), Refusal::Link);
        let signed = sign_in(&ground.ground, &visitor(), &hasher, name, PASSWORD, "").await.unwrap().unwrap();
        assert_eq!(signed.stage, Stage::Enrol, "staff need a second factor");
        let session = authenticate(&ground.ground, &signed.secret).await.unwrap().unwrap();
        assert!(session.principal().is_none(), "and may do nothing before");
        let (secret, codes) = entered(&ground, &hasher, name).await;
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 10);
        assert!(
            principal(&ground, &secret)
                .await
                .is(Role::SEPARATE[["sys", "sec", "aud"].iter().position(|it| *it == name).unwrap()])
        );
    }
    assert!(is_set_up(&ground.ground).await.unwrap());
}

async fn unknown_wrong_disabled_and_waiting_are_one_answer_after_the_same_work(test: TestStore) {
    let world = World::new(test).await;
    let disabled = world.account("disabled").await;
    disable_account(&world, &visitor(), &world.system, disabled).await.unwrap().unwrap();
    world.account("waiting").await;
    for _ in 0..5 {
        world.sign_in("waiting", "wrong password", "192.0.2.9").await.unwrap_err();
    }
    for (name, password) in [
        ("nobody", PASSWORD),
        ("sys", "wrong password"),
        ("disabled", PASSWORD),
        ("waiting", PASSWORD),
        ("no such sign ;", "x"),
    ] {
        let (hashed, entries) = (world.hasher.done(), world.actions().await.len());
        let refused = world.sign_in(name, password, "192.0.2.9").await.unwrap_err();
        assert_eq!(refused, Refusal::SignIn, "{name}");
        assert_eq!(world.hasher.done() - hashed, 1, "{name}");
        assert_eq!(world.actions().await.len() - entries, 1, "{name}");
    }
}

async fn nobody_can_lock_somebody_else_out(test: TestStore) {
    let world = World::new(test).await;
    world.account("victim").await;
    for _ in 0..20 {
        world.sign_in("victim", "wrong password", "203.0.113.66").await.unwrap_err();
    }
    assert!(world.sign_in("victim", PASSWORD, "203.0.113.66").await.is_err(), "who guesses waits");
    assert!(world.sign_in("victim", PASSWORD, "192.0.2.1").await.is_ok(), "who is somewhere else does not");
    world.ground.clock.advance(Duration::from_secs(15 * 60));
    assert!(world.sign_in("VICTIM ", PASSWORD, "203.0.113.66").await.is_ok(), "and waiting ends");
}

async fn a_code_works_once_and_a_recovery_code_too(test: TestStore) {
    let ground = TestGround::new(test).await;
    let hasher = cheap(&ground);
    let links = named(&ground).await;
    accept_link(&ground.ground, &visitor(), &hasher, &links[0], PASSWORD).await.unwrap().unwrap();
    let enter = async || {
        let signed =
            sign_in(&ground.ground, &visitor(), &hasher, "sys", PASSWORD, "").await.unwrap().unwrap();
        (authenticate(&ground.ground, &signed.secret).await.unwrap().unwrap(), signed)
    };
    let (session, signed) = enter().await;
    let enrolment = enrol_totp(&ground.ground, &visitor(), &session).await.unwrap().unwrap();
    let code = || code_of(&secret_of(&enrolment.secret), ground.ground.now().0 / 30_000);
    assert!(confirm_totp(&ground.ground, &visitor(), &session, "000000").await.unwrap().is_err());
    let confirmed = confirm_totp(&ground.ground, &visitor(), &session, &code()).await.unwrap();
    let (secret, codes) = confirmed.unwrap();
    assert!(authenticate(&ground.ground, &signed.secret).await.unwrap().is_none(), "the secret was renewed");
    assert!(principal(&ground, &secret).await.is(Role::SystemAdministrator));

    let (session, signed) = enter().await;
    assert_eq!(signed.stage, Stage::SecondFactor);
    assert!(session.principal().is_none());
    let used = use_totp(&ground.ground, &visitor(), &session, &code()).await.unwrap();
    assert_eq!(used.unwrap_err(), Refusal::Code, "it was used to confirm");
    ground.clock.advance(Duration::from_secs(30));
    let secret = use_totp(&ground.ground, &visitor(), &session, &code()).await.unwrap().unwrap();
    assert!(principal(&ground, &secret).await.is(Role::SystemAdministrator));

    let (session, _) = enter().await;
    let recover =
        async |code: &str| use_recovery_code(&ground.ground, &visitor(), &session, code).await.unwrap();
    assert_eq!(recover("aaaaa-aaaaa").await.unwrap_err(), Refusal::Code);
    assert!(recover(&codes[3].to_uppercase()).await.is_ok());
    assert_eq!(recover(&codes[3]).await.unwrap_err(), Refusal::Code);
    for _ in 0..5 {
        recover("aaaaa-aaaaa").await.unwrap_err();
    }
    assert_eq!(recover(&codes[4]).await.unwrap_err(), Refusal::Code, "who guesses waits");
}

async fn a_session_ends_idle_late_revoked_or_with_its_account(test: TestStore) {
    let world = World::new(test).await;
    let account = world.account("li").await;
    let enter = async || world.sign_in("li", PASSWORD, "192.0.2.1").await.unwrap().secret;
    let lives = async |secret: &Secret| authenticate(&world, secret).await.unwrap().is_some();
    let hours = |count: u64| world.ground.clock.advance(Duration::from_secs(count * 3_600));

    let idle = enter().await;
    hours(1);
    assert!(lives(&idle).await);
    hours(1);
    assert!(lives(&idle).await, "a sign of life counts");
    hours(2);
    assert!(!lives(&idle).await);

    let late = enter().await;
    for _ in 0..11 {
        hours(1);
        assert!(lives(&late).await);
    }
    hours(1);
    assert!(!lives(&late).await, "twelve hours are the most");

    let (one, other) = (enter().await, enter().await);
    let me = principal(&world.ground, &one).await;
    let listed = list_sessions(&world, &me).await.unwrap().unwrap();
    assert_eq!((listed.len(), listed.iter().filter(|session| session.is_this).count()), (2, 1));
    let not_this = listed.iter().find(|session| !session.is_this).unwrap().id;
    end_session(&world, &visitor(), &me, not_this).await.unwrap().unwrap();
    assert!(lives(&one).await && !lives(&other).await);
    let stranger = end_session(&world, &visitor(), &world.auditor, listed[0].id).await.unwrap();
    assert_eq!(stranger.unwrap_err(), Refusal::NotThere, "nobody ends the session of another");

    disable_account(&world, &visitor(), &world.system, account).await.unwrap().unwrap();
    assert!(!lives(&one).await);
}

async fn changing_the_password_ends_the_other_sessions(test: TestStore) {
    let world = World::new(test).await;
    world.account("li").await;
    let (one, other) = (
        world.sign_in("li", PASSWORD, "192.0.2.1").await.unwrap().secret,
        world.sign_in("li", PASSWORD, "192.0.2.2").await.unwrap().secret,
    );
    let session = authenticate(&world, &one).await.unwrap().unwrap();
    let change = async |old: &str, new: &str| {
        change_password(&world, &visitor(), &world.hasher, &session, old, new).await.unwrap()
    };
    assert_eq!(change("wrong password", OTHER_PASSWORD).await.unwrap_err(), Refusal::SignIn);
    assert_eq!(change(PASSWORD, "short").await.unwrap_err(), Refusal::Password(WeakPassword::Short));
    assert_eq!(change(PASSWORD, PASSWORD).await.unwrap_err(), Refusal::NothingToDo);
    change(PASSWORD, OTHER_PASSWORD).await.unwrap();
    assert!(authenticate(&world, &one).await.unwrap().is_some());
    assert!(authenticate(&world, &other).await.unwrap().is_none());
    assert!(world.sign_in("li", PASSWORD, "192.0.2.1").await.is_err());
    assert!(world.sign_in("li", OTHER_PASSWORD, "192.0.2.1").await.is_ok());
}

async fn a_reset_takes_everything_back_and_gives_one_link(test: TestStore) {
    let world = World::new(test).await;
    let reset = async |by: &Principal, account| reset_account(&world, &visitor(), by, account).await.unwrap();
    let own = reset(&world.system, world.system.account).await;
    assert_eq!(own.unwrap_err(), Refusal::Oneself);
    assert_eq!(reset(&world.security, world.auditor.account).await.unwrap_err(), Refusal::Forbidden);
    let link = reset(&world.system, world.auditor.account).await.unwrap();
    assert!(world.sign_in("aud", PASSWORD, "192.0.2.1").await.is_err());
    assert!(!is_set_up(&world).await.unwrap());
    accept_link(&world, &visitor(), &world.hasher, &link, OTHER_PASSWORD).await.unwrap().unwrap();
    let signed = world.sign_in("aud", OTHER_PASSWORD, "192.0.2.1").await.unwrap();
    assert_eq!(signed.stage, Stage::Enrol, "the second factor is set up anew");
}
