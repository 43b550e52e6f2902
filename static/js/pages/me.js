// `/me`: the own profile, whatever its handle is.

import { Element } from '../lit.js';
import { go } from '../router.js';
import { session } from '../session.js';
import { profileOf } from '../ui/person.js';

class Myself extends Element {
  firstUpdated() {
    if (session.me) go(profileOf(session.me), { replace: true });
  }
}

customElements.define('mc-myself', Myself);
