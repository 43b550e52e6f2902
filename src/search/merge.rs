//! Several lists of the same things, newest first, made one: each thing once, and no further than all of them were read.

/// A place in such a list. Identifiers are made in the order of time, so they alone decide what is newer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// When the thing was made, in milliseconds since the Unix epoch.
    pub at: i64,
    /// The thing.
    pub id: String,
}

impl Place {
    /// Before everything that is newest first.
    pub fn start() -> Self {
        // After every identifier, whose digits end with f.
        Self { at: i64::MAX, id: "g".into() }
    }
}

/// A part of such a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<T> {
    /// What was found, newest first.
    pub items: Vec<(Place, T)>,
    /// How far was read; none when that was everything.
    pub read_to: Option<Place>,
}

/// The first `most` things of all parts, newest first, and where to go on; none at the end.
pub fn merge<T>(parts: Vec<Part<T>>, most: usize) -> (Vec<T>, Option<Place>) {
    // What is older than the end of one part may have something of that part before it.
    let sure = parts.iter().filter_map(|part| part.read_to.clone()).max_by(|a, b| a.id.cmp(&b.id));
    let mut all: Vec<(Place, T)> = parts.into_iter().flat_map(|part| part.items).collect();
    all.sort_by(|(a, _), (b, _)| b.id.cmp(&a.id));
    all.dedup_by(|(a, _), (b, _)| a.id == b.id);
    if let Some(sure) = &sure {
        all.retain(|(place, _)| place.id >= sure.id);
    }
    let next = if all.len() > most { all.get(most - 1).map(|(place, _)| place.clone()) } else { sure };
    all.truncate(most);
    (all.into_iter().map(|(_, item)| item).collect(), next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(ids: &[&'static str], read_to: Option<&str>) -> Part<&'static str> {
        let place = |id: &str| Place { at: 0, id: id.into() };
        Part { items: ids.iter().map(|id| (place(id), *id)).collect(), read_to: read_to.map(place) }
    }

    #[test]
    fn each_thing_comes_once_and_nothing_before_its_turn() {
        let next = |place: Option<Place>| place.map(|place| place.id);
        let (items, place) = merge(vec![part(&["9", "5"], None), part(&["7", "5", "3"], None)], 10);
        assert_eq!((items, next(place)), (vec!["9", "7", "5", "3"], None));
        let (items, place) = merge(vec![part(&["9", "5"], None), part(&["7"], None)], 2);
        assert_eq!((items, next(place)), (vec!["9", "7"], Some("7".into())));
        let (items, place) = merge(vec![part(&["9", "3"], None), part(&["8"], Some("5"))], 10);
        assert_eq!((items, next(place)), (vec!["9", "8"], Some("5".into())), "the part may have a 4");
        let (items, place) = merge(vec![part(&[], Some("5")), part(&[], None)], 10);
        assert_eq!((items, next(place)), (vec![], Some("5".into())));
        let (items, place) = merge::<&str>(Vec::new(), 10);
        assert_eq!((items, place), (vec![], None));
    }
}
