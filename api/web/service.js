/** Requests to the service: with the key, and with errors as values that can be shown. */
import { apiKey } from "./api_key.js";
import { found, lost } from "./connection.js";

/** What the service says is wrong (RFC 9457). */
export class Problem extends Error {
  /** @param {{title: string, status: number, detail: string, code: string, remedy: string}} told */
  constructor(told) {
    super(told.detail);
    Object.assign(this, told);
  }
}

/** The service cannot be reached. */
export class Away extends Error {}

/** Whom to ask for a key; the shell sets it. @type {(problem: Problem) => Promise<boolean>} */
let askForKey = async () => false;

/** How often no key was given. */
let declined = 0;

/** @param {(problem: Problem) => Promise<boolean>} ask resolves to whether there is another key */
export function whenKeyIsNeeded(ask) {
  askForKey = ask;
}

/**
 * @typedef {{method?: string, json?: unknown, body?: BodyInit, headers?: Record<string, string>,
 *   signal?: AbortSignal, keepalive?: boolean}} Options
 *   `keepalive`: to be sent even if the page is left meanwhile
 */

/** The service's answer, once it is no error.
 * @param {string} path @param {Options} [options] @returns {Promise<Response>}
 * @throws {Problem} what is wrong @throws {Away} @throws {DOMException} AbortError
 */
export async function request(path, options = {}) {
  const [key, times] = [apiKey(), declined];
  const response = await sent(path, key, options);
  if (response.ok) return response;
  const problem = new Problem(await told(response));
  if (response.status === 401 && (await isThereAnother(key, times, problem))) return request(path, options);
  throw problem;
}

/** Whoever gave a key, or would not, while a request was under way is not asked again for that request. */
async function isThereAnother(key, times, problem) {
  if (apiKey() !== key) return true;
  if (declined !== times) return false;
  const given = await askForKey(problem);
  if (!given) declined += 1;
  return given;
}

/** The same, as JSON. @param {string} path @param {Options} [options] @returns {Promise<any>} */
export async function json(path, options = {}) {
  return (await request(path, options)).json();
}

/** A path with what is asked of it; what is null or undefined is left out.
 * @param {string} path @param {Record<string, unknown>} query
 */
export function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const pairs = given.flatMap(([name, value]) => [value].flat().map((one) => [name, `${one}`]));
  return pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path;
}

async function sent(path, key, { method, json: value, body = null, headers = {}, signal, keepalive }) {
  const written = value === undefined ? body : JSON.stringify(value);
  const all = new Headers(headers);
  if (value !== undefined) all.set("Content-Type", "application/json");
  if (key) all.set("Authorization", `Bearer ${key}`);
  try {
    const asked = method ?? (written === null ? "GET" : "POST");
    const response = await fetch(path, { method: asked, body: written, headers: all, signal, keepalive });
    found();
    return response;
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (!(error instanceof TypeError)) throw error;
    lost();
    throw new Away("The service cannot be reached.");
  }
}

async function told(response) {
  try {
    const problem = await response.json();
    if (typeof problem.detail === "string") return problem;
  } catch {
    // A proxy before the service may answer with something else.
  }
  return {
    title: response.statusText || "Error",
    status: response.status,
    detail: `The answer was ${response.status}, without a word why.`,
    code: "unknown",
    remedy: "Try again; if it stays so, look at the service's log.",
  };
}
