//! Reading English: words in their usual forms, what is denied, what is wanted.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::english_words::{Token, forms, squeezed, tokens};
use super::lexicon::{Concept, ENGLISH, Hit, words};

/// Words that may stand between the words of a phrase.
const SMALL: &[&str] = &[
    "a", "an", "the", "my", "me", "your", "our", "his", "her", "their", "this", "that", "so", "very", "really", "too",
    "just", "of", "to", "it", "all", "some", "been", "is", "am", "be", "was", "pretty", "feeling", "i", "poor",
    "little", "actually", "finally", "already", "even", "kind",
];
const DENY: &[&str] = &[
    "not", "no", "never", "without", "dont", "doesnt", "isnt", "arent", "aint", "wasnt", "werent", "didnt", "wont",
    "cant", "couldnt", "wouldnt", "havent", "hasnt", "hadnt", "amnt", "nothing", "neither", "nor", "hardly", "barely",
    "less", "stop", "avoid", "hate", "instead", "anti", "non", "nope", "skip", "refuse", "refusing", "quit", "zero",
    "lack", "minus",
];
/// What joins two things that are denied together.
const JOIN: &[&str] = &["or", "nor", "and", "any"];
const MORE: &[&str] = &[
    "so",
    "very",
    "really",
    "super",
    "extremely",
    "totally",
    "absolutely",
    "completely",
    "incredibly",
    "insanely",
    "too",
    "utterly",
    "deeply",
    "truly",
    "freaking",
    "damn",
    "most",
    "such",
    "fucking",
    "bloody",
    "terribly",
    "awfully",
];
const LESS: &[&str] = &["bit", "slightly", "kinda", "somewhat", "little", "mildly", "almost", "kind", "sort"];
const SONGS: &[&str] = &[
    "song",
    "songs",
    "music",
    "tune",
    "tunes",
    "track",
    "tracks",
    "playlist",
    "vibe",
    "vibes",
    "beat",
    "beats",
    "mood",
    "sound",
    "sounds",
    "melody",
    "melodies",
    "soundtrack",
    "mix",
    "jam",
    "jams",
    "stuff",
    "anthems",
];
const WANT: &[&str] = &[
    "need",
    "want",
    "something",
    "give",
    "play",
    "looking",
    "craving",
    "gimme",
    "wanna",
    "prefer",
    "help",
    "lets",
    "let's",
    "gotta",
    "please",
];
const TURN: &[&str] = &["but", "however", "yet", "nevertheless", "instead", "rather", "still"];
const DESPITE: &[&str] = &["although", "though", "despite", "while", "even"];

type Phrase = (Vec<String>, Option<&'static Concept>);

/// Phrases by the stem of their first word.
static PHRASES: LazyLock<HashMap<String, Vec<Phrase>>> = LazyLock::new(|| {
    let mut phrases: HashMap<String, Vec<Phrase>> = HashMap::new();
    for (word, about) in words(ENGLISH) {
        let parts: Vec<String> = tokens(word).into_iter().map(|token| token.text).collect();
        if let Some(first) = parts.first() {
            phrases.entry(first.clone()).or_default().push((parts, about));
        }
    }
    phrases
});

/// Long words by how they are written without doubled letters, for those who double the wrong one.
static MISSPELLED: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let long = words(ENGLISH).into_iter().map(|(word, _)| word).filter(|word| word.len() > 6 && !word.contains(' '));
    long.map(|word| (squeezed(word), word)).collect()
});

/// The forms of a word; of the word that was meant, where it is not listed.
fn listed(word: &str) -> Vec<String> {
    let mut all = forms(word);
    if word.len() > 5 && !all.iter().any(|form| PHRASES.contains_key(form)) {
        all.extend(
            forms(word).iter().filter_map(|form| MISSPELLED.get(&squeezed(form))).map(|word| (*word).to_owned()),
        );
    }
    all
}

/// How many tokens the phrase takes from `at`; none when it is not there.
fn taken(tokens: &[Token], forms: &[Vec<String>], at: usize, phrase: &[String]) -> Option<usize> {
    let mut next = at;
    for (number, part) in phrase.iter().enumerate() {
        let mut skipped = 0;
        while !forms.get(next)?.contains(part) {
            let small = number > 0 && skipped < 2 && SMALL.contains(&tokens.get(next)?.text.as_str());
            if !small || tokens.get(next - 1).is_some_and(|token| token.ends) {
                return None;
            }
            skipped += 1;
            next += 1;
        }
        next += 1;
    }
    Some(next - at)
}

