import { isObject } from "../../../base/json.ts";
import { errorText } from "../../../core/errors.ts";
import { splitRepo } from "../../../core/repo.ts";
import { whyNotAsked } from "../../../github/hosts.ts";
import { type Check, ill, warned, well } from "./check.ts";

/** What watching needs. */
const READ = "pullRequests(first: 1) { totalCount }";

/** Checks that the login may read the pull requests of this repository. */
export const repository: Check = {
  name: "repository",
  async run(context) {
    const repo = await context.repo();
    if (repo === null)
      return [well("repository", "no GitHub repository here; a clone of one, or --repo owner/name, names it")];
    const { host } = splitRepo(repo);
    const why = whyNotAsked(host, context.env);
    if (why !== null)
      return [warned("repository", `${repo}: ${why}`, `gh auth login --hostname ${host}, if it is a GitHub`)];
    try {
      const { data, problems } = await (await context.github()).repository(repo, READ);
      if (!isObject(data) || !isObject(data.pullRequests)) {
        return [ill("repository", `${repo}: ${problems[0]?.message ?? "its pull requests cannot be read"}`, MEND)];
      }
      return [well("repository", `${repo}: pull requests can be read`)];
    } catch (error) {
      return [ill("repository", `${repo}: ${errorText(error)}`, MEND)];
    }
  },
};

const MEND = "gh auth status shows the login and its scopes";
