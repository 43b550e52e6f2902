// The sound of a call: soft tones, made here. A browser plays nothing before somebody has touched the page, so until then it waits.

/** Notes of one round: Hz, start and length in seconds. @type {Record<'incoming' | 'outgoing', {notes: [number, number, number][], every: number, loud: number}>} */
const TUNES = {
  incoming: { notes: [[659.3, 0, 0.5], [880, 0.22, 0.6], [987.8, 0.44, 1.1]], every: 2.6, loud: 0.16 },
  outgoing: { notes: [[440, 0, 1], [554.4, 0, 1]], every: 3.4, loud: 0.05 },
};
const GESTURES = ['pointerdown', 'keydown'];

/**
 * @param {'incoming' | 'outgoing'} tune
 * @returns {() => void} ends it
 */
export function ring(tune) {
  const over = new AbortController();
  const begin = () => over.signal.aborted || play(tune, over.signal);
  if (navigator.userActivation?.hasBeenActive ?? true) begin();
  else for (const gesture of GESTURES) window.addEventListener(gesture, begin, { once: true, signal: over.signal });
  if (tune === 'incoming') navigator.vibrate?.([300, 200, 300]);
  return () => over.abort();
}

/**
 * @param {'incoming' | 'outgoing'} tune
 * @param {AbortSignal} over
 */
function play(tune, over) {
  const { notes, every, loud } = TUNES[tune];
  const context = new AudioContext();
  const round = () => {
    for (const [pitch, start, length] of notes) note(context, pitch, context.currentTime + start, length, loud);
  };
  round();
  const timer = setInterval(round, every * 1_000);
  over.addEventListener('abort', () => {
    clearInterval(timer);
    context.close();
  });
}

/**
 * @param {AudioContext} context
 * @param {number} pitch
 * @param {number} start
 * @param {number} length
 * @param {number} loud
 */
function note(context, pitch, start, length, loud) {
  const tone = context.createOscillator();
  const envelope = context.createGain();
  tone.type = 'sine';
  tone.frequency.value = pitch;
  envelope.gain.setValueAtTime(0, start);
  envelope.gain.linearRampToValueAtTime(loud, start + 0.03);
  envelope.gain.exponentialRampToValueAtTime(0.0001, start + length);
  tone.connect(envelope).connect(context.destination);
  tone.start(start);
  tone.stop(start + length);
}
