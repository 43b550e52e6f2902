/** The wire as TypeScript sees it: the same messages as `src/protocol` has in Rust. */

export type Kind = 'audio' | 'video';
export type Source = 'microphone' | 'camera' | 'screen';
export type Mood =
  | 'neutral'
  | 'happiness'
  | 'sadness'
  | 'anger'
  | 'fear'
  | 'disgust'
  | 'surprise'
  | 'contempt'
  | 'unsure';
export type Rung = 'full' | 'reuse-matte' | 'less-analysis' | 'half-rate' | 'blur-only' | 'bypass';
export type Effects =
  | { mode: 'off' }
  | { mode: 'blur' }
  | { mode: 'scene'; scene: Mood }
  | { mode: 'mood' };

export interface Track {
  id: string;
  kind: Kind;
  source: Source;
  muted: boolean;
}

/** Somebody with an account. */
export interface Person {
  id: string;
  handle: string;
  nickname: string;
  avatar: string | null;
}

export interface Notification {
  id: string;
  kind:
    | 'followed'
    | 'friend-requested'
    | 'friend-accepted'
    | 'post-liked'
    | 'post-commented'
    | 'comment-replied'
    | 'playlist-liked'
    | 'playlist-commented'
    | 'playlist-replied'
    | 'room-knocked'
    | 'room-admitted'
    | 'call-missed'
    | 'still-asked';
  actor: Person | null;
  subject: string | null;
  created_at: string;
  read_at: string | null;
}

export interface Participant {
  id: string;
  name: string;
  guest: boolean;
  user: Person | null;
  host: boolean;
  away: boolean;
  effects: Effects;
  mood: Mood | null;
  tracks: Track[];
}

export interface Section {
  mid: string;
  participant: string;
  track: string;
  kind: Kind;
}

export interface FilterState {
  available: boolean;
  reason?: string;
}

/** What plays in a room: `position_ms` is where it was `at` a moment. */
export interface Soundtrack {
  playlist: string;
  title: string;
  cover: string | null;
  song: import('./player/song.js').Song;
  index: number;
  count: number;
  playing: boolean;
  position_ms: number;
  at: string;
}

export type LeaveReason = 'left' | 'kicked' | 'expired' | 'shutdown';

export type ClientMessage =
  | { type: 'hello'; version: number; ticket?: string; resume?: string }
  | { type: 'join'; room: string }
  | { type: 'leave' }
  | { type: 'offer'; sdp: string }
  | { type: 'publish'; mid: string; kind: Kind; source: Source; muted: boolean }
  | { type: 'unpublish'; track: string }
  | { type: 'mute'; track: string; muted: boolean }
  | { type: 'subscribe'; participant: string; kind: Kind; on: boolean }
  | { type: 'effects'; effects: Effects; consent: boolean }
  | { type: 'mood'; share: boolean }
  | { type: 'quality'; bars: number }
  | { type: 'chat'; text: string }
  | { type: 'reaction'; emoji: string }
  | { type: 'still'; names: boolean; time: boolean }
  | { type: 'kick'; participant: string }
  | { type: 'soundtrack'; action: 'play' | 'pause' | 'next' | 'previous' }
  | { type: 'soundtrack'; action: 'seek'; position_ms: number }
  | { type: 'clock' }
  | { type: 'ping' };

export interface ServerMessages {
  welcome: { version: number; participant: string; room: string; resume: string; resumed: boolean };
  listening: { version: number; user: string };
  notification: { notification: Notification; unread: number };
  ringing: { call: string; from: Person; room: string; video: boolean };
  call: { call: string; status: 'ringing' | 'accepted' | 'declined' | 'busy' | 'canceled' | 'missed' | 'ended' };
  knock: { knock: string; person: Person };
  answered: { knock: string; status: 'pending' | 'admitted' | 'refused' | 'withdrawn' };
  admitted: { knock: string; room: string };
  refused: { knock: string; room: string };
  roster: {
    room: string;
    you: string;
    capacity: number;
    filter: FilterState;
    participants: Participant[];
  };
  joined: { participant: Participant };
  presence: { participant: string; away: boolean };
  left: { participant: string; reason: LeaveReason };
  kicked: { by: string | null };
  knock: { knock: string; person: { id: string; handle: string; nickname: string; avatar: string | null } };
  answered: { knock: string; status: 'admitted' | 'refused' | 'withdrawn' };
  admitted: { knock: string; room: string };
  refused: { knock: string; room: string };
  closed: { code: string; retry: boolean };
  answer: { sdp: string };
  candidate: { candidate: string };
  negotiate: { audio: number; video: number };
  published: { participant: string; track: Track };
  unpublished: { participant: string; track: string };
  muted: { participant: string; track: string; muted: boolean };
  subscribed: { sections: Section[] };
  effects: { participant: string; effects: Effects };
  mood: { participant: string; mood: Mood | null; confidence: number };
  quality: { participant: string; rung?: Rung; bars?: number };
  chat: { message: string; seq: number; change: number; participant: string; name: string; text: string; at: string };
  'chat-edited': { message: string; change: number; text: string; edited_at: string };
  'chat-deleted': { message: string; change: number };
  reaction: { participant: string; emoji: string };
  still: { still: string; width: number; height: number; png: string; webp: string };
  soundtrack: { soundtrack: Soundtrack | null };
  clock: { at: string };
  pong: {};
  error: { code: string; detail: string };
}

export type ServerMessage = {
  [T in keyof ServerMessages]: { type: T; re?: number } & ServerMessages[T];
}[keyof ServerMessages];
