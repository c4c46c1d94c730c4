// Talking to the emulator: JSON in, JSON out.

/** What the server refused, in words a person can read. */
export class Refused extends Error {
  constructor(answer) {
    super(answer?.detail || answer?.error || "The emulator did not answer.");
    this.code = answer?.error ?? "unreachable";
    this.errors = answer?.errors ?? null;
  }
}

async function request(path, init) {
  let answer;
  try {
    const response = await fetch(path, init);
    answer = await response.json();
    if (!response.ok && answer?.ok !== false) answer = { ok: false, error: `status_${response.status}`, ...answer };
  } catch {
    throw new Refused(null);
  }
  if (answer?.ok === false) throw new Refused(answer);
  return answer;
}

/** Reads `path` with query parameters; those undefined are left out. */
export function read(path, query = {}) {
  const known = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(known).toString();
  return request(search ? `${path}?${search}` : path, { cache: "no-store" });
}

/** Posts `body` as JSON. Throws Refused when the server says no. */
export function post(path, body) {
  return request(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}
