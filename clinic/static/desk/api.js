// Talks HTTP with the house: cookie session, CSRF token, problem documents.
import { say, setup } from "./words.js";

const PATIENCE_MS = 15000;

export class ApiError extends Error {
  constructor(status, document, retryAfter) {
    super(document.detail || say("failed"));
    this.status = status;
    this.code = document.code || "";
    this.document = document;
    this.retryAfter = retryAfter;
  }
}

// Nobody answered: no network, or the server is away.
class UnreachableError extends Error {
  constructor() {
    super(say("unreachable"));
    this.status = 0;
    this.code = "unreachable";
  }
}

export const get = (path, query = {}) => ask("GET", path + asQuery(query));
// What moves a place or money wants a key, so that asking twice does it once.
export const post = (path, body = {}, key = "") => ask("POST", path, body, key);
export const put = (path, body = {}) => ask("PUT", path, body);

function asQuery(query) {
  const given = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

async function ask(method, path, body, key = "") {
  const options = { method, headers: headers(), signal: AbortSignal.timeout(PATIENCE_MS), credentials: "same-origin" };
  if (key) options.headers["Idempotency-Key"] = key;
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  return read(await reach(path, options));
}

export async function upload(path, form) {
  return read(await reach(path, { method: "POST", headers: headers(), body: form, credentials: "same-origin" }));
}

function headers() {
  return { Accept: "application/json", "Accept-Language": setup.language, "X-CSRFToken": setup.csrf };
}

async function reach(path, options) {
  try {
    return await fetch(setup.api + path, options);
  } catch {
    throw new UnreachableError();
  }
}

async function read(answer) {
  if (answer.status === 204) return null;
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  const told = isJson ? await answer.json() : {};
  if (answer.ok) return told;
  if (answer.status === 401) location.assign(setup.login);
  throw new ApiError(answer.status, told, Number(answer.headers.get("Retry-After")) || 0);
}
