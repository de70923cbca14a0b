// needs: openssl
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Sandbox, sandbox } from "../../../helpers/p9.ts";

type Listening = ReturnType<typeof createServer> | ReturnType<typeof createSecureServer>;

async function listen(server: Listening): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A certificate for this machine by an authority of the test's own, and what makes both runtimes believe it. */
function certificate({ dir }: Sandbox) {
  const file = (name: string) => join(dir, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: dir, stdio: "ignore" });
  const made = ["-newkey", "rsa:2048", "-nodes"];
  writeFileSync(file("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  openssl("req", "-x509", ...made, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test authority");
  openssl("req", ...made, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=localhost");
  const by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
  openssl("x509", "-req", "-in", "request.pem", ...by, "-out", "cert.pem");
  return {
    tls: { key: readFileSync(file("key.pem")), cert: readFileSync(file("cert.pem")) },
    env: { NODE_EXTRA_CA_CERTS: file("ca.pem"), DENO_CERT: file("ca.pem") },
  };
}

test.each(["node", "deno"] as const)(
  "p9 on %s follows no redirect from https to http, also when asked to",
  async (runtime) => {
    const user = sandbox();
    const { tls, env } = certificate(user);
    const asked: string[] = [];
    const plain = await listen(
      createServer((request, response) => response.end(asked.push(request.url ?? "") && "up")),
    );
    const other = await listen(createSecureServer(tls, (_, response) => response.end("up")));
    const first = await listen(
      createSecureServer(tls, (request, response) => {
        const to = request.url === "/down" ? `http://127.0.0.1:${plain}/` : `https://localhost:${other}/`;
        response.writeHead(302, { location: to }).end();
      }),
    );
    const watch = (path: string) =>
      user.p9(
        [
          "watch",
          "http",
          `https://127.0.0.1:${first}${path}`,
          "--follow",
          "--interval",
          "1",
          "--timeout",
          "4",
          "--json",
        ],
        { runtime, env },
      );
    const down = await watch("/down");
    expect(down.code).toBe(12);
    expect(down.stdout).toContain("that is not followed");
    expect(asked).toEqual([]);
    expect((await watch("/across")).code).toBe(0);
  },
);
