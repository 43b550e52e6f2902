// Pictures as files for a form, made in the page.

/**
 * @param {import('playwright-core').Page} page
 * @param {{name?: string, color?: string, width?: number, height?: number, type?: string}} [options]
 */
export async function picture(page, { name = 'picture.png', color = '#c43d2b', width = 400, height = 300, type = 'image/png' } = {}) {
  const base64 = await page.evaluate(
    async ([fill, wide, high, kind]) => {
      const canvas = new OffscreenCanvas(wide, high);
      const context = canvas.getContext('2d');
      context.fillStyle = fill;
      context.fillRect(0, 0, wide, high);
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: kind })).arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    },
    [color, width, height, type],
  );
  return { name, mimeType: type, buffer: Buffer.from(base64, 'base64') };
}
