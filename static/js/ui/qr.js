// A link as a picture that a phone's camera reads.

import qrcode from '/vendor/qrcode-generator/dist/qrcode.mjs';
import { t } from '../i18n.js';
import { html, svg } from '../lit.js';

const QUIET_ZONE = 3;

/** @param {string} text */
export function qr(text) {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  let path = '';
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (code.isDark(row, column)) path += `M${column},${row}h1v1h-1z`;
    }
  }
  const side = size + 2 * QUIET_ZONE;
  return html`
    <svg class="qr" role="img" aria-label=${t('invite.qr')} viewBox=${`${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}`}>
      ${svg`<path d=${path} shape-rendering="crispEdges" />`}
    </svg>
  `;
}
