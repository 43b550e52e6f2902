// A picture of one's own, cut to a square around its centre before it leaves the browser: what is cut off is never sent,
// and neither is what the camera wrote into the file.

/** Enough for the largest place a profile has, on a fine screen. */
const SIDE = 512;
const QUALITY = 0.9;

/** The file is no picture that this browser can read. */
export class NoPicture extends Error {}

/**
 * @param {Blob} file any picture the browser can decode
 * @returns {Promise<Blob>} a square WebP, or PNG where the browser cannot make WebP
 */
export async function squareOf(file) {
  /** @type {ImageBitmap} */
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new NoPicture();
  }
  const cut = Math.min(picture.width, picture.height);
  const side = Math.min(cut, SIDE);
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d');
  if (!context || !cut) throw new NoPicture();
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, (picture.width - cut) / 2, (picture.height - cut) / 2, cut, cut, 0, 0, side, side);
  picture.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new NoPicture())), 'image/webp', QUALITY);
  });
}
