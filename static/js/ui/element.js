// What every element of the call has in common: the call, and rendering again when it or the language changes.

import { language } from '../i18n.js';
import { Element } from '../lit.js';
import { watch } from '../store.js';

/** @import { Call } from '../call/call.js' */

export class CallElement extends Element {
  /** @type {import('/vendor/@lit/reactive-element/reactive-element.js').PropertyDeclarations} */
  static properties = { call: {} };

  constructor() {
    super();
    // Set by the template that shows this element, before it is connected.
    this.call = /** @type {Call} */ ({});
    watch(this, language);
  }

  connectedCallback() {
    super.connectedCallback();
    watch(this, this.call);
    watch(this, this.call.media);
  }
}
