//! Reading Korean: stems whatever their endings, particles, what is denied before or behind, what is wanted.
//!
//! Everything is cut into letters (NFD), so that a stem is a beginning of what it becomes: 신나 of 신난다, 외로 of 외롭다.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use super::lexicon::{Concept, Hit, KOREAN, words};
use crate::users::name::fold;

/// What may follow a noun.
const PARTICLES: &[&str] = &[
    "이",
    "가",
    "은",
    "는",
    "을",
    "를",
    "도",
    "만",
    "에",
    "의",
    "와",
    "과",
    "랑",
    "이랑",
    "로",
    "으로",
    "에서",
    "에는",
    "에도",
    "마다",
    "까지",
    "부터",
    "처럼",
    "같은",
    "같이",
    "하고",
    "이나",
    "나",
    "엔",
    "이야",
    "야",
    "이라",
    "라",
    "라서",
    "이라서",
    "이에요",
    "예요",
    "입니다",
    "인",
    "인데",
    "이다",
    "다",
    "조차",
    "밖에",
    "보다",
    "요",
    "이네",
    "네",
    "이었",
    "였",
];
/// What may stand between two words of a phrase.
const SMALL: &[&str] = &[
    "너무", "정말", "진짜", "매우", "아주", "완전", "참", "좀", "더", "막", "다", "또", "그냥", "많이", "엄청", "자꾸",
    "계속", "꼭", "잘", "확", "못",
];
const MORE: &[&str] = &[
    "너무",
    "정말",
    "진짜",
    "매우",
    "아주",
    "완전",
    "참",
    "엄청",
    "몹시",
    "굉장히",
    "무척",
    "되게",
    "존나",
    "개",
    "겁나",
    "졸라",
    "넘",
    "많이",
    "제일",
    "가장",
    "미치도록",
    "죽도록",
    "세상",
    "핵",
    "왕",
    "훨씬",
    "더",
    "완전히",
    "심하게",
];
const LESS: &[&str] = &["조금", "약간", "살짝", "좀", "은근", "다소", "그나마", "살짝만"];
const DENY_BEFORE: &[&str] = &["안", "못", "덜", "별로", "전혀", "하나도", "절대"];
const DENY_BEHIND: &[&str] = &["않", "못", "말", "마", "안"];
/// Behind a word, or behind the song that it describes.
const REFUSE: &[&str] = &["말고", "아니", "아닌", "빼고", "싫", "그만", "없", "금지", "사절", "대신"];
const SONGS: &[&str] = &[
    "노래",
    "음악",
    "곡",
    "플레이리스트",
    "플리",
    "비트",
    "사운드",
    "멜로디",
    "뮤직",
    "거",
    "것",
    "건",
    "걸",
    "게",
    "느낌",
    "분위기",
    "템포",
    "선율",
    "브금",
];
const CONTRAST_WORDS: &[&str] =
    &["하지만", "그래도", "그러나", "근데", "그런데", "오히려", "그치만", "그렇지만", "반대로"];
const CONTRAST_ENDINGS: &[&str] =
    &["지만", "어도", "아도", "와도", "해도", "워도", "려도", "여도", "더라도", "라도", "했어도"];

/// How a word is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Beginning,
    Anywhere,
    Noun,
}

#[derive(Debug)]
struct Entry {
    parts: Vec<Vec<char>>,
    kind: Kind,
    about: Option<&'static Concept>,
}

/// Entries by their first letter.
static ENTRIES: LazyLock<HashMap<char, Vec<Entry>>> = LazyLock::new(|| {
    let mut entries: HashMap<char, Vec<Entry>> = HashMap::new();
    for (word, about) in words(KOREAN) {
        let (kind, word) = match (word.strip_prefix('~'), word.strip_prefix('=')) {
            (Some(word), _) => (Kind::Anywhere, word),
            (_, Some(word)) => (Kind::Noun, word),
            _ => (Kind::Beginning, word),
        };
        let parts: Vec<Vec<char>> = word.split_whitespace().map(letters).collect();
        if let Some(first) = parts.first().and_then(|part| part.first()) {
            entries.entry(*first).or_default().push(Entry { parts, kind, about });
        }
    }
    entries
});

fn letters(text: &str) -> Vec<char> {
    fold(text).nfd().collect()
}

/// Whether no letter of a syllable that began before stands here.
fn begins(letter: Option<&char>) -> bool {
    !letter.is_some_and(|letter| ('\u{1160}'..='\u{11ff}').contains(letter))
}

