// The addresses that the one page knows, and the module behind each. An address that is not here is the server's own.

/**
 * @typedef {object} Route
 * @property {string} path `:name` stands for one part of the address; the page's element has it in `params`
 * @property {string} tag the page's element
 * @property {() => Promise<unknown>} load the module that defines it
 * @property {string[]} [texts] texts besides the common ones, as in `static/i18n/{texts}.{language}.json`
 * @property {boolean} [members] only for somebody who is logged in; others see the log-in first
 * @property {boolean} [bare] without the site's header
 * @property {boolean} [keeps] kept as it was for the way back, with its list and its place in it
 */

/** @type {Route[]} */
export const ROUTES = [
  { path: '/', tag: 'mc-home', load: () => import('./ui/home.js'), texts: ['people', 'posts', 'playlists'], keeps: true },
  { path: '/room/:id', tag: 'mc-room', load: () => import('./ui/room.js'), texts: ['soundtrack'], bare: true },
  { path: '/me', tag: 'mc-myself', load: () => import('./pages/me.js'), members: true },
  { path: '/people/:handle', tag: 'mc-profile', load: () => import('./pages/profile.js'), texts: ['people', 'posts', 'playlists'], keeps: true },
  ...['followers', 'following', 'friends'].map((list) => ({
    path: `/people/:handle/${list}`,
    tag: 'mc-connections',
    load: () => import('./pages/connections.js'),
    texts: ['people'],
    members: true,
    keeps: true,
  })),
  ...['playlists', 'liked-playlists'].map((list) => ({
    path: `/people/:handle/${list}`,
    tag: 'mc-person-playlists',
    load: () => import('./pages/person-playlists.js'),
    texts: ['people', 'posts', 'playlists'],
    keeps: true,
  })),
  { path: '/friends', tag: 'mc-friends', load: () => import('./pages/friends.js'), texts: ['people'], members: true },
  { path: '/notifications', tag: 'mc-notifications', load: () => import('./pages/notifications.js'), texts: ['people'], members: true },
  { path: '/search', tag: 'mc-search', load: () => import('./pages/search.js'), texts: ['people', 'posts', 'rooms', 'playlists'], members: true, keeps: true },
  { path: '/settings/profile', tag: 'mc-profile-edit', load: () => import('./pages/profile-edit.js'), texts: ['people', 'playlists'], members: true },
  { path: '/settings/blocked', tag: 'mc-blocked', load: () => import('./pages/blocked.js'), texts: ['people'], members: true },
  { path: '/playlists', tag: 'mc-playlists-page', load: () => import('./pages/playlists.js'), texts: ['people', 'posts', 'playlists'], keeps: true },
  { path: '/playlists/new', tag: 'mc-playlist-new', load: () => import('./pages/playlist-new.js'), texts: ['people', 'posts', 'playlists'], members: true },
  { path: '/playlists/new/empty', tag: 'mc-playlist-empty', load: () => import('./pages/playlist-empty.js'), texts: ['people', 'posts', 'playlists'], members: true },
  { path: '/playlists/making/:id', tag: 'mc-making', load: () => import('./pages/making.js'), texts: ['people', 'posts', 'playlists'], members: true },
  { path: '/playlists/:id', tag: 'mc-playlist', load: () => import('./pages/playlist.js'), texts: ['people', 'posts', 'playlists'] },
  { path: '/playlists/:id/summary', tag: 'mc-playlist-summary', load: () => import('./pages/playlist-summary.js'), texts: ['people', 'posts', 'playlists'], members: true },
  { path: '/playlists/:id/edit', tag: 'mc-playlist-edit', load: () => import('./pages/playlist-edit.js'), texts: ['people', 'posts', 'playlists', 'write'], members: true },
  { path: '/dig', tag: 'mc-dig', load: () => import('./pages/dig.js'), texts: ['people', 'posts', 'playlists'], keeps: true },
  { path: '/event', tag: 'mc-event', load: () => import('./pages/event.js'), texts: ['people', 'posts', 'playlists'], members: true },
  { path: '/rooms', tag: 'mc-rooms', load: () => import('./pages/rooms.js'), texts: ['people', 'rooms'] },
  { path: '/rooms/new', tag: 'mc-room-edit', load: () => import('./pages/room-edit.js'), texts: ['people', 'rooms', 'write'], members: true },
  { path: '/rooms/:id/edit', tag: 'mc-room-edit', load: () => import('./pages/room-edit.js'), texts: ['people', 'rooms', 'write'], members: true },
  ...['', '/reports', '/log'].map((section) => ({
    path: `/admin${section}`,
    tag: 'mc-admin',
    load: () => import('./pages/admin.js'),
    texts: ['people', 'posts', 'staff'],
    members: true,
  })),
  { path: '/gallery', tag: 'mc-gallery', load: () => import('./pages/gallery.js'), texts: ['people', 'posts', 'gallery'], members: true },
  { path: '/calls', tag: 'mc-calls', load: () => import('./pages/calls.js'), texts: ['people', 'calls'], members: true },
  { path: '/bookmarks', tag: 'mc-bookmarks', load: () => import('./pages/bookmarks.js'), texts: ['people', 'posts'], members: true, keeps: true },
  { path: '/tags/:name', tag: 'mc-tag', load: () => import('./pages/tag.js'), texts: ['people', 'posts', 'rooms', 'playlists'], keeps: true },
  { path: '/posts/new', tag: 'mc-post-new', load: () => import('./pages/post-new.js'), texts: ['people', 'posts', 'write', 'gallery', 'playlists'], members: true },
  { path: '/posts/:id/edit', tag: 'mc-post-edit', load: () => import('./pages/post-edit.js'), texts: ['people', 'posts', 'write', 'gallery', 'playlists'], members: true },
  { path: '/posts/:id', tag: 'mc-post', load: () => import('./pages/post.js'), texts: ['people', 'posts'] },
  { path: '/signup', tag: 'mc-sign-up', load: () => import('./pages/sign-up.js'), texts: ['account'] },
  { path: '/login', tag: 'mc-log-in', load: () => import('./pages/log-in.js'), texts: ['account'] },
  { path: '/reset', tag: 'mc-reset', load: () => import('./pages/reset.js'), texts: ['account'] },
  { path: '/reset/:token', tag: 'mc-reset', load: () => import('./pages/reset.js'), texts: ['account'] },
  { path: '/settings', tag: 'mc-settings-page', load: () => import('./pages/settings.js'), texts: ['account'], members: true },
  { path: '/settings/:section', tag: 'mc-settings-page', load: () => import('./pages/settings.js'), texts: ['account'], members: true },
];
