//! Roles, links, tokens, refusals, and the table of rights as a whole.

use super::*;

store::on_both_databases!(schema;
    no_person_holds_two_of_the_three_roles,
    roles_fit_their_organisation_and_nobody_grants_to_themselves,
    a_colleague_joins_by_a_link_with_an_account_or_without,
    a_token_is_recognised_limited_and_dies_with_its_membership,
    refusals_are_recorded_and_the_chain_verifies,
    no_secret_stands_in_the_database,
);

async fn no_person_holds_two_of_the_three_roles(test: TestStore) {
    let world = World::new(test).await;
    let office = world.organisation(OrganisationKind::Department).await;
    let system = world.system.account;
    assert_eq!(world.grant(system, office, Role::Auditor).await.unwrap_err(), Refusal::Separation);
    // A second account of the same person does not help, in either order.
    let second = world.account("second").await;
    let link = async |one, two| link_person(&world, &visitor(), &world.security, one, two).await.unwrap();
    link(system, second).await.unwrap();
    assert_eq!(link(system, second).await.unwrap_err(), Refusal::NothingToDo);
    assert_eq!(world.grant(second, office, Role::Auditor).await.unwrap_err(), Refusal::Separation);
    let third = world.account("third").await;
    world.grant(third, office, Role::Auditor).await.unwrap();
    assert_eq!(link(system, third).await.unwrap_err(), Refusal::Separation);
}

async fn roles_fit_their_organisation_and_nobody_grants_to_themselves(test: TestStore) {
    let world = World::new(test).await;
    let li = world.account("li").await;
    let (office, firm) = (
        world.organisation(OrganisationKind::Department).await,
        world.organisation(OrganisationKind::Enterprise).await,
    );
    assert_eq!(world.grant(li, firm, Role::Officer).await.unwrap_err(), Refusal::RoleDoesNotFit);
    assert_eq!(world.grant(li, office, Role::Owner).await.unwrap_err(), Refusal::RoleDoesNotFit);
    assert_eq!(world.grant(li, firm, Role::Partner).await.unwrap_err(), Refusal::RoleDoesNotFit);
    let own = world.grant(world.security.account, office, Role::Officer).await;
    assert_eq!(own.unwrap_err(), Refusal::Oneself);
    let membership = world.grant(li, office, Role::Officer).await.unwrap();
    assert_eq!(world.grant(li, office, Role::Officer).await.unwrap_err(), Refusal::NothingToDo);
    let by_system = grant_role(&world, &visitor(), &world.system, li, firm, Role::Clerk).await.unwrap();
    assert_eq!(by_system.unwrap_err(), Refusal::Forbidden);
    end_membership(&world, &visitor(), &world.security, membership).await.unwrap().unwrap();
    world.grant(li, office, Role::Officer).await.unwrap();
}

async fn a_colleague_joins_by_a_link_with_an_account_or_without(test: TestStore) {
    let world = World::new(test).await;
    let (owner, firm, own_membership) = world.owner("owner").await;
    let (_, other_firm, _) = world.owner("stranger").await;
    let invite = async |organisation, role| {
        invite_member(&world, &visitor(), &owner, organisation, role).await.unwrap()
    };
    assert_eq!(invite(other_firm, Role::Clerk).await.unwrap_err(), Refusal::NotThere);
    assert_eq!(invite(firm, Role::Auditor).await.unwrap_err(), Refusal::RoleDoesNotFit);

    let link = invite(firm, Role::Clerk).await.unwrap();
    let join = async |login: &str| {
        accept_as_newcomer(&world, &visitor(), &world.hasher, &link, &newcomer(login), PASSWORD)
            .await
            .unwrap()
    };
    assert_eq!(join("owner").await.unwrap_err(), Refusal::Name, "the login is taken");
    join("clerk").await.unwrap();
    assert_eq!(join("another").await.unwrap_err(), Refusal::Link);
    let signed = world.sign_in("clerk", PASSWORD, "192.0.2.1").await.unwrap();
    let clerk = principal(&world.ground, &signed.secret).await;
    assert!(clerk.is(Role::Clerk));
    let by_clerk = invite_member(&world, &visitor(), &clerk, firm, Role::Clerk).await.unwrap();
    assert_eq!(by_clerk.unwrap_err(), Refusal::Forbidden);

    let link = invite(firm, Role::Owner).await.unwrap();
    accept_as_member(&world, &visitor(), &clerk, &link).await.unwrap().unwrap();
    let end = async |membership| end_membership(&world, &visitor(), &owner, membership).await.unwrap();
    assert_eq!(end(own_membership).await.unwrap_err(), Refusal::Oneself);
    end(clerk.memberships[0].id).await.unwrap();
    let now = principal(&world.ground, &signed.secret).await;
    assert!(now.is(Role::Owner) && !now.is(Role::Clerk), "a session knows at once");
}

