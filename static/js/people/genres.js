// What people like to hear: the same closed list as the server's.

export const GENRES = ['pop', 'k-pop', 'j-pop', 'hip-hop', 'rnb', 'ballad', 'dance', 'indie', 'ost'];

/** Of a profile. */
export const MOST_GENRES = 3;