/// A text as letters without spaces, and where its words begin.
struct Text {
    letters: Vec<char>,
    /// Where each word begins, and at the end where the text ends.
    starts: Vec<usize>,
    /// Each word as it is written.
    words: Vec<String>,
}

impl Text {
    fn new(text: &str) -> Self {
        let mut all = Self { letters: Vec::new(), starts: Vec::new(), words: Vec::new() };
        for word in text.split(|c: char| {
            c.is_whitespace() || (c.is_ascii_punctuation()) || matches!(c, '…' | '·' | '“' | '”' | '’')
        }) {
            if !word.is_empty() {
                all.starts.push(all.letters.len());
                all.letters.extend(letters(word));
                all.words.push(word.to_owned());
            }
        }
        all.starts.push(all.letters.len());
        all
    }

    /// The word that the letter is in.
    fn word(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The rest of a word from the letter on; empty where a word begins.
    fn rest(&self, at: usize) -> String {
        let end = self.starts.iter().find(|start| **start >= at).copied().unwrap_or(at);
        self.letters.get(at..end).unwrap_or_default().iter().copied().nfc().collect()
    }

    fn stands(&self, at: usize, part: &[char]) -> bool {
        self.letters.get(at..).is_some_and(|rest| rest.starts_with(part))
    }

    /// Where a phrase may go on when a part of it ended at `at`: here, behind a particle, behind a small word.
    fn on_from(&self, at: usize) -> Vec<usize> {
        let mut places = vec![at];
        for particle in PARTICLES {
            let particle = letters(particle);
            if self.stands(at, &particle) {
                places.push(at + particle.len());
            }
        }
        for place in places.clone() {
            if let Ok(word) = self.starts.binary_search(&place)
                && self.words.get(word).is_some_and(|word| SMALL.contains(&word.as_str()))
            {
                places.extend(self.starts.get(word + 1));
            }
        }
        places
    }

    /// Where the entry ends that begins at `at`; none when it does not.
    fn end(&self, at: usize, entry: &Entry) -> Option<usize> {
        let mut ends = vec![at];
        for (number, part) in entry.parts.iter().enumerate() {
            let places = ends.iter().flat_map(|end| if number == 0 { vec![*end] } else { self.on_from(*end) });
            let fitting = places.filter(|place| self.stands(*place, part)).map(|place| place + part.len());
            let last = number + 1 == entry.parts.len();
            ends = fitting.filter(|end| last || begins(self.letters.get(*end))).collect();
        }
        let end = ends.into_iter().max()?;
        if entry.kind == Kind::Noun {
            let closed = self.starts.contains(&end)
                || begins(self.letters.get(end)) && PARTICLES.contains(&self.rest(end).as_str());
            return closed.then_some(end);
        }
        Some(end)
    }
}

/// What the words of a text are about.
pub fn hits(text: &str) -> Vec<Hit> {
    let text = Text::new(text);
    let mut found: Vec<(usize, usize, &'static Concept, bool)> = Vec::new();
    let mut at = 0;
    // Whether a word of the lexicon may begin here: where a word of the text does, and behind another one.
    let mut open = true;
    let mut denied = false;
    while at < text.letters.len() {
        open |= text.starts.contains(&at);
        let entries = text.letters.get(at).and_then(|letter| ENTRIES.get(letter)).into_iter().flatten();
        let fitting = entries
            .filter(|entry| open || entry.kind == Kind::Anywhere)
            .filter_map(|entry| Some((text.end(at, entry)?, entry)))
            // What begins behind another word of the lexicon is the rest of that word, and not a part of the next.
            .filter(|(end, _)| text.starts.contains(&at) || text.word(end.saturating_sub(1)) == text.word(at));
        match fitting.max_by_key(|(end, entry)| (*end, entry.about.is_none())) {
            Some((end, entry)) if end > at => {
                found.extend(entry.about.map(|about| (at, end, about, denied)));
                (open, denied) = (begins(text.letters.get(end)), false);
                at = end;
            }
            _ => {
                // 안 and 못 are written together with what they deny, too.
                let deny = ["안", "못"].into_iter().map(letters).find(|deny| open && text.stands(at, deny));
                (denied, open) = (deny.is_some(), deny.is_some());
                at += deny.map_or(1, |deny| deny.len());
            }
        }
    }
    let turn = turn(&text, &found);
    found.iter().filter_map(|hit| read(&text, hit, turn)).collect()
}

/// The word before which things count less: the last that says `but`, if something comes after it.
fn turn(text: &Text, found: &[(usize, usize, &'static Concept, bool)]) -> usize {
    let said_after = |word: usize| found.iter().any(|(from, ..)| text.word(*from) >= word);
    let turns = text.words.iter().enumerate().filter_map(|(at, word)| {
        let ends = CONTRAST_ENDINGS.iter().any(|ending| word.ends_with(ending)) && word.chars().count() > 1;
        match (CONTRAST_WORDS.contains(&word.as_str()), ends) {
            (true, _) => Some(at),
            (false, true) => Some(at + 1),
            _ => None,
        }
    });
    turns.filter(|at| said_after(*at)).max().unwrap_or(0)
}

fn starts_with_any(word: Option<&String>, beginnings: &[&str]) -> bool {
    word.is_some_and(|word| beginnings.iter().any(|beginning| word.starts_with(beginning)))
}

fn read(text: &Text, (from, to, about, joined): &(usize, usize, &'static Concept, bool), turn: usize) -> Option<Hit> {
    let (first, last) = (text.word(*from), text.word(to - 1));
    let before = |back: usize| first.checked_sub(back).and_then(|at| text.words.get(at));
    let is = |word: Option<&String>, list: &[&str]| word.is_some_and(|word| list.contains(&word.as_str()));
    let next = text.words.get(last + 1);
    let rest = text.rest(*to);
    let own = text.words.get(last).map_or("", String::as_str);
    let negated_behind = ["지", "지는", "진", "지도", "질", "지를"].iter().any(|ending| own.ends_with(ending))
        && !rest.is_empty()
        && starts_with_any(next, DENY_BEHIND)
        || ["지않", "지못", "지말", "지마", "진않", "지도않", "지는않"].iter().any(|inside| own.contains(inside));
    let describes = starts_with_any(next, SONGS);
    let refused = starts_with_any(next, REFUSE) || describes && starts_with_any(text.words.get(last + 2), REFUSE);
    let denied_before =
        is(before(1), DENY_BEFORE) || is(before(2), &["안", "못", "별로", "전혀"]) && is(before(1), MORE);
    let denied = *joined || denied_before || negated_behind || refused;
    let concept = if denied { about.denied()? } else { about };
    let mut strength = if denied { 0.85 } else { 1.0 };
    if is(before(1), MORE) || is(before(2), MORE) {
        strength *= 1.3;
    }
    if is(before(1), LESS) {
        strength *= 0.75;
    }
    if last < turn {
        strength *= 0.45;
    }
    Some(Hit { concept, strength, wanted: describes && !denied })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(text: &str) -> Vec<&'static str> {
        hits(text).into_iter().map(|hit| hit.concept.name).collect()
    }

    #[test]
    fn stems_are_known_whatever_their_endings() {
        for (text, expected) in [
            ("우울해서", "gloom"),
            ("신나는", "excited"),
            ("신난다!", "excited"),
            ("비 오는 날", "rain"),
            ("비가오는날", "rain"),
            ("퇴근길에", "commute"),
            ("설레요", "love"),
            ("지쳤어", "tired"),
            ("슬펐던", "sad"),
            ("외롭다", "lonely"),
            ("외로워요", "lonely"),
            ("기분이 너무 좋아", "glad"),
            ("기분좋다", "glad"),
            ("화가 나", "angry"),
            ("마음이 정말 아파요", "sad"),
            ("밤에", "night"),
        ] {
            assert!(about(text).contains(&expected), "{text}: {:?}", about(text));
        }
        for text in ["아파트", "화요일", "비밀번호", "그리고", "비행장", "책상"] {
            assert_eq!(about(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_is_denied_before_or_behind_turns_round() {
        for (text, expected) in [
            ("잠이 안 와요", "sleepless"),
            ("안 슬퍼", "glad"),
            ("안슬퍼", "glad"),
            ("슬프지 않아", "glad"),
            ("슬프지는 않아요", "glad"),
            ("슬프진 않다", "glad"),
            ("우울하지않은", "glad"),
            ("슬픈 노래 말고", "glad"),
            ("우울한 건 싫어", "glad"),
            ("행복하지 않아", "down"),
            ("별로 신나지 않은", "still"),
            ("너무 외롭지 않게", "warm"),
        ] {
            assert!(about(text).contains(&expected), "{text}: {:?}", about(text));
        }
    }
}
