//! Reading Korean: stems whatever their endings, what is denied before or behind, what is wanted.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::korean_text::{Text, begins, letters};
use super::lexicon::{Concept, Hit, KOREAN, words};

const MORE: &str = "너무 정말 진짜 매우 아주 완전 참 엄청 몹시 굉장히 무척 되게 존나 개 겁나 졸라 넘 많이 제일 가장 미치도록 죽도록 세상 핵 왕 훨씬 더 완전히 심하게 \
    ㄹㅇ 존 찐 넘넘 무지";
/// Written together with the word that they make stronger.
const STRONG: &str = "개 핵 존나 졸라 겁나 왕 찐 극 급 초 넘 존 캡 쌉";
const LESS: &str = "조금 약간 살짝 좀 은근 다소 그나마 살짝만";
const DENY_BEFORE: &str = "안 못 덜 별로 전혀 하나도 절대";
const DENY_BEHIND: &str = "않 못 말 마 안 모르";
/// Behind a word, or behind the song that it describes.
const REFUSE: &str = "말고 빼고 싫 그만 금지 사절 대신 따윈 따위";
/// Says that it is not so, and wishes nothing.
const DISOWN: &str = "아니 아닌 없";
const SONGS: &str =
    "노래 음악 곡 플레이리스트 플리 비트 사운드 멜로디 뮤직 거 것 건 걸 게 느낌 분위기 템포 선율 브금 무드 발라드 재즈";
const ASKS: &str = "없나 없을까 없냐 없니 없음? 없어? 있나 있을까 있으면";
/// What makes a wish of the word before.
const WANTS: &str = "싶 필요 땡기 땡겨 땡긴 당기 당긴 당겨 원해 원하 원함 추천 틀어 들려 부탁 골라 줘 주세요 주라";
/// What was, and is no more.
const PAST: &str = "때 시절 그때 날들 적 우리";
const CONTRAST_WORDS: &str =
    "지금은 요즘은 하지만 그래도 그러나 근데 그런데 오히려 그치만 그렇지만 반대로 이제는 이젠 그나마";
const CONTRAST_ENDINGS: &str =
    "지만 어도 아도 와도 해도 워도 려도 여도 더라도 라도 했어도 데도 면서도 음에도 알았는데 랬는데 려는데 려고했는데";
/// What is told before what it is about: turns a little.
const WEAK_ENDINGS: &str = "는데 은데 인데 한데 던데 ㄴ데 었는데 운데 쁜데 픈데 더니";

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

type Start = (char, Option<char>);

/// Entries by their first two letters, so that a large vocabulary costs as little as a small one.
static ENTRIES: LazyLock<HashMap<Start, Vec<Entry>>> = LazyLock::new(|| {
    let mut entries: HashMap<Start, Vec<Entry>> = HashMap::new();
    for (word, about) in words(KOREAN) {
        let (kind, word) = match (word.strip_prefix('~'), word.strip_prefix('=')) {
            (Some(word), _) => (Kind::Anywhere, word),
            (_, Some(word)) => (Kind::Noun, word),
            _ => (Kind::Beginning, word),
        };
        let parts: Vec<Vec<char>> = word.split_whitespace().map(letters).collect();
        if let Some(first) = parts.first()
            && let Some(letter) = first.first()
        {
            entries.entry((*letter, first.get(1).copied())).or_default().push(Entry { parts, kind, about });
        }
    }
    entries
});

impl Entry {
    /// Where it ends when it begins at `at`; none when it does not.
    fn end(&self, text: &Text, at: usize) -> Option<usize> {
        let mut ends = vec![at];
        for (number, part) in self.parts.iter().enumerate() {
            let last = number + 1 == self.parts.len();
            let places = ends.iter().flat_map(|end| if number == 0 { vec![*end] } else { text.on_from(*end) });
            let fitting = places.filter(|place| text.stands(*place, part)).map(|place| place + part.len());
            ends = fitting.filter(|end| last || begins(text.letters.get(*end))).collect();
        }
        ends.into_iter().filter(|end| self.kind != Kind::Noun || text.closes(*end)).max()
    }
}

/// A word of the lexicon in a text.
struct Found {
    from: usize,
    to: usize,
    about: &'static Concept,
    /// Whether a denial is written together with it.
    denied: bool,
    /// How much more it counts for what stands behind it.
    more: f32,
}

/// What the words of a text are about.
pub fn hits(text: &str) -> Vec<Hit> {
    let text = Text::new(text);
    let found = unbearable(&text, find(&text));
    let turns = turns(&text, &found);
    found.iter().filter_map(|hit| read(&text, hit, &turns)).collect()
}

