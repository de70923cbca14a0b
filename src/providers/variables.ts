import type { Provider } from "./describe/provider.ts";

const VARIABLE = /\{env:([A-Za-z_][A-Za-z0-9_]*)(\??)\}/g;

/** Names of a provider's variables: those of its credentials, and the one that overrules its base. */
export function variableNames(provider: Provider): string[] {
  return [...new Set([...credentialNames(provider), ...(provider.base?.env ? [provider.base.env] : [])])];
}

/** What says how a service is asked with credentials. */
export interface Credentialed extends Pick<Provider, "title" | "headers" | "env"> {
  /** Without `user`, the name is empty. */
  readonly basic?: { readonly user?: string; readonly password: string };
}

/** Names of the variables that carry its credentials. */
export function credentialNames(provider: Credentialed): string[] {
  const inHeaders = Object.values(provider.headers ?? {}).flatMap((value) =>
    variablesIn(value).map(({ name }) => name),
  );
  const basic = provider.basic ? [provider.basic.user ?? [], provider.basic.password].flat() : [];
  return [...new Set([...inHeaders, ...basic, ...(provider.env ?? [])])];
}

type Env = Readonly<Record<string, string | undefined>>;

const isSet = (env: Env, name: string) => Boolean(env[name]?.trim());

/** Names of the variables that must be set and are not. */
export function missingVariables(provider: Provider, env: Env): string[] {
  return Object.values(provider.headers ?? {})
    .flatMap(variablesIn)
    .flatMap(({ name, optional }) => (optional || isSet(env, name) ? [] : [name]));
}

/** Whether an environment has the credentials that it needs: all that must be set, and one of those that may. */
export function hasCredentials(provider: Provider, env: Env): boolean {
  const names = credentialNames(provider);
  return missingVariables(provider, env).length === 0 && (names.length === 0 || names.some((name) => isSet(env, name)));
}

/** The variables of a header: `{env:NAME}`, or `{env:NAME?}` for a header that is left out when it is not set. */
export function variablesIn(header: string): { name: string; optional: boolean }[] {
  return [...header.matchAll(VARIABLE)].map((match) => ({ name: match[1] ?? "", optional: match[2] === "?" }));
}

/** A header with its variables put in. */
export function putVariables(header: string, lookUp: (name: string) => string): string {
  return header.replace(VARIABLE, (_, name: string) => lookUp(name));
}
