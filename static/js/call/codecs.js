// Which codecs we offer. Few, because the server matches each of them on the thread that forwards media.

/** @import { Kind } from '../messages.d.ts' */

const ORDER = { audio: ['audio/opus'], video: ['video/VP8', 'video/H264', 'video/rtx'] };

/**
 * VP8 first, because effects need it; H.264 so that a browser which has nothing else is seen too.
 * @param {Kind} kind
 * @returns {RTCRtpCodec[]} empty where the browser cannot say: it then offers what it likes
 */
export function preferredCodecs(kind) {
  const known = RTCRtpReceiver.getCapabilities?.(kind)?.codecs ?? [];
  return ORDER[kind].flatMap((type) =>
    known.filter((codec) => codec.mimeType.toLowerCase() === type.toLowerCase()),
  );
}
