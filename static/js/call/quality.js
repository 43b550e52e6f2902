// Bars of our own connection, from what the browser measures: round trip, loss either way, and frames that did not come.

const EVERY_MS = 2_000;
/** Said again now and then, so that late comers know it too. */
const REPEAT = 8;

/**
 * @typedef {{rtt: number, lost: number, received: number, remoteLoss: number, freezes: number}} Sample
 */

/**
 * @param {RTCStatsReport} report
 * @returns {Sample} sums since the start, round trip in seconds
 */
export function sample(report) {
  const sum = { rtt: 0, lost: 0, received: 0, remoteLoss: 0, freezes: 0 };
  report.forEach((stat) => {
    if (stat.type === 'candidate-pair' && stat.nominated && stat.currentRoundTripTime) {
      sum.rtt = Math.max(sum.rtt, stat.currentRoundTripTime);
    } else if (stat.type === 'inbound-rtp') {
      sum.lost += Math.max(0, stat.packetsLost ?? 0);
      sum.received += stat.packetsReceived ?? 0;
      sum.freezes += stat.freezeCount ?? 0;
    } else if (stat.type === 'remote-inbound-rtp') {
      sum.remoteLoss = Math.max(sum.remoteLoss, stat.fractionLost ?? 0);
    }
  });
  return sum;
}

/**
 * @param {Sample} before
 * @param {Sample} now
 * @returns {number} 0 (nothing gets through) to 4 (clear)
 */
export function bars(before, now) {
  const lost = Math.max(0, now.lost - before.lost);
  const received = Math.max(0, now.received - before.received);
  const loss = Math.max(now.remoteLoss, lost / Math.max(1, lost + received));
  const steps = [
    [0.01, 0.15],
    [0.03, 0.3],
    [0.08, 0.6],
  ];
  const worse = steps.filter(([most = 0, slow = 0]) => loss > most || now.rtt > slow).length;
  return Math.max(1, 4 - worse - (now.freezes > before.freezes ? 1 : 0));
}

export class QualityMeter {
  #timer = 0;

  /**
   * @param {import('./connection.js').Connection} connection
   * @param {(bars: number) => void} say
   */
  constructor(connection, say) {
    /** @type {Sample | undefined} */
    let before;
    let said = -1;
    let turns = 0;
    this.#timer = window.setInterval(async () => {
      const now = sample(await connection.pc.getStats());
      const value = connection.healthy ? bars(before ?? now, now) : 0;
      before = now;
      turns += 1;
      if (value === said && turns % REPEAT) return;
      said = value;
      say(value);
    }, EVERY_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }
}
