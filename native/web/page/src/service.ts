/** The service over HTTP: what is asked, and every way in which an answer can fail to come. */

/** What became of one picture at the service. */
export interface Outcome {
  state: "live" | "review" | "refused" | "withdrawn";
  reason?: string | null;
}

/** What is given for a submission. */
export interface Receipt {
  readonly case: string;
  readonly phrase: string;
  /** In the order of the pictures that were sent; empty where the service does not say. */
  readonly outcomes: readonly Outcome[];
}

export interface Case {
  readonly number: string;
  readonly state: string;
  readonly created: Date | null;
  readonly withdrawn: Date | null;
  readonly entries: number | null;
  readonly active: number | null;
  /** How many are held back until a person has decided. */
  readonly inReview: number | null;
  readonly platforms: readonly { name: string; since: Date | null; matches: number | null }[];
}

/** Why there is no answer, in a word that the page has a sentence for. */
export type Reason = "away" | "busy" | "refused" | "too_big" | "closed" | "not_found";

/** Something stands in the way; `final`: trying again would not help, and nothing was kept. */
export interface Obstacle {
  readonly reason: Reason;
  readonly final: boolean;
  /** How long the service asks to wait. */
  readonly seconds?: number;
}

export class ServiceError extends Error {
  readonly obstacle: Obstacle;

  constructor(obstacle: Obstacle) {
    super(obstacle.reason);
    this.name = "ServiceError";
    this.obstacle = obstacle;
  }
}

const PATIENCE_MS = 60_000;

/** A key under which one submission can be sent any number of times: 256 random bits. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Send a submission.
 *
 * @throws {ServiceError} it did not arrive, or that is not known.
 */
export async function submit(body: string, key: string, signal?: AbortSignal): Promise<Receipt> {
  const answer = await ask("/v1/cases", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key },
    body,
    signal: signal ?? null,
  });
  const { case: number, secret_phrase: phrase, pictures } = answer;
  // An answer of another kind: something between here and the service has spoken instead of it.
  if (typeof number !== "string" || typeof phrase !== "string") {
    throw new ServiceError({ reason: "away", final: false });
  }
  return { case: number, phrase, outcomes: Array.isArray(pictures) ? pictures : [] };
}

/** Look a case up. */
export async function look(number: string): Promise<Case> {
  return caseFrom(await ask(`/v1/cases/${encodeURIComponent(number)}`, {}));
}

/** Take a case back. */
export async function takeBack(number: string, phrase: string): Promise<Case> {
  const path = `/v1/cases/${encodeURIComponent(number)}/withdrawal`;
  return caseFrom(await ask(path, { method: "POST", headers: { "Secret-Phrase": phrase } }));
}

type Answer = Record<string, unknown>;

async function ask(path: string, init: RequestInit): Promise<Answer> {
  const { response, body } = await reach(path, init, (answer) => answer.json());
  if (!response.ok) throw new ServiceError(obstacleFrom(response));
  if (typeof body !== "object" || body === null) {
    throw new ServiceError({ reason: "away", final: false });
  }
  return body as Answer;
}

/**
 * An answer of the service, whatever its status, and its body as `read` reads it.
 *
 * @throws {ServiceError} none came in time, or none that can be read.
 */
export async function reach<Body>(
  path: string,
  init: RequestInit,
  read: (response: Response) => Promise<Body>,
): Promise<{ response: Response; body: Body }> {
  const patience = new AbortController();
  const end = () => patience.abort();
  const timer = setTimeout(end, PATIENCE_MS);
  init.signal?.addEventListener("abort", end);
  try {
    const response = await fetch(path, {
      ...init,
      signal: patience.signal,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    return { response, body: await read(response) };
  } catch {
    throw new ServiceError({ reason: "away", final: false });
  } finally {
    clearTimeout(timer);
    init.signal?.removeEventListener("abort", end);
  }
}

/** What a status that is not good means. */
export function obstacleFrom(response: Response): Obstacle {
  const { status } = response;
  if (status === 429) return { reason: "busy", final: false, ...retryAfter(response) };
  if (status >= 500) return { reason: "away", final: false, ...retryAfter(response) };
  if (status === 401 || status === 403) return { reason: "closed", final: true };
  if (status === 404) return { reason: "not_found", final: true };
  if (status === 413) return { reason: "too_big", final: true };
  return { reason: "refused", final: true };
}

function retryAfter(response: Response): { seconds?: number } {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? { seconds: Math.min(seconds, 3600) } : {};
}

/** Whatever the service leaves out is shown as not known. */
function caseFrom(answer: Answer): Case {
  const platforms = Array.isArray(answer.platforms) ? (answer.platforms as Answer[]) : [];
  return {
    number: String(answer.case ?? ""),
    state: String(answer.state ?? "open"),
    created: dateFrom(answer.created),
    withdrawn: dateFrom(answer.withdrawn),
    entries: numberFrom(answer.entries),
    active: numberFrom(answer.active),
    inReview: numberFrom(answer.in_review),
    platforms: platforms.map(({ platform, served, blocked, reviewed }) => ({
      name: String(platform ?? ""),
      since: dateFrom(served),
      matches:
        typeof blocked === "number" && typeof reviewed === "number" ? blocked + reviewed : null,
    })),
  };
}

function numberFrom(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function dateFrom(value: unknown): Date | null {
  if (typeof value !== "string") return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}
