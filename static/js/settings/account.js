// Who one is here, and in which language and light.

import { ask, fetchConfig, refusal } from '../api.js';
import { LANGUAGES, choose, current, explain, t } from '../i18n.js';
import { html, nothing } from '../lit.js';
import { LOOKS, chooseLook, look } from '../look.js';
import { session } from '../session.js';
import { icon } from '../ui/icons.js';
import { Page } from '../ui/page.js';
import { face, profileOf } from '../ui/person.js';

/** Each language is named in itself. */
const LANGUAGE_NAMES = { ko: '한국어', en: 'English' };

class Account extends Page {
  static properties = { ...Page.properties, trouble: { state: true }, development: { state: true } };

  constructor() {
    super();
    this.trouble = '';
    this.development = false;
    fetchConfig().then(({ development }) => (this.development = Boolean(development))).catch(() => {});
  }

  /** Holds here at once, and everywhere when the server has it. @param {Partial<import('../session.js').Me>} changes */
  async #save(changes) {
    this.trouble = '';
    try {
      session.changed(await ask('/me', { method: 'PATCH', body: changes }));
    } catch (error) {
      this.trouble = explain(refusal(error));
    }
  }

  /** @param {typeof LANGUAGES[number]} language */
  async #speak(language) {
    await choose(language);
    await this.#save({ language });
  }

  /** @param {import('../look.js').Look} theme */
  async #show(theme) {
    chooseLook(theme);
    this.requestUpdate();
    await this.#save({ theme });
  }

  render() {
    const { me } = session;
    if (!me) return nothing;
    return html`
      <section class="section" aria-labelledby="set-profile">
        <h2 id="set-profile">${t('nav.profile')}</h2>
        <div class="who-am-i">
          ${face(me, 'large')}
          <p><b>${me.nickname}</b><br /><span class="small">@${me.handle}</span><br /><span class="small">${me.email}</span></p>
        </div>
        <div class="row">
          <a class="button" href="/settings/profile">${t('set.edit-profile')}</a>
          <a class="button quiet" href=${profileOf(me)}>${t('set.see-profile')}</a>
        </div>
      </section>
      <section class="section" aria-labelledby="set-language">
        <h2 id="set-language">${t('settings.language')}</h2>
        <p class="small">${t('set.language-why')}</p>
        <div class="segments" role="radiogroup" aria-labelledby="set-language">
          ${LANGUAGES.map(
            (one) => html`<label lang=${one}><input type="radio" name="language" .checked=${one === current()} @change=${() => this.#speak(one)} /><span>${LANGUAGE_NAMES[one]}</span></label>`,
          )}
        </div>
      </section>
      <section class="section" aria-labelledby="set-look">
        <h2 id="set-look">${t('settings.look')}</h2>
        <div class="segments" role="radiogroup" aria-labelledby="set-look">
          ${LOOKS.map(
            (one) => html`<label><input type="radio" name="look" .checked=${one === look()} @change=${() => this.#show(one)} /><span>${t(`look.${one}`)}</span></label>`,
          )}
        </div>
      </section>
      ${this.development
        ? html`<section class="section" aria-labelledby="set-development">
            <h2 id="set-development">${t('set.development')}</h2>
            <a class="button" href="/dev/outbox" target="_blank" rel="noopener">${icon('mail')}${t('set.outbox')}</a>
          </section>`
        : nothing}
      <div role="alert">${this.trouble ? html`<p class="note warn">${icon('warn')}<span>${this.trouble}</span></p>` : nothing}</div>
    `;
  }
}

customElements.define('mc-set-account', Account);
