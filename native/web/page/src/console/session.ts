/** Asking the service with an operator's token, which is here and nowhere else. */

import { obstacleFrom, reach, ServiceError } from "../service.ts";

const TOKEN = /^hm_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/;

/** Whether a text has a token's form: others are not sent, they may be another secret. */
export function looksLikeToken(text: string): boolean {
  return TOKEN.test(text);
}

/** The token is not valid, or not for this. */
export class NotAllowedError extends Error {
  readonly isValid: boolean;

  constructor(isValid: boolean) {
    super("not allowed");
    this.name = "NotAllowedError";
    this.isValid = isValid;
  }
}

export class Session {
  #token: string | null;

  constructor(token: string) {
    this.#token = token;
  }

  /** Forget the token; what is still asked for is answered to nobody. */
  end(): void {
    this.#token = null;
  }

  /**
   * @throws {NotAllowedError} the token is not good for this.
   * @throws {ServiceError} there is no answer, or a refusal.
   */
  async get<Answer>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const parameters = new URLSearchParams(Object.entries(query).filter(([, value]) => value));
    const full = parameters.size ? `${path}?${parameters}` : path;
    return this.#ask<Answer>(full, {});
  }

  async post(path: string, body: object): Promise<void> {
    const headers = { "Content-Type": "application/json" };
    await this.#ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  async #ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
    if (this.#token === null) throw new NotAllowedError(false);
    const headers = { ...init.headers, Authorization: `Bearer ${this.#token}` };
    const { response, body } = await reach(path, { ...init, headers }, (answer) => answer.json());
    if (response.status === 401) throw new NotAllowedError(false);
    if (response.status === 403) throw new NotAllowedError(true);
    if (!response.ok) throw new ServiceError(obstacleFrom(response));
    return body as Answer;
  }
}

/** What the probes say, which take no token. */
export async function probe<Answer>(path: string): Promise<Answer> {
  return (await reach(path, {}, (answer) => answer.json())).body as Answer;
}

export async function probeText(path: string): Promise<string> {
  const { response, body } = await reach(path, {}, (answer) => answer.text());
  if (!response.ok) throw new ServiceError(obstacleFrom(response));
  return body;
}