async fn a_token_is_recognised_limited_and_dies_with_its_membership(test: TestStore) {
    let world = World::new(test).await;
    let (owner, firm, membership) = world.owner("owner").await;
    let day = Duration::from_secs(86_400);
    let wanted =
        NewToken { name: "ERP".to_owned(), membership, scopes: BTreeSet::from([Scope::Read]), life: day };
    let make = async |wanted: NewToken| create_token(&world, &visitor(), &owner, &wanted).await.unwrap();
    let (id, secret) = make(wanted.clone()).await.unwrap();
    assert!(secret.reveal().starts_with("zhimei_"));
    assert_eq!(format!("{secret:?}"), "Secret(…)");
    let program = authenticate_token(&world, &secret).await.unwrap().unwrap();
    assert_eq!(program.memberships, owner.memberships);
    let invited = invite_member(&world, &visitor(), &program, firm, Role::Clerk).await.unwrap();
    assert_eq!(invited.unwrap_err(), Refusal::Forbidden, "a token grants nothing");
    for action in Action::ALL {
        let may = authorise(&program, *action, &Record::of_organisation(firm)).is_ok();
        assert!(!may || action.scope() == Some(Scope::Read), "{action:?}");
    }

    let foreign = NewToken { membership: world.system.memberships[0].id, ..wanted.clone() };
    assert_eq!(make(foreign).await.unwrap_err(), Refusal::NotThere);
    for beyond in [
        NewToken { life: day * 400, ..wanted.clone() },
        NewToken { life: Duration::ZERO, ..wanted.clone() },
        NewToken { scopes: BTreeSet::new(), ..wanted.clone() },
    ] {
        assert_eq!(make(beyond).await.unwrap_err(), Refusal::PastLimit);
    }
    let (_, second) = make(wanted.clone()).await.unwrap();
    assert_eq!(list_tokens(&world, &owner).await.unwrap().unwrap().len(), 2);
    end_token(&world, &visitor(), &owner, id).await.unwrap().unwrap();
    assert!(authenticate_token(&world, &secret).await.unwrap().is_none());
    assert_eq!(end_token(&world, &visitor(), &owner, id).await.unwrap().unwrap_err(), Refusal::NotThere);

    let (_, third) = make(NewToken { life: day / 2, ..wanted }).await.unwrap();
    world.ground.clock.advance(day / 2);
    assert!(authenticate_token(&world, &third).await.unwrap().is_none(), "its time is over");
    assert!(authenticate_token(&world, &second).await.unwrap().is_some());
    end_membership(&world, &visitor(), &world.security, membership).await.unwrap().unwrap();
    assert!(authenticate_token(&world, &second).await.unwrap().is_none());
}

