// A worker that is ready, and dies over every picture, in the way that its text says.

postMessage({ kind: "ready" });
addEventListener("message", async ({ data }) => {
  const what = await data.file?.text();
  if (what === "throws")
    setTimeout(() => {
      throw new Error("as asked");
    });
  if (what === "traps")
    postMessage({ kind: "problem", id: data.id, code: "worker_lost", message: "trap" });
  if (what === "hangs") for (;;);
  if (what === "answers") postMessage({ kind: "done", id: data.id, result: { width: 1 } });
});
