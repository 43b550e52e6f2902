// Which services outside are switched on, what does their work otherwise, and how it went last.

import { ask } from '../api.js';
import { language, t } from '../i18n.js';
import { Element, html, nothing } from '../lit.js';
import { ago } from '../people/ago.js';
import { watch } from '../store.js';

/** @typedef {{name: string, default: string, configured: boolean, last_success_at: string | null, last_problem: {what: string, at: string} | null}} Service */

class ServicesElement extends Element {
  static properties = { services: { state: true } };

  constructor() {
    super();
    /** @type {Service[]} */
    this.services = [];
    watch(this, language);
  }

  firstUpdated() {
    // What does not come is not shown: the page above says what is wrong with the server.
    ask('/admin/adapters').then(
      (/** @type {{adapters: Service[]}} */ { adapters }) => (this.services = adapters),
      () => {},
    );
  }

  render() {
    if (!this.services.length) return nothing;
    return html`
      <section class="section" aria-labelledby="services">
        <h2 id="services">${t('staff.services')}</h2>
        <p class="small">${t('staff.services-why')}</p>
        <ul class="rows adapters">
          ${this.services.map(
            ({ name, default: inside, configured, last_success_at: success, last_problem: problem }) => html`
              <li>
                <span>
                  <b>${t(`staff.need-${name}`)}</b>
                  <small>
                    ${configured ? nothing : t('staff.inside', { what: t(`staff.inside-${inside}`) })}
                    ${success ? t('staff.worked', { ago: ago(success) }) : nothing}
                    ${problem ? t('staff.problem', { what: problem.what, ago: ago(problem.at) }) : nothing}
                  </small>
                </span>
                <span class="tag">${t(configured ? 'staff.on' : 'staff.off')}</span>
              </li>
            `,
          )}
        </ul>
      </section>
    `;
  }
}

customElements.define('mc-services', ServicesElement);