async fn refusals_are_recorded_and_the_chain_verifies(test: TestStore) {
    let world = World::new(test).await;
    let before = world.actions().await.len();
    let refused = create_account(&world, &visitor(), &world.auditor, &login("x"), "x").await.unwrap();
    assert_eq!(refused.unwrap_err(), Refusal::Forbidden);
    let mut read = world.read().await.unwrap();
    let latest = search(&mut read, &Wanted::default(), 500).await.unwrap().remove(0);
    assert_eq!(world.actions().await.len(), before + 1);
    assert_eq!((latest.action.as_str(), latest.subject.as_str()), ("refuse", "identity.create-account"));
    assert_eq!(latest.actor, format!("account:{}", world.auditor.account));
    let key = world.keys().verifying_key();
    let verified = verify(&mut read, &FiledHeads::default(), &key).await.unwrap();
    assert_eq!((verified.finding, verified.entries), (None, before as u64 + 1));
}

async fn no_secret_stands_in_the_database(test: TestStore) {
    let world = World::new(test).await;
    let (owner, _, membership) = world.owner("owner").await;
    let wanted = NewToken {
        name: "ERP".to_owned(),
        membership,
        scopes: BTreeSet::from([Scope::Read]),
        life: Duration::from_secs(60),
    };
    let (_, token) = create_token(&world, &visitor(), &owner, &wanted).await.unwrap().unwrap();
    let session = world.sign_in("owner", PASSWORD, "192.0.2.1").await.unwrap().secret;
    if world.ground.test.store.kind() == store::Kind::Sqlite {
        let folder = std::fs::read_dir(&world.ground.test.folder).unwrap();
        let bytes: Vec<u8> = folder.flat_map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(holds("owner"), "the file was read");
        for secret in [token.reveal(), session.reveal(), PASSWORD] {
            assert!(!holds(secret));
        }
    }
}

/// Every role against every action, as a person reviews it.
#[test]
fn the_table_of_rights_is_this_one() {
    let grantees = std::iter::once(Grantee::Account).chain(Role::ALL.iter().copied().map(Grantee::Role));
    let grantees: Vec<Grantee> = grantees.collect();
    let mut table = format!("{:<32}", "action");
    for grantee in &grantees {
        let name = match grantee {
            Grantee::Account => "account",
            Grantee::Role(role) => role.as_code(),
        };
        let _ = write!(table, " {:<13}", name.replace("administrator", "admin"));
    }
    table.push_str(" token\n");
    for action in Action::ALL {
        let _ = write!(table, "{:<32}", action.as_code());
        for grantee in &grantees {
            let relation =
                action.grants().iter().find(|(granted, _)| granted == grantee).map(|(_, relation)| relation);
            let word = match relation {
                None => "-",
                Some(Relation::Own) => "own",
                Some(Relation::Organisation) => "organisation",
                Some(Relation::Department) => "department",
                Some(Relation::Any) => "any",
            };
            let _ = write!(table, " {word:<13}");
        }
        let _ = writeln!(table, " {}", action.scope().map_or("-", Scope::as_code));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn codes_are_read_as_they_are_written() {
    for role in Role::ALL {
        assert_eq!(Role::parse_code(role.as_code()), Some(*role));
    }
    for kind in OrganisationKind::ALL {
        assert_eq!(OrganisationKind::parse_code(kind.as_code()), Some(*kind));
        assert!(!kind.name().zh.is_empty() && !kind.name().en.is_empty());
    }
    assert_eq!(OrganisationKind::ALL.len(), 14);
    assert_eq!(login(" Ｌi.Wei@示例 ").as_str(), "li.wei@示例");
    for wrong in ["", "a b", "a;b", &"a".repeat(65)] {
        assert!(Login::parse(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn both_databases_end_with_the_same_tables() {
    let mut descriptions = Vec::new();
    for kind in [store::Kind::Sqlite, store::Kind::Postgres] {
        run(kind, &schema(), async |test: TestStore| descriptions.push(described(&test.store).await));
    }
    assert!(descriptions.iter().all(|description| *description == descriptions[0]), "{descriptions:#?}");
}
