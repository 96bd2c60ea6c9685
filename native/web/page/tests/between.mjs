/**
 * Stands between the browser and everything else: every request that the browser makes passes here
 * and is noted, whichever page, worker or origin it is for. It can also be away.
 */

import http from "node:http";

export class Between {
  /** Every request since `clear`: method, url, headers, body. */
  seen = [];
  /** "open"; "away": connections break; "swallow": requests arrive, their answers do not. */
  mode = "open";
  /** Called with a request's method and path; an answer `{ status, headers, body }` is given. */
  instead = null;
  /** Called with the path and the body of an answer; what it returns is sent in its place. */
  tamper = null;

  #server = http.createServer((request, response) => void this.#pass(request, response));

  async start() {
    // What is encrypted would be for elsewhere: it is noted, and goes nowhere.
    this.#server.on("connect", (request, socket) => {
      this.seen.push({ method: "CONNECT", url: request.url, headers: {}, body: "" });
      socket.destroy();
    });
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.port = this.#server.address().port;
    return this;
  }

  reset() {
    this.seen = [];
    this.mode = "open";
    this.tamper = null;
    this.instead = null;
  }

  /** The submissions that were seen, each with its key and what it was answered. */
  get submissions() {
    return this.seen
      .filter((each) => each.method === "POST" && each.url.endsWith("/v1/cases"))
      .map(({ headers, body, answer }) => ({ key: headers["idempotency-key"], body, answer }));
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #pass(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method, url, headers } = request;
    const noted = { method, url, headers, body: body.toString(), answer: null };
    this.seen.push(noted);
    const away = () => request.socket.destroy();
    if (this.mode === "away") return away();
    const given = this.instead?.(method, new URL(url).pathname);
    if (given) {
      response.writeHead(given.status, { "content-type": "application/json", ...given.headers });
      response.end(JSON.stringify(given.body ?? {}));
      return;
    }
    try {
      const answer = await forward(url, method, headers, body, this.tamper !== null);
      noted.answer = answer.body.length < 10_000 ? answer.body.toString() : null;
      if (this.mode === "swallow") return away();
      const path = new URL(url).pathname;
      const content = this.tamper?.(path, answer.body) ?? answer.body;
      const { "content-length": _, "transfer-encoding": __, ...kept } = answer.headers;
      response.writeHead(answer.status, { ...kept, "content-length": content.length });
      response.end(content);
    } catch {
      away();
    }
  }
}

function forward(url, method, headers, body, plain) {
  return new Promise((resolve, reject) => {
    const given = { ...headers, "proxy-connection": undefined };
    if (plain) given["accept-encoding"] = "identity";
    const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
    const request = http.request(url, { method, headers: wanted, agent: false }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}