/// What the words of a text are about; `text` is in lower case.
pub fn hits(text: &str) -> Vec<Hit> {
    let tokens = tokens(text);
    let forms: Vec<Vec<String>> = tokens.iter().map(|token| listed(&token.text)).collect();
    // Where each hit stands, and which tokens are a part of one.
    let mut found: Vec<(usize, usize, &'static Concept)> = Vec::new();
    let mut inside = vec![false; tokens.len()];
    let mut at = 0;
    while at < tokens.len() {
        let candidates = forms[at]
            .iter()
            .enumerate()
            .flat_map(|(plain, form)| PHRASES.get(form).into_iter().flatten().map(move |phrase| (plain, phrase)));
        let fitting = candidates.filter_map(|(plain, (phrase, about))| {
            Some((taken(&tokens, &forms, at, phrase)?, plain, phrase.len(), about))
        });
        // The longest; among those the one that is closest to the word as it stands.
        let best = fitting
            .max_by_key(|(taken, plain, parts, about)| (*parts, *taken, std::cmp::Reverse(*plain), about.is_none()));
        match best {
            Some((taken, _, _, about)) => {
                inside[at..at + taken].fill(true);
                found.extend(about.map(|about| (at, at + taken, about)));
                at += taken;
            }
            None => at += 1,
        }
    }
    let turn = turn(&tokens, &found);
    found.iter().filter_map(|hit| read(&tokens, &inside, hit, turn)).collect()
}

/// Where what was said before counts less: behind a `but`, or behind the clause of an `although`.
fn turn(tokens: &[Token], found: &[(usize, usize, &'static Concept)]) -> usize {
    let said_after = |at: usize| found.iter().any(|(from, ..)| *from >= at);
    let mut turn = 0;
    for (at, token) in tokens.iter().enumerate() {
        let word = token.text.as_str();
        if at > 0 && TURN.contains(&word) && said_after(at) {
            turn = at;
        }
        if DESPITE.contains(&word)
            && let Some(end) = (at..tokens.len()).find(|at| tokens[*at].ends)
            && said_after(end + 1)
        {
            turn = turn.max(end + 1);
        }
    }
    turn
}

fn read(
    tokens: &[Token],
    inside: &[bool],
    (from, to, about): &(usize, usize, &'static Concept),
    turn: usize,
) -> Option<Hit> {
    // Words before it in the same clause, the nearest first.
    let before = |most: usize| {
        (1..=most)
            .map_while(|back| from.checked_sub(back))
            .take_while(|at| !tokens[*at].ends)
            .map(|at| (at, tokens[at].text.as_str()))
    };
    let wished = |at: usize| {
        tokens.get(at + 1).is_some_and(|next| ["want", "need", "like", "wanna"].contains(&next.text.as_str()))
    };
    let turned =
        |at: usize| (at..*from).any(|at| TURN.contains(&tokens[at].text.as_str()) && tokens[at].text != "instead");
    // A denial is spent on the first thing behind it, unless the next is said in one breath with that.
    let spent = |at: usize| {
        let between = (at + 1..*from).any(|at| inside[at]);
        let joined = from.checked_sub(1).is_some_and(|at| inside[at] || JOIN.contains(&tokens[at].text.as_str()));
        between && !joined
    };
    let denied = before(6).any(|(at, word)| {
        let reach = if wished(at) || word == "nothing" { 6 } else { 4 };
        DENY.contains(&word) && !inside[at] && from - at <= reach && !turned(at) && !spent(at)
    });
    let behind = (*to..to + 2).map_while(|at| tokens.get(at)).any(|token| SONGS.contains(&token.text.as_str()));
    let described = !tokens[to - 1].ends && behind;
    // A wish for me, in so many words: "wake me up".
    let for_me = about.is_cheerful() && tokens[*from..*to].iter().any(|token| token.text == "me");
    let wanted = described || for_me || before(4).any(|(at, word)| WANT.contains(&word) && !inside[at]);
    let concept = if denied { about.denied(described || before(6).any(|(at, _)| wished(at)))? } else { about };
    let mut strength = if denied { 0.85 } else { 1.0 };
    if before(2).any(|(_, word)| MORE.contains(&word)) {
        strength *= 1.3;
    }
    if before(2).any(|(_, word)| LESS.contains(&word)) {
        strength *= 0.75;
    }
    if *from < turn {
        strength *= 0.45;
    }
    Some(Hit { concept, strength, wanted: wanted && !denied, denied })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(text: &str) -> Vec<&'static str> {
        hits(text).into_iter().map(|hit| hit.concept.name).collect()
    }

    #[test]
    fn words_are_known_in_their_forms() {
        for (text, expected) in [
            ("dancing", "dance"),
            ("she danced", "dance"),
            ("happier than ever", "happy"),
            ("the loneliest night", "lonely"),
            ("worries", "nervous"),
            ("he broke my poor heart", "breakup"),
            ("cheer me up", "lift"),
            ("i'm so sick of this", "fedup"),
            ("can’t sleep", "sleepless"),
        ] {
            assert!(about(text).contains(&expected), "{text}: {:?}", about(text));
        }
        for (text, nothing) in [("kind of", "gratitude"), ("i'd love a playlist", "love"), ("new york", "hope")] {
            assert!(!about(text).contains(&nothing), "{text}: {:?}", about(text));
        }
    }

    #[test]
    fn what_is_denied_turns_round() {
        for (text, expected) in [
            ("not sad", "glad"),
            ("i'm not feeling very happy", "down"),
            ("nothing depressing please", "glad"),
            ("no more angry songs", "calm"),
            ("i don't want to be sad", "glad"),
            ("never been happier", "happy"),
            ("i can't stop smiling", "glad"),
            ("not tired but happy", "happy"),
            ("not happy with how things ended", "regret"),
            ("nothing sad or lonely", "warm"),
        ] {
            assert!(about(text).contains(&expected), "{text}: {:?}", about(text));
        }
    }
}
