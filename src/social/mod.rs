//! Who follows whom, who is friends with whom, who wants to see nothing of whom; and the notices of it.
