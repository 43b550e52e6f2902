//! Who may touch what: every route that names a thing, asked by its owner, another person, somebody whom the owner has
//! blocked, and nobody. The routes come from the API's description; one without a row here fails.

use reqwest::Method;
use serde_json::{Value, json};

use super::client::house;
use super::description::{description, operations};
use super::things::{Thing, cast, make};

/// Owner, other, blocked, nobody.
type Answers = [u16; 4];

const NONE: &str = "01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e";

/// The table: operation, what its path names, body, answers.
fn table() -> Vec<(&'static str, Thing, Value, Answers)> {
    let no = Value::Null;
    vec![
        // Profiles are for everybody but those who are blocked.
        ("fetchUser", Thing::Owner, no.clone(), [200, 200, 404, 200]),
        ("listFollowers", Thing::Owner, no.clone(), [200, 200, 404, 401]),
        ("listFollowing", Thing::Owner, no.clone(), [200, 200, 404, 401]),
        ("listFriendsOf", Thing::Owner, no.clone(), [200, 200, 404, 401]),
        // What is said in public is for everybody but those who are blocked, and changed by who said it.
        ("listComments", Thing::Post, no.clone(), [200, 200, 404, 200]),
        ("createComment", Thing::Post, json!({ "body": "text" }), [201, 201, 404, 401]),
        ("fetchComment", Thing::Comment, no.clone(), [200, 200, 404, 200]),
        ("listReplies", Thing::Comment, no.clone(), [200, 200, 404, 200]),
        ("editComment", Thing::Comment, json!({ "body": "text" }), [200, 403, 404, 401]),
        ("deleteComment", Thing::Comment, no.clone(), [204, 403, 404, 401]),
        // What is for staff, of whom there is nobody here.
        ("closeReport", Thing::Text(NONE), json!({ "status": "upheld" }), [404, 404, 404, 401]),
        ("takeDownReported", Thing::Text(NONE), json!({}), [404, 404, 404, 401]),
        ("actOnUser", Thing::Owner, json!({ "action": "unsuspend" }), [404, 404, 404, 401]),
        ("deleteTag", Thing::Text(NONE), no.clone(), [404, 404, 404, 401]),
        // What one does oneself to the owner: the rows made are one's own.
        ("followUser", Thing::Owner, no.clone(), [409, 204, 404, 401]),
        ("unfollowUser", Thing::Owner, no.clone(), [409, 204, 404, 401]),
        ("blockUser", Thing::Owner, no.clone(), [409, 204, 404, 401]),
        ("unblockUser", Thing::Owner, no.clone(), [409, 204, 404, 401]),
        ("unfriendUser", Thing::Friend, no.clone(), [204, 204, 204, 401]),
        // What is the owner's alone.
        ("answerFriendRequest", Thing::Asked, json!({ "status": "accepted" }), [200, 404, 404, 401]),
        ("withdrawFriendRequest", Thing::Asking, no.clone(), [204, 404, 404, 401]),
        ("changeNotification", Thing::Notice, json!({ "read": true }), [200, 404, 404, 401]),
        ("fetchUpload", Thing::Upload, no.clone(), [200, 404, 404, 401]),
        ("deleteUpload", Thing::Upload, no.clone(), [204, 404, 404, 401]),
        ("fetchExport", Thing::Export, no.clone(), [200, 404, 404, 401]),
        ("downloadExport", Thing::Export, no.clone(), [404, 404, 404, 401]),
        ("endSession", Thing::Log, no.clone(), [204, 404, 404, 401]),
        ("fetchGeneration", Thing::Generation, no.clone(), [200, 404, 404, 401]),
        ("followGeneration", Thing::Generation, no.clone(), [200, 404, 404, 401]),
        ("cancelGeneration", Thing::Generation, no.clone(), [204, 404, 404, 401]),
        ("deleteStill", Thing::Still, no.clone(), [204, 404, 404, 401]),
        ("answerStill", Thing::Still, json!({ "given": true }), [200, 404, 404, 401]),
        ("editMessage", Thing::Line, json!({ "text": "x" }), [200, 404, 404, 401]),
        ("deleteMessage", Thing::Line, no.clone(), [204, 404, 404, 401]),
        ("fetchCall", Thing::Call, no.clone(), [200, 404, 404, 401]),
        ("answerCall", Thing::Call, json!({ "status": "declined" }), [200, 404, 404, 401]),
        // A public post is for everybody but those who are blocked; its author alone changes it.
        ("fetchPost", Thing::Post, no.clone(), [200, 200, 404, 200]),
        ("editPost", Thing::Post, json!({ "title": "Other" }), [200, 403, 404, 401]),
        ("deletePost", Thing::Post, no.clone(), [204, 403, 404, 401]),
        ("restorePost", Thing::Post, no.clone(), [200, 403, 404, 401]),
        ("tagPost", Thing::Post, no.clone(), [204, 403, 404, 401]),
        ("untagPost", Thing::Post, no.clone(), [204, 403, 404, 401]),
        ("likePost", Thing::Post, no.clone(), [204, 204, 404, 401]),
        ("unlikePost", Thing::Post, no.clone(), [204, 204, 404, 401]),
        ("bookmarkPost", Thing::Post, no.clone(), [204, 204, 404, 401]),
        ("unbookmarkPost", Thing::Post, no.clone(), [204, 204, 404, 401]),
        ("listPostsOf", Thing::Owner, no.clone(), [200, 200, 404, 200]),
        ("listTagged", Thing::Text("rain"), no.clone(), [200, 200, 200, 200]),
        // A public playlist is for everybody but those who are blocked; its owner alone changes it.
        ("fetchPlaylist", Thing::Playlist, no.clone(), [200, 200, 404, 200]),
        ("listPlaylistSongs", Thing::Playlist, no.clone(), [200, 200, 404, 200]),
        ("editPlaylist", Thing::Playlist, json!({ "title": "Other" }), [200, 403, 404, 401]),
        ("deletePlaylist", Thing::Playlist, no.clone(), [204, 403, 404, 401]),
        ("restorePlaylist", Thing::Playlist, no.clone(), [200, 403, 404, 401]),
        ("addPlaylistSongs", Thing::Playlist, json!({ "songs": ["x"] }), [200, 403, 404, 401]),
        ("removePlaylistSong", Thing::Entry, no.clone(), [204, 403, 404, 401]),
        ("movePlaylistSong", Thing::Playlist, json!({ "entry": NONE, "after": null }), [422, 403, 404, 401]),
        ("bookmarkPlaylist", Thing::Playlist, no.clone(), [204, 204, 404, 401]),
        ("unbookmarkPlaylist", Thing::Playlist, no.clone(), [204, 204, 404, 401]),
        ("createPlaylistComment", Thing::Playlist, json!({ "body": "text" }), [201, 201, 404, 401]),
        ("replaceCover", Thing::Playlist, no.clone(), [415, 403, 404, 401]),
        ("redrawCover", Thing::Playlist, no.clone(), [200, 403, 404, 401]),
        ("listPlaylistsOf", Thing::Owner, no.clone(), [200, 200, 404, 200]),
        ("listPlaylistsLikedBy", Thing::Owner, no.clone(), [200, 200, 404, 200]),
        // A private one is nobody else's, whatever they ask of it.
        ("listPlaylistComments", Thing::Secret, no.clone(), [200, 404, 404, 404]),
        ("likePlaylist", Thing::Secret, no.clone(), [204, 404, 404, 401]),
        ("unlikePlaylist", Thing::Secret, no.clone(), [204, 404, 404, 401]),
        // Songs are no secret.
        ("fetchSong", Thing::Song, no.clone(), [200, 200, 200, 200]),
        ("findVideo", Thing::Text(NONE), no.clone(), [404, 404, 404, 401]),
        // Whether a name is free is no secret.
        ("checkNickname", Thing::Text("somebody"), no.clone(), [200, 200, 200, 200]),
        // Whoever has the address may look.
        ("fetchPicture", Thing::Picture, no.clone(), [200, 200, 200, 200]),
        ("showRoom", Thing::Room, no.clone(), [200, 200, 200, 200]),
        // A room's address is known to whoever was given it, except to those who are blocked; it is changed by its host.
        ("setSoundtrack", Thing::Hosted, json!({ "playlist_id": null }), [204, 403, 404, 401]),
        ("changeRoom", Thing::Hosted, json!({ "title": "Tea" }), [200, 403, 404, 401]),
        ("deleteRoom", Thing::Hosted, no.clone(), [204, 403, 404, 401]),
        ("joinRoom", Thing::Hosted, json!({}), [200, 403, 404, 403]),
        ("leaveRoom", Thing::Hosted, no.clone(), [204, 204, 204, 401]),
        ("removeMember", Thing::Member, no.clone(), [204, 403, 404, 401]),
        ("listBans", Thing::Hosted, no.clone(), [200, 403, 404, 401]),
        ("unbanMember", Thing::Member, no.clone(), [204, 403, 404, 401]),
        ("createInvite", Thing::Hosted, json!({}), [201, 403, 404, 401]),
        ("listInvites", Thing::Hosted, no.clone(), [200, 403, 404, 401]),
        ("revokeInvite", Thing::Invite, no.clone(), [204, 403, 404, 401]),
        ("knockOnRoom", Thing::Hosted, no.clone(), [409, 201, 404, 401]),
        ("listKnocks", Thing::Hosted, no.clone(), [200, 403, 404, 401]),
        ("answerKnock", Thing::Knock, json!({ "status": "admitted" }), [200, 404, 404, 401]),
        ("showInvite", Thing::Token, no.clone(), [200, 200, 404, 200]),
        // The path names a kind of thing, and the thing is the asker's own.
        ("fetchConsent", Thing::Text("expression"), no.clone(), [404, 404, 404, 401]),
        ("decideConsent", Thing::Text("expression"), json!({ "granted": true, "version": "1" }), [200, 200, 200, 401]),
        ("linkProvider", Thing::Text("nobody"), no.clone(), [404, 404, 404, 401]),
        ("unlinkProvider", Thing::Text("nobody"), no.clone(), [404, 404, 404, 401]),
        // A proof other than a log-in is needed: a host key, a signature, a code, a token.
        ("showCode", Thing::Text(NONE), json!({ "code": "000000" }), [403, 403, 403, 403]),
        ("resetPassword", Thing::Text("wrong"), json!({ "password": "violet-kettle-27-harbor" }), [403, 403, 403, 403]),
        ("beginProviderLogin", Thing::Text("nobody"), no.clone(), [404, 404, 404, 404]),
        ("endProviderLogin", Thing::Text("nobody?state=x&code=x"), no.clone(), [404, 404, 404, 404]),
        ("listMessages", Thing::Room, no.clone(), [403, 403, 403, 401]),
        ("createStill", Thing::Room, json!({}), [403, 403, 403, 401]),
        ("showStill", Thing::Text("x.png?expires=1&signature=x"), no.clone(), [403, 403, 403, 403]),
    ]
}

