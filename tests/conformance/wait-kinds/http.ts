import { onTestFinished } from "vitest";
import { startReceiver } from "../../plugins/notifiers/receiver.ts";
import type { WaitKindCase } from "../fixture.ts";

export default ["RUNNING", "DONE", "FAILED"].map(
  (state): WaitKindCase => ({
    title: `while the state at the URL is ${state}`,
    prepare: async () => {
      const server = await startReceiver(() => ({ status: 200, body: JSON.stringify({ job: { state } }) }));
      onTestFinished(server.close);
      const options = { pointer: "/job/state", success: ["DONE"], failure: ["FAILED"], consecutive: 1 };
      return { ref: `${server.url}/job`, options };
    },
  }),
);
