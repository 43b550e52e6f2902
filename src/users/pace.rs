//! How much one person may write: nobody fills the feeds alone.

use crate::base::id::UserId;
use crate::config::Accounts;
use crate::web::error::ApiError;
use crate::web::rate::Rate;

/// The limits, in this process. What was refused for another reason is not counted, so handlers ask last.
pub struct Pace {
    posts: Rate<UserId>,
    comments: Rate<UserId>,
}

impl Pace {
    /// As many as the settings say.
    pub fn new(config: &Accounts) -> Self {
        Self { posts: Rate::per_hour(config.posts_per_hour), comments: Rate::per_hour(config.comments_per_hour) }
    }

    /// Counts a post.
    ///
    /// # Errors
    /// 429.
    pub fn post(&self, author: UserId) -> Result<(), ApiError> {
        self.posts.admit(&author)
    }

    /// Counts a comment.
    ///
    /// # Errors
    /// 429.
    pub fn comment(&self, writer: UserId) -> Result<(), ApiError> {
        self.comments.admit(&writer)
    }
}
