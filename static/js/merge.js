// Fields that were changed here, and elsewhere meanwhile: whoever touched a field alone has it; both, it is contested.

/**
 * @param {unknown} one
 * @param {unknown} other
 */
export const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * @template {Record<string, any>} Fields
 * @param {Fields} mine
 * @param {Fields} before what both began with
 * @param {Fields} theirs
 * @returns {{merged: Fields, contested: string[]}} `contested`: the names of the fields that both changed, and not to the same; they are mine
 */
export function merge(mine, before, theirs) {
  const touched = Object.keys(theirs).filter((name) => !alike(mine[name], before[name]));
  const merged = { ...theirs, ...Object.fromEntries(touched.map((name) => [name, mine[name]])) };
  return { merged, contested: touched.filter((name) => !alike(theirs[name], before[name]) && !alike(theirs[name], mine[name])) };
}
