//! Who may come in, as a table.

use super::*;
use crate::rooms::row::Visibility;

/// What each kind of door says: link, open, friends, invite.
type Answers = [Result<(), Code>; 4];

fn row(visibility: Visibility, guests: bool, host: UserId) -> RoomRow {
    let at = Timestamp::from_millis(1);
    RoomRow::of_account(RoomId::new(), host, visibility, guests, at)
}

#[test]
fn who_may_come_in_is_as_the_table_says() {
    use Code::{Forbidden, InviteNeeded, LoginNeeded, RoomGone};
    use Visibility::{Friends, Invite, Link, Open};

    let (host, other) = (UserId::new(), UserId::new());
    let nothing = Ties::default;
    let friend = || Ties { friends: true, ..nothing() };
    let admitted = || Ties { admitted: true, ..nothing() };
    let invited = || Ties { invited: true, ..nothing() };
    let banned = || Ties { banned: true, friends: true, invited: true, ..nothing() };
    let blocked = || Ties { blocked: true, blocks: true, friends: true, admitted: true, ..nothing() };
    let blocks = || Ties { blocks: true, ..admitted() };
    let leaving = || Ties { leaving: true, ..admitted() };
    let table: Vec<(&str, Option<UserId>, Ties, Answers)> = vec![
        ("the host", Some(host), nothing(), [Ok(()); 4]),
        ("the host, whatever else", Some(host), banned(), [Ok(()); 4]),
        ("a stranger", Some(other), nothing(), [Ok(()), Ok(()), Err(InviteNeeded), Err(InviteNeeded)]),
        ("a friend", Some(other), friend(), [Ok(()), Ok(()), Ok(()), Err(InviteNeeded)]),
        ("somebody admitted", Some(other), admitted(), [Ok(()); 4]),
        ("somebody invited", Some(other), invited(), [Ok(()); 4]),
        ("somebody banned", Some(other), banned(), [Err(Forbidden); 4]),
        ("whom the host has blocked", Some(other), blocked(), [Err(RoomGone); 4]),
        ("who has blocked the host", Some(other), blocks(), [Err(Forbidden); 4]),
        ("a friend of somebody who leaves", Some(other), leaving(), [Err(RoomGone); 4]),
        ("a guest", None, nothing(), [Ok(()), Ok(()), Err(InviteNeeded), Err(InviteNeeded)]),
        ("a guest with an invitation", None, invited(), [Ok(()); 4]),
    ];
    for (who, user, ties, expected) in table {
        for (visibility, expected) in [Link, Open, Friends, Invite].into_iter().zip(expected) {
            let room = row(visibility, true, host);
            let door = Door { room, host: None, user, pass: Pass::default(), ties: ties.clone() };
            assert_eq!(door.enter(), expected, "{who}, {visibility:?}");
            let room = row(visibility, false, host);
            let door = Door { room, host: None, user, pass: Pass::default(), ties: ties.clone() };
            let expected = if user.is_none() { Err(LoginNeeded) } else { expected };
            assert_eq!(door.enter(), expected, "{who}, {visibility:?}, no guests");
        }
    }
}

#[test]
fn the_host_key_makes_a_host_of_anybody() {
    let room = row(Visibility::Invite, false, UserId::new());
    let door = Door { room, host: None, user: None, pass: Pass::default(), ties: Ties::default() };
    assert!(!door.is_host());
    let door = door.with_host_key();
    assert!(door.is_host() && door.enter().is_ok());
}
