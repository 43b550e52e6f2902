//! What a list is called: a title, a sentence about it, three keywords, in the language that was asked for.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_segmentation::UnicodeSegmentation as _;

use super::dice::Dice;
use super::lexicon::lines;
use super::understand::Reading;
use crate::base::language::Language;
use crate::users::genre::Genre;

const WORDS: &str = include_str!("words.txt");
/// Longest title in what readers take for characters.
pub const TITLE: usize = 15;
/// Longest description, counted the same way.
pub const DESCRIPTION: usize = 50;
/// Keywords of a list.
pub const KEYWORDS: usize = 3;
/// Where nothing was understood.
const ANY: &str = "any";

type Both = (&'static str, &'static str);

#[derive(Debug, Default)]
struct Names {
    titles: Vec<Both>,
    abouts: Vec<Both>,
    keywords: Vec<Both>,
}

static NAMES: LazyLock<HashMap<&'static str, Names>> = LazyLock::new(|| {
    let mut names: HashMap<&'static str, Names> = HashMap::new();
    let mut scene = ANY;
    for line in lines(WORDS) {
        if let Some(heading) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            scene = heading;
            continue;
        }
        let Some((kind, text)) = line.split_once(':') else { continue };
        let Some((ko, en)) = text.split_once('|') else { continue };
        let names = names.entry(scene).or_default();
        let list = match kind {
            "title" => &mut names.titles,
            "about" => &mut names.abouts,
            _ => &mut names.keywords,
        };
        list.push((ko.trim(), en.trim()));
    }
    names
});

/// What a list is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Called {
    pub title: String,
    pub description: String,
    pub keywords: [String; KEYWORDS],
}

/// What a genre is called in a keyword.
fn genre_name(genre: Genre) -> Both {
    match genre {
        Genre::Pop => ("팝", "pop"),
        Genre::KPop => ("케이팝", "kpop"),
        Genre::JPop => ("제이팝", "jpop"),
        Genre::HipHop => ("힙합", "hiphop"),
        Genre::RhythmAndBlues => ("알앤비", "rnb"),
        Genre::Ballad => ("발라드", "ballad"),
        Genre::Dance => ("댄스", "dance"),
        Genre::Indie => ("인디", "indie"),
        Genre::Ost => ("사운드트랙", "soundtrack"),
    }
}

/// Where there is nothing better to say.
const LAST: [Both; KEYWORDS] = [("노래", "songs"), ("오늘", "today"), ("선곡", "mix")];

pub(super) fn call(
    reading: &Reading,
    genre: Option<Genre>,
    decade: Option<u16>,
    language: Language,
    dice: &mut Dice,
) -> Called {
    let said = |(ko, en): Both| match language {
        Language::Ko => ko,
        Language::En => en,
    };
    let strongest = reading.scenes.iter().max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(scene, _)| *scene);
    let names = NAMES.get(strongest.unwrap_or(ANY)).or_else(|| NAMES.get(ANY));
    let mut pick =
        |of: fn(&Names) -> &Vec<Both>| names.and_then(|names| dice.pick(of(names))).copied().map_or("", said);
    let title = pick(|names| &names.titles).to_owned();
    let about = pick(|names| &names.abouts);
    let genre = genre.map(|genre| said(genre_name(genre)).to_owned());
    let decade = decade.map(|decade| match language {
        Language::Ko => format!("{decade}년대"),
        Language::En => format!("{decade}s"),
    });
    let asked = [decade.clone(), genre.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let longer = format!("{about} · {asked}");
    let fits = !asked.is_empty() && longer.graphemes(true).count() <= DESCRIPTION;
    let description = if fits { longer } else { about.to_owned() };
    let spoken = reading.concepts.iter().map(|concept| said(concept.words).to_owned());
    let scene = names.and_then(|names| names.keywords.first()).map(|both| said(*both).to_owned());
    let mut all: Vec<String> = spoken.take(2).chain(scene).chain(genre).chain(decade).collect();
    all.extend(reading.concepts.iter().skip(2).map(|concept| said(concept.words).to_owned()));
    all.extend(LAST.map(said).map(str::to_owned));
    let mut keywords: Vec<String> = Vec::new();
    for word in all {
        if keyword_fits(&word) && !keywords.contains(&word) {
            keywords.push(word);
        }
    }
    let mut keywords = keywords.into_iter();
    let keywords = std::array::from_fn(|_| keywords.next().unwrap_or_default());
    Called { title, description, keywords }
}

/// Whether a keyword can be a tag: letters and digits, not too many.
pub(super) fn keyword_fits(word: &str) -> bool {
    (1..=20).contains(&word.chars().count()) && word.chars().all(char::is_alphanumeric) && word == word.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::songs::catalog::songs;

    #[test]
    fn every_scene_has_names_that_are_short_enough_in_both_languages() {
        let scenes = songs().iter().map(|one| one.scene.as_str()).chain([ANY]);
        for scene in scenes {
            let names = NAMES.get(scene).unwrap_or_else(|| panic!("{scene} has no names"));
            assert!(names.titles.len() >= 4 && names.abouts.len() >= 2 && names.keywords.len() == 1, "{scene}");
            for (texts, most) in [(&names.titles, TITLE), (&names.abouts, DESCRIPTION)] {
                for text in texts.iter().flat_map(|(ko, en)| [ko, en]) {
                    let length = text.graphemes(true).count();
                    assert!((1..=most).contains(&length), "{scene}: {text} has {length}");
                }
            }
            let (ko, en) = names.keywords[0];
            assert!(keyword_fits(ko) && keyword_fits(en), "{scene}: {ko} {en}");
        }
    }
}
