// How loud each voice is, ten times a second: for the meter in the lobby and the aura that breathes.

const EVERY_MS = 100;
/** Root mean square of a voice close to the microphone: what counts as full. */
const FULL = 0.25;

/** Event `level` (detail: {id, level 0..1}). */
export class Levels extends EventTarget {
  /** @type {AudioContext | undefined} */
  #context;
  /** @type {Map<string, {track: MediaStreamTrack, source: MediaStreamAudioSourceNode, analyser: AnalyserNode}>} */
  #voices = new Map();
  #timer = 0;

  /**
   * Follows exactly these voices from now on.
   * @param {Map<string, MediaStreamTrack | undefined>} voices by participant
   */
  follow(voices) {
    for (const [id, voice] of this.#voices) {
      if (voices.get(id) === voice.track) continue;
      voice.source.disconnect();
      this.#voices.delete(id);
    }
    for (const [id, track] of voices) {
      if (track && !this.#voices.has(id)) this.#add(id, track);
    }
    if (this.#voices.size && !this.#timer) {
      this.#timer = window.setInterval(() => this.#measure(), EVERY_MS);
    } else if (!this.#voices.size) {
      clearInterval(this.#timer);
      this.#timer = 0;
    }
  }

  /** Browsers start sound only after a gesture. */
  resume() {
    if (this.#context?.state === 'suspended') this.#context.resume().catch(() => {});
  }

  stop() {
    this.follow(new Map());
    this.#context?.close().catch(() => {});
    this.#context = undefined;
  }

  /**
   * @param {string} id
   * @param {MediaStreamTrack} track
   */
  #add(id, track) {
    this.#context ??= new AudioContext();
    const source = this.#context.createMediaStreamSource(new MediaStream([track]));
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 512;
    source.connect(analyser);
    this.#voices.set(id, { track, source, analyser });
    this.resume();
  }

  #measure() {
    const samples = new Float32Array(512);
    for (const [id, { analyser }] of this.#voices) {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
      const level = Math.min(1, Math.sqrt(power) / FULL);
      this.dispatchEvent(new CustomEvent('level', { detail: { id, level } }));
    }
  }
}
