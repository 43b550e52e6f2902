// One's own picture in every thumbnail: one hidden video, drawn now and then into small canvases.

const EVERY_MS = 250;

export class Mirror {
  #video = document.createElement('video');
  #timer = 0;

  /** @param {import('/vendor/@lit/reactive-element/reactive-element.js').ReactiveElement} host */
  constructor(host) {
    this.host = host;
    this.#video.muted = true;
    this.#video.playsInline = true;
    host.addController({ hostDisconnected: () => this.#stop() });
  }

  /**
   * @param {MediaStream} stream
   * @param {boolean} shows
   */
  follow(stream, shows) {
    this.host.toggleAttribute('data-pictured', shows);
    if (!shows) return this.#stop();
    if (this.#timer) return;
    this.#video.srcObject = stream;
    this.#video.play().catch(() => {});
    this.#timer = window.setInterval(() => this.#draw(), EVERY_MS);
  }

  #draw() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (!width || !height) return;
    for (const canvas of this.host.querySelectorAll('canvas')) {
      const context = canvas.getContext('2d');
      if (!context) continue;
      // As CSS's `object-fit: cover` would, and mirrored like the tile.
      const scale = Math.max(canvas.width / width, canvas.height / height);
      context.setTransform(-scale, 0, 0, scale, (canvas.width + width * scale) / 2, (canvas.height - height * scale) / 2);
      context.drawImage(this.#video, 0, 0);
    }
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#video.srcObject = null;
  }
}
