import { request } from "node:http";
import type { Exec, ExecResult } from "../../../src/process/exec.ts";

/**
 * Stands in for `gh api --include` where thousands of requests are made on a clock of the test's own: the same request over
 * the same socket, without a process for each. Everything that is measured in processes uses the real `gh`. There is no git.
 */
export function inProcessGh(socketPath: string): Exec {
  return (argv, options = {}) => {
    const method = argv[argv.indexOf("--method") + 1] ?? "GET";
    const path = `/${argv.at(-1)}`;
    const ended = (code: number, stdout: string, stderr = ""): ExecResult => {
      return { code, signal: null, stdout, stderr, timedOut: false, truncated: false, notFound: false };
    };
    if (argv[0] !== "gh") return Promise.resolve(ended(128, "", "not a git repository"));
    return new Promise<ExecResult>((resolve) => {
      const sent = request({ socketPath, method, path, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const head = Object.entries(response.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
          const stdout = `HTTP/1.1 ${response.statusCode} \r\n${head.join("")}\r\n${Buffer.concat(chunks).toString()}`;
          resolve(ended(0, stdout));
        });
      });
      sent.on("error", (error) => resolve(ended(1, "", error.message)));
      sent.end(options.input);
    });
  };
}
