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
    this.seen.push({ method, url, headers, body: body.toString() });
    const away = () => request.socket.destroy();
    if (this.mode === "away") return away();
    try {
      const answer = await forward(url, method, headers, body, this.tamper !== null);
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
