/** Questions and filters, as they stand in the address and as the service takes them. Pure.
 *
 * @typedef {{question: string, language: string[], path: string[], from: string, to: string, limit: number}} Asked
 */

export const LIMIT = 5;
/** As many as the service gives at once. */
export const MOST = 100;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** @param {URLSearchParams} query @returns {Asked} */
export function read(query) {
  const day = (name) => (DAY.test(query.get(name) ?? "") ? query.get(name) : "");
  const limit = Number.parseInt(query.get("limit") ?? "", 10);
  return {
    question: (query.get("q") ?? "").trim(),
    language: query.getAll("language").filter(Boolean),
    path: query.getAll("path").filter(Boolean),
    from: day("from"),
    to: day("to"),
    limit: limit > LIMIT ? Math.min(limit, MOST) : LIMIT,
  };
}

/** @param {Partial<Asked>} asked @returns {URLSearchParams} */
export function written({ question = "", language = [], path = [], from = "", to = "", limit = LIMIT }) {
  const pairs = [
    ["q", question],
    ...language.map((one) => ["language", one]),
    ...path.map((one) => ["path", one]),
    ["from", from],
    ["to", to],
    ["limit", limit === LIMIT ? "" : `${limit}`],
  ];
  return new URLSearchParams(pairs.filter(([, value]) => value));
}

/** The body of `POST /v1/ask`. @param {Asked} asked */
export function body({ question, language, path, from, to, limit }) {
  const filters = { language, path, date_from: from || null, date_to: to || null };
  return { question, limit, explain: true, filters };
}

/** Whether anything filters. @param {Asked} asked */
export function filtered({ language, path, from, to }) {
  return Boolean(language.length || path.length || from || to);
}
