//! What a genre puts into the middle of a cover. One file for each.

mod ballad;
mod dance;
mod hip_hop;
mod indie;
mod j_pop;
mod k_pop;
mod ost;
mod pop;
mod rnb;

use super::dice::Dice;
use super::scene::Scene;
use crate::protocol::genre::Genre;

/// One of the nine.
pub fn any(dice: &mut Dice) -> Genre {
    Genre::ALL[dice.count(0, Genre::ALL.len() - 1)]
}

/// Draws the motif of a genre.
pub fn draw(genre: Genre, scene: &mut Scene) {
    match genre {
        Genre::Pop => pop::draw(scene),
        Genre::KPop => k_pop::draw(scene),
        Genre::JPop => j_pop::draw(scene),
        Genre::HipHop => hip_hop::draw(scene),
        Genre::RhythmAndBlues => rnb::draw(scene),
        Genre::Ballad => ballad::draw(scene),
        Genre::Dance => dance::draw(scene),
        Genre::Indie => indie::draw(scene),
        Genre::Ost => ost::draw(scene),
    }
}
