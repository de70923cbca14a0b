import { describe, expect, test } from "vitest";
import { withFullName, withHosts } from "../../src/core/host-fields.ts";
import { parseRepo, repoFields, sameRepo, splitRepo } from "../../src/core/repo.ts";

describe("a repository's full name", () => {
  test.each([
    "octo/app",
    "github.com/octo/app",
    "GitHub.com/octo/app",
    "https://github.com/octo/app",
    "https://www.github.com/octo/app.git/",
    "https://user:secret@github.com/octo/app?tab=readme#x",
    "http://github.com:80/octo/app",
    "git://github.com/octo/app.git",
    "git@github.com:octo/app.git",
    "github.com:octo/app",
    "ssh://git@github.com/octo/app",
    "ssh://git@ssh.github.com:443/octo/app.git",
    "https://api.github.com/octo/app",
  ])("%s is octo/app at github.com, without the host", (text) => {
    expect(parseRepo(text)).toBe("octo/app");
  });

  test.each([
    ["ghe.example/octo/app", "ghe.example/octo/app"],
    ["https://GHE.example:8443/octo/app.git", "ghe.example/octo/app"],
    ["git@ghe.example:octo/app.git", "ghe.example/octo/app"],
    ["https://gitlab.com/group/sub/app", "gitlab.com/group/sub/app"],
  ])("%s keeps its host", (text, wanted) => {
    expect(parseRepo(text)).toBe(wanted);
  });

  test("without a host is of the host that is given", () => {
    expect(parseRepo("octo/app", "ghe.example")).toBe("ghe.example/octo/app");
    expect(parseRepo("https://github.com/octo/app", "ghe.example")).toBe("octo/app");
  });

  test.each([
    "",
    "-",
    "octo",
    "/srv/git/app.git",
    "./a/b",
    "file:///srv/a/b",
    "a/..",
    "o r/app",
    'https://x" run it/o/r',
  ])("%j names none", (text) => {
    expect(parseRepo(text)).toBeNull();
  });

  test("is the same whatever its case, and never another host's", () => {
    expect(sameRepo("Octo/App", "octo/app")).toBe(true);
    expect(sameRepo("ghe.example/octo/app", "octo/app")).toBe(false);
    expect(sameRepo(null, null)).toBe(false);
  });
});

describe("rows and documents", () => {
  test("name owner/name and the host apart, and are read as one name again", () => {
    const row = { type: "x", repo: "ghe.example/octo/app", list: [{ repo: "octo/app" }] };
    const written = withHosts(row);
    expect(written).toEqual({ type: "x", repo: "octo/app", host: "ghe.example", list: [{ repo: "octo/app" }] });
    expect(withFullName(written as Record<string, unknown>)).toMatchObject({ repo: "ghe.example/octo/app" });
    expect(splitRepo("ghe.example/octo/app")).toEqual({ host: "ghe.example", name: "octo/app" });
    expect(repoFields(null)).toEqual({ repo: null });
  });

  test("of an earlier version are of github.com", () => {
    expect(withFullName({ repo: "octo/app" })).toEqual({ repo: "octo/app" });
  });
});
