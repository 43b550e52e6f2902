// How often the network that reads expressions is wrong, out of what the server publishes about its networks.

/** @typedef {{name: string, wrong: number | null, measured: string[]}} Reader `wrong`: of 100, by the worst of its tests */

/**
 * @param {unknown} body of GET /api/v1/models
 * @returns {Reader | null}
 */
export function expressionReader(body) {
  const any = /** @type {any} */ (body);
  /** @type {any[]} */
  const models = Array.isArray(any) ? any : (any?.models ?? any?.items ?? []);
  const model = models.find(({ role }) => role === 'expression');
  if (!model) return null;
  const measured = [model.accuracy ?? []].flat().map(String);
  const right = measured.map((line) => Number.parseFloat(/^([\d.]+)\s*%/.exec(line)?.[1] ?? '')).filter(Number.isFinite);
  return { name: String(model.name), wrong: right.length ? Math.round(100 - Math.min(...right)) : null, measured };
}
