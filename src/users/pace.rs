//! How much one person may write and have looked for: nobody fills the feeds alone, or uses up what is there for all.

use crate::base::id::UserId;
use crate::web::error::ApiError;
use crate::web::rate::Rate;

/// The limits, in this process. What was refused for another reason is not counted, so handlers ask last.
pub struct Pace {
    posts: Rate<UserId>,
    edits: Rate<UserId>,
    comments: Rate<UserId>,
    playlists: Rate<UserId>,
    covers: Rate<UserId>,
    videos: Rate<UserId>,
}

impl Pace {
    /// So many posts and so many comments an hour; playlists as posts, edits of posts and covers as comments. So many searches
    /// for videos a day.
    pub fn new(posts: u32, comments: u32, videos: u32) -> Self {
        Self {
            posts: Rate::per_hour(posts),
            edits: Rate::per_hour(comments),
            comments: Rate::per_hour(comments),
            playlists: Rate::per_hour(posts),
            covers: Rate::per_hour(comments),
            videos: Rate::per_day(videos),
        }
    }

    /// Counts a post.
    ///
    /// # Errors
    /// 429.
    pub fn post(&self, author: UserId) -> Result<(), ApiError> {
        self.posts.admit(&author)
    }

    /// Counts a change of a post: as many as comments, since each is work as a new post is.
    ///
    /// # Errors
    /// 429.
    pub fn edit(&self, author: UserId) -> Result<(), ApiError> {
        self.edits.admit(&author)
    }

    /// Counts a comment.
    ///
    /// # Errors
    /// 429.
    pub fn comment(&self, writer: UserId) -> Result<(), ApiError> {
        self.comments.admit(&writer)
    }

    /// Counts a playlist that somebody makes by hand: as many as posts.
    ///
    /// # Errors
    /// 429.
    pub fn playlist(&self, owner: UserId) -> Result<(), ApiError> {
        self.playlists.admit(&owner)
    }

    /// Counts a cover that is drawn anew or replaced: as many as comments.
    ///
    /// # Errors
    /// 429.
    pub fn cover(&self, owner: UserId) -> Result<(), ApiError> {
        self.covers.admit(&owner)
    }

    /// Counts a search for the video of a song.
    ///
    /// # Errors
    /// 429.
    pub fn video(&self, listener: UserId) -> Result<(), ApiError> {
        self.videos.admit(&listener)
    }
}
