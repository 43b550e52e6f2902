//! Tells the person from the background: selfie segmentation on the whole frame, squeezed into the network's size.

use super::VisionError;
use super::runtime::Network;
use super::tensor::{Area, Normalization, TensorFiller};
use crate::media::frame::FrameView;
use crate::media::mask::Mask;

const INPUT: Normalization = Normalization { scale: 1.0 / 255.0, offset: 0.0 };
/// Values that changed by less are the same edge, seen again: they are mixed, so that edges do not shimmer. What changed
/// by more has moved, and follows at once.
const CLOSE: i16 = 64;
/// The new value's share in the mix, of 256.
const FRESH: u16 = 154;

/// The segmenter of one worker; the masks belong to the takes.
pub struct Segmenter {
    network: Network,
    output: String,
    size: (usize, usize),
    filler: TensorFiller,
    input: Vec<f32>,
}

impl Segmenter {
    /// Takes an opened network and the name of its output.
    ///
    /// # Errors
    /// If the input is not one RGB picture.
    pub fn new(network: Network, output: &str) -> Result<Self, VisionError> {
        let size = match network.input_shape()[..] {
            [1, 3, height @ 1..=1024, width @ 1..=1024] => (width as usize, height as usize),
            _ => return Err(VisionError::Shape { model: network.name().to_owned(), what: "input" }),
        };
        let input = vec![0.0; 3 * size.0 * size.1];
        Ok(Self { network, output: output.to_owned(), size, filler: TensorFiller::default(), input })
    }

    /// Renews the mask from a frame; parts that changed little move gently.
    ///
    /// # Errors
    /// If the network fails; the mask stays as it was.
    pub fn segment(&mut self, frame: FrameView<'_>, mask: &mut Mask) -> Result<(), VisionError> {
        let (width, height) = self.size;
        self.filler.fill(frame, &mut self.input, self.size, Area { x: 0, y: 0, width, height }, INPUT);
        self.network.run([1, 3, height, width], &self.input, [self.output.as_str()], |[probabilities]| {
            let first = (mask.width(), mask.height()) != self.size;
            mask.update(width, height, |data| blend(data, probabilities, first));
        })
    }
}

fn blend(mask: &mut [u8], probabilities: &[f32], first: bool) {
    let quantize = |probability: f32| (probability * 255.0 + 0.5) as u8;
    if first {
        for (value, &probability) in mask.iter_mut().zip(probabilities) {
            *value = quantize(probability);
        }
        return;
    }
    for (value, &probability) in mask.iter_mut().zip(probabilities) {
        let (old, new) = (u16::from(*value), u16::from(quantize(probability)));
        let mixed = (new * FRESH + old * (256 - FRESH) + 128) >> 8;
        let close = (new as i16 - old as i16).abs() < CLOSE;
        *value = if close { mixed as u8 } else { new as u8 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_changes_move_gently_and_large_ones_at_once() {
        let mut mask = [100, 100, 0];
        blend(&mut mask, &[120.0 / 255.0, 1.0, 0.0], false);
        assert_eq!(mask, [112, 255, 0]);
        for _ in 0..8 {
            blend(&mut mask, &[120.0 / 255.0, 1.0, 0.0], false);
        }
        assert!(mask[0].abs_diff(120) <= 1, "it arrives: {}", mask[0]);
        blend(&mut mask, &[0.5, 2.0, f32::NAN], true);
        assert_eq!(mask, [128, 255, 0], "whatever the network says becomes a value");
    }
}
