import type { Provider } from "../../../src/provider.ts";
import cloudflarePages from "./deploys/cloudflare-pages.ts";
import fly from "./deploys/fly.ts";
import netlify from "./deploys/netlify.ts";
import railway from "./deploys/railway.ts";
import render from "./deploys/render.ts";
import vercel from "./deploys/vercel.ts";

/** The providers that a repository's files can point to. */
export const hintedProviders: readonly Provider[] = [vercel, cloudflarePages, netlify, railway, render, fly];
