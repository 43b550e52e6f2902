// A post: its pictures large, its words, and what people say about it.

import { Refusal, refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { html, ifDefined, nothing } from '../lit.js';
import '../comments/comments.js';
import '../comments/led-to.js';
import { playlistAt } from '../playlists/asks.js';
import { changes, deletePost, fetchPost, postAt, restorePost } from '../posts/asks.js';
import { figure } from '../posts/figure.js';
import '../posts/marks.js';
import { byline, image, moodOf, tagsOf } from '../posts/parts.js';
import { report } from '../posts/report.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { icon } from '../ui/icons.js';
import { loading } from '../ui/list.js';
import '../ui/menu.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toasts.js';

/** @import { Post } from '../posts/asks.js' */

class PostPage extends Page {
  static properties = { ...Page.properties, post: { state: true }, state: { state: true } };

  #deleting = false;

  constructor() {
    super();
    /** @type {Post | null} */
    this.post = null;
    /** @type {'loading' | 'ready' | 'gone' | Refusal} */
    this.state = 'loading';
  }

  connectedCallback() {
    super.connectedCallback();
    changes.addEventListener('change', this.#changed);
    // Who looks decides what is shown.
    session.addEventListener('login', this.#again);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    changes.removeEventListener('change', this.#changed);
    session.removeEventListener('login', this.#again);
  }

  firstUpdated() {
    this.#load();
  }

  #again = () => this.#load();

  #changed = (/** @type {Event} */ event) => {
    const { id, patch } = /** @type {CustomEvent} */ (event).detail;
    if (this.post?.id === id && patch) this.post = { ...this.post, ...patch };
  };

  async #load() {
    try {
      this.post = await fetchPost(this.params.id ?? '');
      this.state = 'ready';
      await this.updateComplete;
      if (location.hash === '#comments') this.querySelector('#comments')?.scrollIntoView();
    } catch (error) {
      const why = refusal(error);
      if (why.status === 404) this.state = 'gone';
      else if (!this.post) this.state = why;
    }
  }

  /** @param {Post} post */
  async #delete({ id }) {
    if (this.#deleting) return;
    this.#deleting = true;
    try {
      await deletePost(id);
    } catch (error) {
      toast(explain(refusal(error)), { tone: 'warn' });
      return;
    } finally {
      this.#deleting = false;
    }
    changes.tell(id, null);
    toast(t('post.deleted'), { action: { word: t('undo'), act: () => this.#restore(id) } });
    if (history.state?.at > 0) history.back();
    else await go('/', { replace: true });
  }

  /** @param {string} id */
  async #restore(id) {
    try {
      await restorePost(id);
      await go(postAt(id));
    } catch (error) {
      toast(explain(refusal(error)), { tone: 'warn' });
    }
  }

  /** @param {Post} post */
  #choices(post) {
    if (post.mine) {
      return [
        { word: t('post.edit'), icon: 'pencil', href: `${postAt(post.id)}/edit` },
        { word: t('post.delete'), icon: 'discard', act: () => this.#delete(post) },
      ];
    }
    return session.me ? [{ word: t('report.do'), icon: 'flag', act: () => report('post', post.id) }] : [];
  }

  /** @param {Post} post */
  #pictures({ pictures, title }) {
    return pictures.map(
      (picture, index) => html`
        <figure class="post-figure">
          ${image(picture, { title, nth: index + 1, of: pictures.length, lazy: index > 0 })}
          ${picture.description || picture.from_call
            ? html`<figcaption class="small">
                ${picture.from_call ? html`<span class="from-call">${icon('camera')}${t('post.from-call')}</span>` : nothing}${picture.description}
              </figcaption>`
            : nothing}
        </figure>
      `,
    );
  }

  /** @param {CustomEvent} event */
  #counted({ detail: by }) {
    const { post } = this;
    if (post) changes.tell(post.id, { counts: { ...post.counts, comments: Math.max(0, post.counts.comments + by) } });
  }

  #gone() {
    this.named(t('post.gone'));
    return html`
      <main class="page quiet-page">
        <span class="emblem">${icon('picture')}</span>
        <h1>${t('post.gone')}</h1>
        <p class="lead">${t(session.me ? 'post.gone-why' : 'post.gone-guest')}</p>
        <div class="row">
          ${session.me ? nothing : html`<a class="button accent" href=${`/login?next=${encodeURIComponent(location.pathname)}`}>${t('nav.log-in')}</a>`}
          <a class="button" href="/">${icon('home')}${t('nav.home')}</a>
        </div>
      </main>
    `;
  }

  render() {
    const { post, state } = this;
    if (state === 'gone') return this.#gone();
    if (state instanceof Refusal) return this.failed(state, () => this.#load());
    if (!post) return html`<main class="page">${loading()}</main>`;
    this.named(post.title);
    const led = this.query.get('comment');
    return html`
      <main class="page post" data-aura=${ifDefined(post.mood ?? undefined)}>
        <article>
          <header class="post-head">
            ${byline(post)}
            <mc-menu .label=${t('post.more')} .choices=${this.#choices(post)}></mc-menu>
          </header>
          <h1>${post.title}</h1>
          ${moodOf(post)} ${this.#pictures(post)} ${post.body ? html`<p class="post-body">${post.body}</p>` : nothing} ${tagsOf(post)}
          ${post.playlist ? html`<a class="tile-card playlist-link" href=${playlistAt(post.playlist.id)}>${icon('music')}<span>${t('profile.playlist')}: <b>${post.playlist.title}</b></span></a>` : nothing}
          <p class="small">${t(post.counts.views === 1 ? 'post.view' : 'post.views', { count: figure(post.counts.views) })}</p>
          <mc-marks class="marks" .post=${post}></mc-marks>
        </article>
        ${led ? html`<mc-led-to .comment=${led} .post=${post.id} .author=${post.author.id}></mc-led-to>` : nothing}
        <mc-comments .post=${post.id} .author=${post.author.id} .count=${post.counts.comments} @counted=${this.#counted}></mc-comments>
      </main>
    `;
  }
}

customElements.define('mc-post', PostPage);