/// A path below `/api/v1` with its braces filled in their order; a value of several parts has `|` between them.
fn filled(path: &str, value: &str) -> String {
    let mut parts = value.split('|').map(str::to_owned);
    let pieces = path.trim_start_matches("/api/v1").split(['{', '}']).enumerate();
    let mut part = |name: &str| parts.next().unwrap_or_else(|| format!("{{{name}}}"));
    pieces.map(|(n, piece)| if n % 2 == 1 { part(piece) } else { piece.to_owned() }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_names_a_thing_answers_each_asker_as_the_table_says() {
    let house = house().await;
    let cast = cast(&house).await;
    let table = table();
    let names = ["its owner", "another", "one who is blocked", "nobody"];
    let mut wrong = Vec::new();
    let description = description();
    for operation in operations(&description).iter().filter(|one| one.path.contains('{')) {
        let Some((_, thing, body, answers)) = table.iter().find(|(id, ..)| *id == operation.id) else {
            wrong.push(format!("{} {}: {} has no row in the table", operation.method, operation.path, operation.id));
            continue;
        };
        let method: Method = operation.method.parse().expect("a method");
        for ((asker, name), expected) in cast.askers.iter().zip(names).zip(answers) {
            let value = make(&house, &cast, *thing).await;
            let path = filled(&operation.path, &value);
            let body = (!body.is_null()).then(|| body.clone());
            let answer = house.ask(asker.as_ref(), method.clone(), &path, body).await;
            let status = answer.status().as_u16();
            if status != *expected {
                let text = answer.text().await.unwrap_or_default();
                wrong.push(format!("{} by {name}: {status} instead of {expected}: {text}", operation.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    house.stop().await;
}

/// A thing that is not there and one that is another's answer alike, so that nobody learns which identifiers exist.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_answers_like_what_is_not_there() {
    let house = house().await;
    let cast = cast(&house).await;
    let description = description();
    let operations = operations(&description);
    let private = table().into_iter().filter(|(.., answers)| answers[1] == 404 && answers[0] < 300);
    for (id, thing, body, _) in private {
        let Some(operation) = operations.iter().find(|one| one.id == id) else { continue };
        let method: Method = operation.method.parse().expect("a method");
        let mut answers = Vec::new();
        let real = make(&house, &cast, thing).await;
        let missing = real.rsplit_once('|').map_or(NONE.to_owned(), |(whole, _)| format!("{whole}|{NONE}"));
        for value in [real, missing] {
            let body = (!body.is_null()).then(|| body.clone());
            let path = filled(&operation.path, &value);
            let answer = house.ask(cast.askers[1].as_ref(), method.clone(), &path, body).await;
            let mut problem: Value = answer.json().await.expect("a problem");
            problem["instance"] = Value::Null;
            answers.push(problem);
        }
        assert_eq!(answers[0], answers[1], "{id}");
    }
    house.stop().await;
}