fn find(text: &Text) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    // Whether a word of the lexicon may begin here: where a word of the text does, and behind another one.
    let mut open = true;
    let mut denied = false;
    while at < text.letters.len() {
        let starts = text.starts.binary_search(&at).is_ok();
        open |= starts;
        let first = text.letters.get(at).copied().unwrap_or_default();
        // A vowel behind its consonant is no ㅠ that stands alone.
        if !begins(Some(&first))
            && at.checked_sub(1).is_some_and(|back| ('\u{1100}'..='\u{115f}').contains(&text.letters[back]))
        {
            (open, denied) = (false, false);
            at += 1;
            continue;
        }
        let keys = [(first, text.letters.get(at + 1).copied()), (first, None)];
        let entries = keys.iter().filter_map(|key| ENTRIES.get(key)).flatten();
        let fitting = entries
            .filter(|entry| open || entry.kind == Kind::Anywhere)
            .filter_map(|entry| Some((entry.end(text, at)?, entry)))
            // What begins behind another word of the lexicon is the rest of that word, and not a part of the next.
            .filter(|(end, _)| starts || text.word(end.saturating_sub(1)) == text.word(at));
        match fitting.max_by_key(|(end, entry)| (*end, entry.about.is_none())) {
            Some((end, entry)) if end > at => {
                found.extend(entry.about.map(|about| Found { from: at, to: end, about, denied, more: 1.0 }));
                (open, denied) = (begins(text.letters.get(end)), false);
                at = end;
            }
            _ => {
                // 안 and 못 are written together with what they deny, too, and 개 and the like with what they make strong.
                let here = |list: &str| list.split(' ').map(letters).find(|one| text.stands(at, one));
                let deny = if open { here("안 못") } else { None };
                let strong = if starts { here(STRONG) } else { None };
                (denied, open) = (deny.is_some(), deny.is_some() || strong.is_some());
                at += deny.or(strong).map_or(1, |skipped| skipped.len());
            }
        }
    }
    found
}

/// 죽겠다, 미치겠다: alone they complain, behind a feeling they only say how strong it is.
fn unbearable(text: &Text, found: Vec<Found>) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::new();
    for hit in found {
        if hit.about.name == "unbearable"
            && let Some(before) = kept.last_mut()
            && text.word(hit.from) - text.word(before.to - 1) <= 1
            && before.about.is_felt()
        {
            before.more = 1.25;
            continue;
        }
        kept.push(hit);
    }
    kept
}

/// Whether a word is one of these.
fn is(word: Option<&String>, list: &str) -> bool {
    word.is_some_and(|word| list.split(' ').any(|one| one == word))
}

fn starts_with_any(word: Option<&String>, beginnings: &str) -> bool {
    word.is_some_and(|word| beginnings.split(' ').any(|beginning| word.starts_with(beginning)))
}

/// Words before which things count less, with how much: where a `but` stands, if something comes after it.
fn turns(text: &Text, found: &[Found]) -> Vec<(usize, f32)> {
    let said_after = |word: usize| found.iter().any(|hit| text.word(hit.from) >= word);
    let turns = text.words.iter().enumerate().filter_map(|(at, word)| {
        let ends = |endings: &str| word.chars().count() > 1 && endings.split(' ').any(|ending| word.ends_with(ending));
        if is(Some(word), CONTRAST_WORDS) && at > 0 {
            Some((at, 0.45))
        } else if ends(CONTRAST_ENDINGS) {
            Some((at + 1, 0.45))
        } else if ends(WEAK_ENDINGS) {
            Some((at + 1, 0.85))
        } else {
            None
        }
    });
    turns.filter(|(at, _)| said_after(*at)).collect()
}

/// What stands around a word of the lexicon.
struct Around<'a> {
    text: &'a Text,
    first: usize,
    own: &'a str,
    /// What is left of the word itself.
    rest: String,
    /// The next words of the same clause.
    next: Option<&'a String>,
    second: Option<&'a String>,
}

impl<'a> Around<'a> {
    fn of(text: &'a Text, hit: &Found) -> Self {
        let (first, last) = (text.word(hit.from), text.word(hit.to - 1));
        let closed = |at: usize| text.ends.get(at).copied().unwrap_or(true);
        let next = text.words.get(last + 1).filter(|_| !closed(last));
        let second = text.words.get(last + 2).filter(|_| next.is_some() && !closed(last + 1));
        let own = text.words.get(last).map_or("", String::as_str);
        Self { text, first, own, rest: text.rest(hit.to), next, second }
    }

