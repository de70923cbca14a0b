import type { WaitKindCase } from "../fixture.ts";

const saying = (state: string, code: number): WaitKindCase => ({
  title: `while its command says ${state}`,
  prepare: () => ({ ref: "job", options: { cmd: `echo '{"state":"x"}'; exit ${code}` } }),
});

export default [saying("not yet", 1), saying("done", 0), saying("failed", 3)];
