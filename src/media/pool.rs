//! Frames to use again: a buffer comes back when its last holder drops it, so that a steady stream allocates nothing.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::frame::Frame;

/// A shelf of frames, cheap to clone. It keeps at most as many as it was told and frees the rest.
#[derive(Clone, Debug)]
pub struct FramePool {
    shelf: Arc<Shelf>,
}

#[derive(Debug)]
struct Shelf {
    free: Mutex<Vec<Frame>>,
    keep: usize,
}

/// A frame from a pool; derefs to it and goes back when dropped.
#[derive(Debug)]
pub struct PooledFrame {
    frame: Option<Frame>,
    shelf: Weak<Shelf>,
}

impl FramePool {
    /// An empty pool that keeps at most `keep` unused frames.
    #[must_use]
    pub fn new(keep: usize) -> Self {
        Self { shelf: Arc::new(Shelf { free: Mutex::new(Vec::with_capacity(keep)), keep }) }
    }

    /// A frame of this size. What it shows is unspecified.
    ///
    /// # Panics
    /// If a side is zero: a bug of the caller.
    #[must_use]
    pub fn take(&self, width: usize, height: usize) -> PooledFrame {
        let mut free = self.shelf.free.lock();
        let fitting = free.iter().position(|frame| frame.size() == (width, height));
        let recycled = fitting.map(|index| free.swap_remove(index)).or_else(|| free.pop());
        drop(free);
        let frame = match recycled {
            Some(mut frame) => {
                frame.resize(width, height);
                frame
            }
            None => Frame::new(width, height),
        };
        PooledFrame { frame: Some(frame), shelf: Arc::downgrade(&self.shelf) }
    }
}

impl Deref for PooledFrame {
    type Target = Frame;

    fn deref(&self) -> &Frame {
        self.frame.as_ref().expect("taken only by drop")
    }
}

impl DerefMut for PooledFrame {
    fn deref_mut(&mut self) -> &mut Frame {
        self.frame.as_mut().expect("taken only by drop")
    }
}

impl Drop for PooledFrame {
    fn drop(&mut self) {
        let (Some(frame), Some(shelf)) = (self.frame.take(), self.shelf.upgrade()) else { return };
        let mut free = shelf.free.lock();
        if free.len() < shelf.keep {
            free.push(frame);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_same_memory_again() {
        let pool = FramePool::new(2);
        let first = pool.take(64, 48);
        let address = first.view().y().data().as_ptr();
        drop(first);
        assert_eq!(pool.take(64, 48).view().y().data().as_ptr(), address);
        assert_eq!(pool.take(32, 24).size(), (32, 24), "a recycled frame takes the size asked for");
    }

    #[test]
    fn keeps_no_more_than_it_was_told() {
        let pool = FramePool::new(1);
        drop((pool.take(2, 2), pool.take(2, 2), pool.take(2, 2)));
        assert_eq!(pool.shelf.free.lock().len(), 1);
        let orphan = pool.take(2, 2);
        drop(pool);
        drop(orphan);
    }
}
