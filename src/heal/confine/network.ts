import type { LoadedPolicy } from "../../config/load.ts";
import type { TrustSubject } from "../../contract/context.ts";
import { ForbiddenError } from "../../core/errors.ts";
import { isTrusted } from "../../trust/trust.ts";

/** What is trusted before heal commands that a repository's policy gives the network may use it; none when it does not. */
export function networkSubjects({ raw }: Pick<LoadedPolicy, "raw">): readonly TrustSubject[] {
  const asks = (blocks: LoadedPolicy["raw"]["policy"]) => wantsNetwork(blocks.ci_heal);
  if (!asks(raw.policy) || asks(raw.config)) return [];
  return [
    {
      subject: "ci_heal.network",
      content: "network: true\nheal commands reach the network, and this machine's own servers",
    },
  ];
}

/**
 * Whether heal commands may use the network.
 *
 * @throws {ForbiddenError} (7) when the repository's policy says so and that is not trusted.
 */
export async function mayUseNetwork(policy: LoadedPolicy, place: Parameters<typeof isTrusted>[0]): Promise<boolean> {
  for (const subject of networkSubjects(policy)) {
    if (await isTrusted(place, subject)) continue;
    throw new ForbiddenError(
      "Cannot give heal commands the network (ci_heal.network): the repository names it and it is not trusted",
      { hint: "p9 trust shows it and asks" },
    );
  }
  return policy.ci_heal.network;
}

function wantsNetwork(block: unknown): boolean {
  return typeof block === "object" && block !== null && "network" in block && block.network === true;
}
