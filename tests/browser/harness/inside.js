// What runs inside the page: before it (an init script), and when a test asks what it receives.

/**
 * Before the page's own code: keeps its peer connections where a test finds them. And one's own tile shows the camera
 * as it is, not what the server sends of it, so that the two can be compared.
 */
export function watchConnections() {
  localStorage.setItem('moodcall.as-others-see', 'false');
  const connections = [];
  Object.defineProperty(globalThis, 'testConnections', { value: connections });
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options) {
      super(...options);
      connections.push(this);
    }
  };
}

/** Before the page's own code: a browser that has no video codec but H.264 (as some phones). */
export function onlyH264() {
  const wanted = (codec) => /^video\/(h264|rtx)$/i.test(codec.mimeType);
  for (const kind of [RTCRtpReceiver, RTCRtpSender]) {
    const capabilities = kind.getCapabilities.bind(kind);
    kind.getCapabilities = (media) => {
      const found = capabilities(media);
      return media === 'video' && found ? { ...found, codecs: found.codecs.filter(wanted) } : found;
    };
  }
  const prefer = RTCRtpTransceiver.prototype.setCodecPreferences;
  const narrow = (transceiver) => {
    if (transceiver.receiver.track.kind === 'video') prefer.call(transceiver, RTCRtpReceiver.getCapabilities('video').codecs);
  };
  RTCRtpTransceiver.prototype.setCodecPreferences = function (codecs) {
    return this.receiver.track.kind === 'video' ? narrow(this) : prefer.call(this, codecs);
  };
  const createOffer = RTCPeerConnection.prototype.createOffer;
  const setLocal = RTCPeerConnection.prototype.setLocalDescription;
  RTCPeerConnection.prototype.createOffer = function (...options) {
    this.getTransceivers().forEach(narrow);
    return createOffer.apply(this, options);
  };
  RTCPeerConnection.prototype.setLocalDescription = function (...description) {
    if (this.signalingState === 'stable') this.getTransceivers().forEach(narrow);
    return setLocal.apply(this, description);
  };
}

/**
 * What arrives for the video of one tile, and for all audio of the page.
 *
 * @param {Element} tile
 * @returns {Promise<{frames: number, width: number, height: number, codec: string, frozenSeconds: number, audioEnergy: number}>}
 */
export async function received(tile) {
  const video = tile.querySelector('video');
  const track = video?.srcObject?.getVideoTracks()[0];
  const found = { frames: 0, width: video?.videoWidth ?? 0, height: video?.videoHeight ?? 0, codec: '', frozenSeconds: 0, audioEnergy: 0 };
  for (const connection of globalThis.testConnections) {
    for (const receiver of connection.getReceivers()) {
      const stats = await receiver.getStats();
      for (const entry of stats.values()) {
        if (entry.type !== 'inbound-rtp') continue;
        if (entry.kind === 'audio') found.audioEnergy += entry.totalAudioEnergy ?? 0;
        if (receiver.track === track && entry.kind === 'video') {
          found.frames = entry.framesDecoded ?? 0;
          found.codec = stats.get(entry.codecId)?.mimeType ?? '';
          found.frozenSeconds = entry.totalFreezesDuration ?? 0;
        }
      }
    }
  }
  return found;
}

/**
 * Mean red, green and blue, 0..255, of parts of a video's present picture.
 *
 * @param {Element} tile
 * @param {Record<string, [number, number, number, number]>} regions left, top, width, height as shares of the picture
 */
export function colors(tile, regions) {
  const video = tile.querySelector('video');
  const [width, height] = [160, 120];
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context.drawImage(video, 0, 0, width, height);
  const mean = ([left, top, wide, high]) => {
    const { data } = context.getImageData(left * width, top * height, wide * width, high * height);
    const sums = [0, 0, 0];
    data.forEach((value, i) => i % 4 < 3 && (sums[i % 4] += value));
    return sums.map((sum) => sum / (data.length / 4));
  };
  return Object.fromEntries(Object.entries(regions).map(([name, region]) => [name, mean(region)]));
}

/**
 * How sharp a part of a video's present picture is: the mean square of the steps between neighboring pixels. Squared, because
 * blur only spreads a step: their plain sum would stay.
 *
 * @param {Element} tile
 * @param {[number, number, number, number]} region as for `colors`
 */
export function sharpness(tile, [left, top, wide, high]) {
  const [width, height] = [320, 240];
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context.drawImage(tile.querySelector('video'), 0, 0, width, height);
  const columns = Math.round(wide * width);
  const { data } = context.getImageData(left * width, top * height, columns, high * height);
  let sum = 0;
  let count = 0;
  for (let i = 4; i < data.length; i += 4) {
    if ((i / 4) % columns === 0) continue;
    sum += (data[i + 1] - data[i - 3]) ** 2;
    count += 1;
  }
  return sum / count;
}
