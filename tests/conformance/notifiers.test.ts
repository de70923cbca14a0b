import { onTestFinished, test } from "vitest";
import command from "../../plugins/notifiers/command.ts";
import ntfy from "../../plugins/notifiers/ntfy.ts";
import webhook from "../../plugins/notifiers/webhook.ts";
import { notifierChecks } from "../../src/conformance/notifier.ts";
import type { Notifier, Options } from "../../src/plugin.ts";
import { startReceiver } from "../plugins/notifiers/receiver.ts";
import { conformanceWorld, expectConformance } from "./world.ts";

async function conforms(notifier: Notifier, options: (url: string) => Options): Promise<void> {
  const world = conformanceWorld();
  const receiver = await startReceiver();
  onTestFinished(receiver.close);
  const context = () => ({ ...world.context(), options: options(receiver.url) });
  await expectConformance(notifierChecks({ notifier, context, folders: world.folders }));
}

test("the notifier ntfy passes the suite", () => conforms(ntfy, (url) => ({ url, topic: "test", tags: "robot" })));

test("the notifier webhook passes the suite", () => conforms(webhook, (url) => ({ url, format: "json" })));

test("the notifier command passes the suite", () => conforms(command, () => ({ cmd: "cat >/dev/null" })));
