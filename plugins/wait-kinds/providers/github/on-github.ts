import type { Provider } from "../../../../src/provider.ts";
import cloudflarePages from "../deploys/cloudflare-pages.ts";
import netlify from "../deploys/netlify.ts";
import railway from "../deploys/railway.ts";
import render from "../deploys/render.ts";
import vercel from "../deploys/vercel.ts";
import workersBuilds from "../deploys/workers-builds.ts";

/** A vendor as it shows on GitHub. */
export interface Vendor {
  readonly provider: Provider;
  readonly blocked: RegExp | null;
  readonly skipped: RegExp | null;
}

/** What is known of an item on GitHub. */
export interface Shown {
  readonly creator?: string | null;
  readonly app?: string | null;
  readonly check?: string;
  readonly context?: string;
}

const VENDORS = [vercel, cloudflarePages, workersBuilds, netlify, railway, render].map((provider: Provider) => {
  const shown = provider.onGitHub ?? {};
  return {
    vendor: { provider, blocked: anyCase(shown.blocked), skipped: anyCase(shown.skipped) },
    creators: (shown.creators ?? []).map(whole),
    checks: (shown.checks ?? []).map(({ app, name }) => ({ app, name: whole(name) })),
    contexts: (shown.contexts ?? []).map(whole),
    ignore: (shown.ignore ?? []).map(whole),
  };
});

/** The vendor of an item on GitHub; null: unknown. */
export function vendorOf({ creator, app, check, context }: Shown): Vendor | null {
  const found = VENDORS.find(({ creators, checks, contexts, ignore }) => {
    if (creator) return creators.some((expression) => expression.test(creator));
    if (context) return contexts.some((expression) => expression.test(context));
    if (!check || ignore.some((expression) => expression.test(check))) return false;
    return checks.some((one) => one.app === app && one.name.test(check));
  });
  return found?.vendor ?? null;
}

/** The vendor's own id of a deploy, from the texts of its item on GitHub. */
export function idOf(vendor: Vendor, hints: readonly string[]): string | undefined {
  const expression = vendor.provider.onGitHub?.id;
  if (!expression) return undefined;
  return hints.map((hint) => new RegExp(expression).exec(hint)?.[1]).find((id) => id !== undefined);
}

function anyCase(expression: string | undefined): RegExp | null {
  return expression === undefined ? null : new RegExp(expression, "i");
}

/** gh shows a bot's login with or without its suffix, depending on the API. */
function whole(expression: string): RegExp {
  return new RegExp(`^(?:${expression.replace("\\[bot\\]", "(?:\\[bot\\])?")})$`, "i");
}
