import type { Answer, Sent } from "./message.ts";

const NOTHING: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} };

/** Sends one request and follows no redirect. With `privateHosts`, the address that is connected to is checked first. */
export async function send(url: URL, sent: Sent): Promise<Answer> {
  if (sent.privateHosts !== undefined) {
    const { sendChecked } = await import("./checked.ts");
    return sendChecked(url, sent, sent.privateHosts);
  }
  const { method, headers, body, signal } = sent;
  const answer = await fetch(url, { method, headers, body, redirect: "manual", signal });
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: answer.body ?? NOTHING,
    drop: async () => answer.body?.cancel(),
  };
}
