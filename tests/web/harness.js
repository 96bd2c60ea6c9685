// What tests ask of the client, in a page of its own.

import { Fingerprinter } from "/client/index.js";

const base = "/client/";
let shared;

function problem(error) {
  return { problem: error.code ?? String(error), message: error.message };
}

async function fetched(name) {
  return (await fetch(`/files/${encodeURIComponent(name)}`)).blob();
}

globalThis.harness = {
  async start() {
    shared = await Fingerprinter.start({ base });
  },

  /** What became of each file, in order. */
  async hash(names, options) {
    const results = [];
    for (const name of names)
      results.push(await shared.fingerprint(await fetched(name), options).catch(problem));
    return results;
  },

  /** The paths that anybody has asked the server for so far. */
  asked: async () => (await fetch("/asked")).json(),

  selfTest: () => shared.selfTest(),
};

Object.assign(globalThis.harness, {
  /** What becomes of pictures whose worker dies, one after the other, by the same fingerprinter. */
  async deaths(manners) {
    const fingerprinter = await Fingerprinter.start({ base: "/broken/", timeLimit: 1 });
    const asked = manners.map((manner) => fingerprinter.fingerprint(new Blob([manner])));
    const results = await Promise.all(asked.map((each) => each.catch(problem)));
    fingerprinter.close();
    return results;
  },

  /** What becomes of pictures that are cancelled: the one under way, one that waits, the rest. */
  async cancelled(name) {
    const file = await fetched(name);
    const fingerprinter = await Fingerprinter.start({ base });
    const [running, waiting] = [new AbortController(), new AbortController()];
    const stages = [];
    const first = fingerprinter.fingerprint(file, {
      signal: running.signal,
      onProgress(stage) {
        stages.push(stage);
        if (stage === "decoding") running.abort();
      },
    });
    const second = fingerprinter.fingerprint(file, { signal: waiting.signal });
    const third = fingerprinter.fingerprint(file);
    waiting.abort();
    const aborted = fingerprinter.fingerprint(file, { signal: AbortSignal.abort() });
    const results = await Promise.all(
      [first, second, third, aborted].map((each) => each.catch(problem)),
    );
    const closed = fingerprinter.fingerprint(file).catch(problem);
    fingerprinter.close();
    return {
      stages,
      results,
      closed: await closed,
      later: await fingerprinter.fingerprint(file).catch(problem),
    };
  },

  /** What becomes of pictures once every decoder was fetched, and the network is gone. */
  async offline(names, options) {
    const files = await Promise.all(names.map(fetched));
    const fingerprinter = await Fingerprinter.start({ base });
    await fingerprinter.preload(options);
    await fetch("/end");
    const results = [];
    for (const file of files)
      results.push(await fingerprinter.fingerprint(file, options).catch(problem));
    const without = await Fingerprinter.start({ base }).then(() => "started", problem);
    fingerprinter.close();
    return { results, without };
  },

  /** What an unexpected answer leads to: the self-test before, the picture, the self-test after. */
  async lied(name, options) {
    const file = await fetched(name);
    const fingerprinter = await Fingerprinter.start({ base: "/lying/" });
    const before = await fingerprinter.selfTest();
    const result = await fingerprinter.fingerprint(file, options).catch(problem);
    const after = await fingerprinter.selfTest();
    fingerprinter.close();
    return { before, result, after };
  },

  /** What a start gives where there is no worker, and where its core is missing. */
  async starts(bases) {
    return Promise.all(
      bases.map((each) => Fingerprinter.start({ base: each }).then(() => "started", problem)),
    );
  },
});

Object.assign(globalThis.harness, {
  /** Milliseconds of each fingerprint of a file, and of the main thread's longest task meanwhile. */
  async time(name, rounds, options) {
    const file = await fetched(name);
    let longest = 0;
    const watch = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    if (PerformanceObserver.supportedEntryTypes.includes("longtask"))
      watch.observe({ entryTypes: ["longtask"] });
    const times = [];
    for (let round = 0; round < rounds; round++) {
      const before = performance.now();
      await shared.fingerprint(file, options);
      times.push(performance.now() - before);
    }
    await new Promise((done) => setTimeout(done, 100));
    watch.disconnect();
    return { times, longest };
  },
});

Object.assign(globalThis.harness, {
  /** What a service worker answers for each file. */
  async inServiceWorker(names) {
    await navigator.serviceWorker.register("/service-worker.js", { type: "module" });
    const { active } = await navigator.serviceWorker.ready;
    const results = [];
    for (const name of names) {
      const { port1, port2 } = new MessageChannel();
      const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
      active.postMessage(await fetched(name), [port2]);
      results.push(await answer);
    }
    return results;
  },
});
