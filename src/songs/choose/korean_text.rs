//! A Korean text cut into letters (NFD), so that a stem is a beginning of what it becomes: 신나 of 신난다, 외로 of 외롭다.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use crate::base::fold::fold;

/// What may follow a noun.
const PARTICLES: &str = "이 가 은 는 을 를 도 만 에 의 와 과 랑 이랑 로 으로 에서 에는 에도 에선 마다 까지 부터 처럼 같은 같이 \
    하고 이나 나 엔 이야 야 이라 라 라서 이라서 이에요 예요 에요 입니다 인 인데 이다 다 조차 밖에 보다 요 이네 네 이었 였 \
    였다 이었다 임 이랄까 이라니 라니 이지 지 뿐 뿐이야 이여 이요 이고 고";

/// What may stand between two words of a phrase.
const SMALL: &[&str] = &[
    "너무",
    "정말",
    "진짜",
    "매우",
    "아주",
    "완전",
    "참",
    "좀",
    "더",
    "막",
    "다",
    "또",
    "그냥",
    "많이",
    "엄청",
    "자꾸",
    "계속",
    "꼭",
    "잘",
    "확",
    "못",
    "조금",
    "넘",
    "되게",
    "점점",
    "다시",
    "거의",
    "벌써",
    "이미",
    "제일",
    "갑자기",
    "결국",
];

static PARTICLE_LETTERS: LazyLock<Vec<Vec<char>>> =
    LazyLock::new(|| PARTICLES.split_whitespace().map(letters).collect());

pub(super) fn letters(text: &str) -> Vec<char> {
    fold(text).nfd().collect()
}

/// Whether no letter of a syllable that began before stands here.
pub(super) fn begins(letter: Option<&char>) -> bool {
    !letter.is_some_and(|letter| ('\u{1160}'..='\u{11ff}').contains(letter))
}

/// A text as letters without spaces, and where its words begin.
pub(super) struct Text {
    pub letters: Vec<char>,
    /// Where each word begins, and at the end where the text ends.
    pub starts: Vec<usize>,
    /// Each word as it is written.
    pub words: Vec<String>,
    /// Whether a mark that ends a clause stands behind each word.
    pub ends: Vec<bool>,
}

impl Text {
    pub fn new(text: &str) -> Self {
        let mut all = Self { letters: Vec::new(), starts: Vec::new(), words: Vec::new(), ends: Vec::new() };
        let mark = |c: char| c.is_ascii_punctuation() || matches!(c, '…' | '·' | '“' | '”' | '’');
        for piece in text.split_inclusive(|c: char| c.is_whitespace() || mark(c)) {
            let word = piece.trim_end_matches(|c: char| c.is_whitespace() || mark(c));
            if !word.is_empty() {
                all.starts.push(all.letters.len());
                all.letters.extend(letters(word));
                all.words.push(word.to_owned());
                all.ends.push(false);
            }
            if let Some(last) = all.ends.last_mut() {
                *last |= piece.ends_with(['.', ',', '!', '?', '…', ';']);
            }
        }
        all.starts.push(all.letters.len());
        all
    }

    /// The word that the letter is in.
    pub fn word(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The rest of a word from the letter on; empty where a word begins.
    pub fn rest(&self, at: usize) -> String {
        self.rest_letters(at).iter().copied().nfc().collect()
    }

    fn rest_letters(&self, at: usize) -> &[char] {
        let end = self.starts.get(self.starts.partition_point(|start| *start < at)).copied().unwrap_or(at);
        self.letters.get(at..end).unwrap_or_default()
    }

    pub fn stands(&self, at: usize, part: &[char]) -> bool {
        self.letters.get(at..).is_some_and(|rest| rest.starts_with(part))
    }

    /// Whether a noun may end here: the word does, or only a particle follows.
    pub fn closes(&self, at: usize) -> bool {
        let rest = self.rest_letters(at);
        rest.is_empty() || begins(rest.first()) && PARTICLE_LETTERS.iter().any(|particle| particle == rest)
    }

    /// Where a phrase may go on when a part of it ended at `at`: here, behind a particle, behind a small word.
    pub fn on_from(&self, at: usize) -> Vec<usize> {
        let mut places = vec![at];
        let standing = PARTICLE_LETTERS.iter().filter(|particle| self.stands(at, particle));
        places.extend(standing.map(|particle| at + particle.len()));
        for place in places.clone() {
            if let Ok(word) = self.starts.binary_search(&place)
                && self.words.get(word).is_some_and(|word| SMALL.contains(&word.as_str()))
            {
                places.extend(self.starts.get(word + 1));
            }
        }
        places
    }
}
