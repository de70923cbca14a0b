import { errorText } from "../../../core/errors.ts";
import { askGit } from "../../../process/git.ts";
import { type Check, ill, well } from "./check.ts";

const LOGIN = "query { viewer { login } }";

/** Checks that git is installed. */
export const git: Check = {
  name: "git",
  async run({ exec, env }) {
    // From a directory that is there: the current one may be gone.
    const version = await askGit({ exec, env, cwd: "/" }, ["--version"]);
    return [version !== null ? well("git", version) : ill("git", "git is not found on PATH", "install git")];
  },
};

/** Checks that gh is installed and that GitHub answers to its login. */
export const gh: Check = {
  name: "gh",
  async run(context) {
    const { exec, env } = context;
    const { code, stdout } = await exec(["gh", "--version"], { env, timeoutMs: 10_000 });
    if (code !== 0) return [ill("gh", "gh is not found on PATH", "install the GitHub CLI, then gh auth login")];
    const version = stdout.split("\n", 1)[0] ?? "gh";
    try {
      const { viewer } = await (await context.github()).graphql<{ viewer: { login: string } }>(LOGIN);
      return [well("gh", `${version}, logged in as ${viewer.login}`)];
    } catch (error) {
      return [
        ill(
          "gh",
          `${version}: ${errorText(error)}`,
          "gh auth status shows what it uses; gh auth login makes a new login",
        ),
      ];
    }
  },
};