    fn before(&self, back: usize) -> Option<&String> {
        self.first.checked_sub(back).and_then(|at| self.text.words.get(at))
    }

    /// 신나지 않다, 웃을 수 없다.
    fn denied_behind(&self) -> bool {
        let cannot = starts_with_any(self.next, "수")
            && (self.next.is_some_and(|next| next.contains('없')) || starts_with_any(self.second, "없"));
        let ends = "지 지는 진 지도 질 지를 지가 지만은".split(' ').any(|end| self.own.ends_with(end));
        !self.rest.is_empty() && (ends && starts_with_any(self.next, DENY_BEHIND) || cannot)
            || "지않 지못 지말 지마 진않 지도않 지는않".split(' ').any(|inside| self.own.contains(inside))
    }

    fn denied_before(&self) -> bool {
        is(self.before(1), DENY_BEFORE)
            || is(self.before(2), "안 못 별로 전혀 하나도") && (is(self.before(1), MORE) || is(self.before(1), LESS))
    }

    /// Whether what is found says no by itself, so that 하나도 and 전혀 only make it stronger: 하나도 안 괜찮아.
    fn says_no(&self) -> bool {
        self.text
            .words
            .get(self.first)
            .is_some_and(|word| word.starts_with(['안', '못', '별']) || word.starts_with("아무"))
            || self.own.contains('없')
    }
}

fn read(text: &Text, hit: &Found, turns: &[(usize, f32)]) -> Option<Hit> {
    let around = Around::of(text, hit);
    let (next, second) = (around.next, around.second);
    let describes = starts_with_any(next, SONGS);
    // A question whether there is something asks for it.
    let asked = starts_with_any(next, ASKS) || describes && starts_with_any(second, ASKS);
    let behind = |list: &str| starts_with_any(next, list) || describes && starts_with_any(second, list);
    let refused = !asked && behind(REFUSE);
    let disowned = !asked && behind(DISOWN) && !around.says_no();
    let denied =
        hit.denied || refused || disowned || around.denied_behind() || !around.says_no() && around.denied_before();
    // 신나지 않은: what comes is not lively.
    let attributive = next.is_some_and(|next| next.starts_with('않') && next.ends_with(['은', '는']));
    let concept = if denied { hit.about.denied(describes || refused || attributive)? } else { hit.about };
    let wanted =
        describes || asked || starts_with_any(next, WANTS) || WANTS.split(' ').any(|want| around.rest.contains(want));
    let mut strength = hit.more * if denied { 0.85 } else { 1.0 };
    if is(around.before(1), MORE) || is(around.before(2), MORE) {
        strength *= 1.3;
    }
    if is(around.before(1), LESS) {
        strength *= 0.75;
    }
    // 행복했던 때: no longer.
    if around.rest.ends_with('던') && starts_with_any(next, PAST) {
        strength *= 0.6;
    }
    let last = text.word(hit.to - 1);
    strength *= turns.iter().filter(|(at, _)| last < *at).map(|(_, less)| *less).fold(1.0, f32::min);
    Some(Hit { concept, strength, wanted: wanted && !disowned && (!denied || concept.is_cheerful()), denied })
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

    #[test]
    fn what_only_makes_stronger_says_nothing_by_itself() {
        for (text, expected) in [
            ("심심해 죽겠다", vec!["bored"]),
            ("보고 싶어 미치겠어", vec!["longing"]),
            ("졸려 죽겠네", vec!["sleep"]),
            ("죽겠다", vec!["unbearable"]),
            ("개빡친다", vec!["angry"]),
            ("급우울", vec!["gloom"]),
            ("하나도 안 괜찮아", vec!["sad"]),
        ] {
            assert_eq!(about(text), expected, "{text}");
        }
    }

    #[test]
    fn a_question_whether_there_is_something_asks_for_it() {
        for (text, wanted) in
            [("재밌는 거 없나", true), ("신나는 노래 있을까", true), ("차분해지고 싶다", true), ("차분하다", false)]
        {
            let hits = hits(text);
            assert!(hits.iter().any(|hit| !hit.denied && hit.wanted == wanted), "{text}: {hits:?}");
        }
        assert!(
            hits("재미가 없다").iter().all(|hit| hit.denied || hit.concept.is_heavy()),
            "{:?}",
            hits("재미가 없다")
        );
    }

    #[test]
    fn stems_are_not_found_inside_of_other_words() {
        for text in
            ["구두", "두루미", "비싸다", "눈치", "전화했어", "신발", "배달", "기분", "우유", "규칙", "감사팀", "취미"]
        {
            assert_eq!(about(text), [""; 0], "{text}");
        }
    }
}
