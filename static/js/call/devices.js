// Cameras, microphones and speakers: what there is, whether we may, and in plain terms why not.

/** @import { Kind } from '../messages.d.ts' */

/**
 * `unasked` nobody was asked yet, `asking` the browser asks now, `ready`, `denied`, `missing` no such device,
 * `busy` another program has it, `insecure` the page is not served securely, `failed` anything else.
 * @typedef {'unasked' | 'asking' | 'ready' | 'denied' | 'missing' | 'busy' | 'insecure' | 'failed'} DeviceState
 */

/** @typedef {{camera?: string, microphone?: string, speaker?: string}} Choice device ids; absent: the browser's default */

/** @type {MediaTrackConstraints} */
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30, max: 30 } };
/** @type {MediaTrackConstraints} */
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** @param {Kind} kind */
const permissionName = (kind) =>
  /** @type {PermissionName} */ (kind === 'video' ? 'camera' : 'microphone');

/**
 * @param {Kind} kind
 * @returns {Promise<PermissionState>} `prompt` where the browser does not say
 */
export async function permission(kind) {
  try {
    return (await navigator.permissions.query({ name: permissionName(kind) })).state;
  } catch {
    return 'prompt';
  }
}

/**
 * Calls back when somebody changes their mind in the browser's own settings.
 * @param {Kind} kind
 * @param {(state: PermissionState) => void} changed
 */
export async function followPermission(kind, changed) {
  try {
    const status = await navigator.permissions.query({ name: permissionName(kind) });
    status.addEventListener('change', () => changed(status.state));
  } catch {
    // Such a browser asks again when asked again.
  }
}

/** Whether this page may ask at all: browsers hide the devices from insecure pages. */
export const secure = () => Boolean(window.isSecureContext && navigator.mediaDevices?.getUserMedia);

/**
 * @param {unknown} error
 * @returns {DeviceState}
 */
function reason(error) {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

/**
 * @param {Kind[]} kinds
 * @param {Choice} choice
 * @returns {MediaStreamConstraints}
 */
function constraints(kinds, choice) {
  const device = (/** @type {string | undefined} */ id) => (id ? { deviceId: { ideal: id } } : {});
  return {
    ...(kinds.includes('audio') ? { audio: { ...SOUND, ...device(choice.microphone) } } : {}),
    ...(kinds.includes('video') ? { video: { ...PICTURE, ...device(choice.camera) } } : {}),
  };
}

/** @typedef {{track?: MediaStreamTrack, state: DeviceState}} Taken */

/**
 * Takes devices. Asks once for all of them; when that fails, finds out which one was the reason.
 * @param {Kind[]} kinds
 * @param {Choice} choice
 * @returns {Promise<Partial<Record<Kind, Taken>>>}
 */
export async function take(kinds, choice) {
  if (!secure()) return Object.fromEntries(kinds.map((kind) => [kind, { state: 'insecure' }]));
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraints(kinds, choice));
    return Object.fromEntries(
      stream.getTracks().map((track) => [track.kind, { track, state: 'ready' }]),
    );
  } catch (error) {
    const state = reason(error);
    const only = kinds[0];
    if (only && kinds.length === 1) return { [only]: { state } };
    /** @type {Partial<Record<Kind, Taken>>} */
    const taken = {};
    for (const kind of kinds) {
      // After a refusal, only what is already allowed is tried again: nobody likes to be asked twice.
      const again = state !== 'denied' || (await permission(kind)) === 'granted';
      Object.assign(taken, again ? await take([kind], choice) : { [kind]: { state } });
    }
    return taken;
  }
}

/** @returns {Promise<{camera: MediaDeviceInfo[], microphone: MediaDeviceInfo[], speaker: MediaDeviceInfo[]}>} */
export async function listDevices() {
  const all = secure() ? await navigator.mediaDevices.enumerateDevices().catch(() => []) : [];
  const of = (/** @type {MediaDeviceKind} */ kind) =>
    all.filter((device) => device.kind === kind && device.deviceId);
  return { camera: of('videoinput'), microphone: of('audioinput'), speaker: of('audiooutput') };
}

/** Whether sound can be sent to a chosen speaker here. */
export const canChooseSpeaker = () => 'setSinkId' in HTMLMediaElement.prototype;
