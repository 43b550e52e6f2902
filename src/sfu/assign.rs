//! Which section shows which track: stable while both last, the rest filled in order.

use super::Kind;
use crate::base::id::{ParticipantId, TrackId};

/// A track that somebody should receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) publisher: ParticipantId,
    pub(super) track: TrackId,
    pub(super) kind: Kind,
}

/// A section that can receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) kind: Kind,
    /// Sections of the same slot play in step.
    pub(super) slot: usize,
    pub(super) shows: Option<(ParticipantId, TrackId)>,
}

/// What each section should show. A section keeps its track while that is wanted; a track without one takes a free
/// section of its kind, first one in the slot where the same person is shown already, so that lips and voice agree.
pub(super) fn assign(sections: &[Place], wanted: &[Wanted]) -> Vec<Option<(ParticipantId, TrackId)>> {
    let is_wanted = |kind: Kind, shown: (ParticipantId, TrackId)| {
        wanted.iter().any(|want| want.kind == kind && (want.publisher, want.track) == shown)
    };
    let mut shows: Vec<_> =
        sections.iter().map(|section| section.shows.filter(|shown| is_wanted(section.kind, *shown))).collect();
    for want in wanted {
        let entry = (want.publisher, want.track);
        if shows.contains(&Some(entry)) {
            continue;
        }
        let beside = |slot: usize| {
            let others = sections.iter().zip(&shows);
            let mut here = others.filter(|(section, _)| section.slot == slot && section.kind != want.kind);
            here.next().map(|(_, shown)| shown.map(|(publisher, _)| publisher))
        };
        let free = (0..sections.len()).filter(|index| sections[*index].kind == want.kind && shows[*index].is_none());
        // 0: beside the same person; 1: beside nobody; 2: beside somebody else, or with no section beside.
        let best = free.min_by_key(|index| match beside(sections[*index].slot) {
            Some(Some(publisher)) if publisher == want.publisher => 0,
            Some(None) => 1,
            _ => 2,
        });
        if let Some(index) = best {
            shows[index] = Some(entry);
        }
    }
    shows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(kind: Kind, slot: usize, shows: Option<(ParticipantId, TrackId)>) -> Place {
        Place { kind, slot, shows }
    }

    fn person() -> (Wanted, Wanted) {
        let publisher = ParticipantId::new();
        let wanted = |kind| Wanted { publisher, track: TrackId::new(), kind };
        (wanted(Kind::Audio), wanted(Kind::Video))
    }

    fn entry(wanted: Wanted) -> Option<(ParticipantId, TrackId)> {
        Some((wanted.publisher, wanted.track))
    }

    #[test]
    fn voice_and_picture_of_a_person_share_a_slot() {
        let ((voice, picture), (other_voice, other_picture)) = (person(), person());
        let sections = [
            section(Kind::Audio, 0, None),
            section(Kind::Video, 0, None),
            section(Kind::Audio, 1, None),
            section(Kind::Video, 1, None),
        ];
        let shows = assign(&sections, &[voice, other_picture, other_voice, picture]);
        assert_eq!(shows, [entry(voice), entry(picture), entry(other_voice), entry(other_picture)]);
    }

    #[test]
    fn a_section_keeps_its_track_and_a_freed_one_is_used_again() {
        let ((_, first), (_, second), (_, third)) = (person(), person(), person());
        let sections = [section(Kind::Video, 0, entry(first)), section(Kind::Video, 1, entry(second))];
        assert_eq!(assign(&sections, &[second, first]), [entry(first), entry(second)]);
        assert_eq!(assign(&sections, &[third, second]), [entry(third), entry(second)]);
        assert_eq!(assign(&sections, &[]), [None, None]);
    }

    #[test]
    fn more_tracks_than_sections_leave_the_last_without() {
        let ((voice, first), (_, second)) = (person(), person());
        let sections = [section(Kind::Video, 0, None)];
        assert_eq!(assign(&sections, &[voice, first, second]), [entry(first)]);
    }
}
