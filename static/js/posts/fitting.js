// A picture as the server takes it: sent as it is when it fits, else made smaller, or of another kind, in the browser.

import { NoPicture } from '../people/square.js';

/** What the server takes. */
const KINDS = ['image/jpeg', 'image/png', 'image/webp'];
const MOST_BYTES = 10 * 1024 * 1024;
const MOST_SIDE = 4_096;
/** Of a picture that had to be made smaller: enough for any screen. */
const SIDE = 2_560;
const QUALITY = 0.9;

/**
 * @param {Blob} file any picture the browser can decode
 * @returns {Promise<Blob>}
 */
export async function fitting(file) {
  /** @type {ImageBitmap} */
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new NoPicture();
  }
  const { width, height } = picture;
  if (KINDS.includes(file.type) && file.size <= MOST_BYTES && Math.max(width, height) <= MOST_SIDE) {
    picture.close();
    return file;
  }
  const scale = Math.min(1, SIDE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d');
  if (!context) throw new NoPicture();
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new NoPicture())), 'image/jpeg', QUALITY);
  });
}
