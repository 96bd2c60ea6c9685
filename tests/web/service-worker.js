// Answers each picture with its fingerprint, without a worker of its own.

import { fingerprint } from "/client/direct.js";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  const answer = (result) => event.ports[0].postMessage(result);
  event.waitUntil(
    fingerprint(event.data, undefined, { parts: true }).then(answer, (error) =>
      answer({ problem: String(error) }),
    ),
  );
});
