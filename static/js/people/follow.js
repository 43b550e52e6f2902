// The button that follows somebody, or stops: it changes at once, and back with a word if the server did not agree.

import { refusal } from '../api.js';
import { announce } from '../call/announce.js';
import { explain, language, t } from '../i18n.js';
import { Element, html } from '../lit.js';
import { watch } from '../store.js';
import { icon } from '../ui/icons.js';
import { toast } from '../ui/toasts.js';
import { follow } from './asks.js';

/** @import { Somebody } from '../ui/person.js' */

/** Event `follow` (detail: whether one follows now), at once and again if it had to be taken back. */
class Follow extends Element {
  static properties = { person: {}, following: { type: Boolean } };

  #pending = false;

  constructor() {
    super();
    this.person = /** @type {Somebody} */ ({});
    this.following = false;
    watch(this, language);
  }

  async #turn() {
    if (this.#pending) return;
    this.#pending = true;
    const on = !this.following;
    this.#say(on);
    try {
      await follow(this.person.id, on);
      announce(t(on ? 'tie.say-following' : 'tie.say-unfollowed', { name: this.person.nickname }));
    } catch (error) {
      this.#say(!on);
      toast(explain(refusal(error)), { tone: 'warn' });
    } finally {
      this.#pending = false;
    }
  }

  /** @param {boolean} following */
  #say(following) {
    this.following = following;
    this.dispatchEvent(new CustomEvent('follow', { detail: following }));
  }

  render() {
    const { following } = this;
    return html`
      <button class=${following ? 'button' : 'button accent'} title=${t(following ? 'tie.unfollow' : 'tie.follow')} @click=${this.#turn}>
        ${icon(following ? 'check' : 'invite')}<span>${t(following ? 'tie.following' : 'tie.follow')}</span
        ><span class="unseen">&nbsp;${this.person.nickname}</span>
      </button>
    `;
  }
}

customElements.define('mc-follow', Follow);
