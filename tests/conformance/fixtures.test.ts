import { expect, test } from "vitest";
import { notifiers } from "../../plugins/notifiers/registry.ts";
import { queueSources } from "../../plugins/queue-sources/registry.ts";
import { waitKinds } from "../../plugins/wait-kinds/registry.ts";
import { fixtureOf, missingFixture } from "./fixture.ts";

const FAMILIES = { "wait-kinds": waitKinds, "queue-sources": queueSources, notifiers } as const;

test.each(["wait-kinds", "queue-sources", "notifiers"] as const)(
  "every built-in part of plugins/%s has a world to be tested in, and the name that the registry gives it",
  async (family) => {
    const loaders: Readonly<Record<string, () => Promise<{ readonly name: string }>>> = FAMILIES[family];
    for (const [name, load] of Object.entries(loaders)) {
      if (!(await fixtureOf(family, name))) missingFixture(family, name);
      expect((await load()).name).toBe(name);
    }
  },
);
