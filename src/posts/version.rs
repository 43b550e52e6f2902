//! Posts with their versions in answers; see [`crate::web::version`].

use axum::response::Response;

use super::post::Post;
pub use crate::web::version::check;

/// A post with its entity tag.
pub fn tagged(post: Post) -> Response {
    crate::web::version::tagged(post.version, post)
}
