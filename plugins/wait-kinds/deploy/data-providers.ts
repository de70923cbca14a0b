import type { Provider } from "../../../src/plugin.ts";
import cloudflarePages from "../providers/cloudflare-pages.ts";
import fly from "../providers/fly.ts";
import netlify from "../providers/netlify.ts";
import railway from "../providers/railway.ts";
import render from "../providers/render.ts";
import vercel from "../providers/vercel.ts";

/** The providers that a repository's files can point to. */
export const hintedProviders: readonly Provider[] = [vercel, cloudflarePages, netlify, railway, render, fly];
