// How often the expression model is right, out of what the server publishes about its models.

/**
 * @param {unknown} body of GET /api/v1/models
 * @returns {{name: string, percent: number | null} | null} share of expressions it reads as people do
 */
export function accuracy(body) {
  /** @type {any} */
  const any = body;
  /** @type {any[]} */
  const models = Array.isArray(any) ? any : (any?.models ?? any?.items ?? []);
  const model = models.find((one) => /emotion|expression/i.test(JSON.stringify([one.name, one.task, one.kind, one.role])));
  if (!model) return null;
  const measured = model.accuracy ?? model.measured_accuracy ?? model.measured?.accuracy;
  const share = Number.parseFloat(typeof measured === 'object' ? (measured?.value ?? measured?.top1) : measured);
  const percent = Number.isFinite(share) ? Math.round(share > 1 ? share : share * 100) : null;
  return { name: String(model.name ?? model.id ?? ''), percent };
}
