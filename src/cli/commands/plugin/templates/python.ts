import type { PartType, Template } from "./template.ts";

/** A plugin in Python: one program without dependencies, and a unittest beside it. */
export const python: Template = (type, name) => ({
  files: [
    { path: `${name}.py`, text: HEAD + PROGRAM[type].replaceAll("NAME", name) + TAIL, executable: true },
    {
      path: "test_plugin.py",
      text: TEST.replaceAll("NAME", name).replace("CHECKS", CHECKS[type].replaceAll("NAME", name)),
    },
  ],
  next: ["python3 -m unittest", `p9 plugin test ./${name}.py`],
});

const HEAD = `#!/usr/bin/env python3
"""A plugin of p9: one request as JSON on stdin, the answer as JSON lines on stdout, the log on stderr."""
import json
import os
import sys


def unavailable(reason):
    """Says why it cannot answer now, and ends: never the same as an empty answer."""
    print(json.dumps({"error": {"message": reason}}))
    sys.exit(4)

`;

const PROGRAM: Readonly<Record<PartType, string>> = {
  source: `
def describe():
    return {
        "name": "NAME",
        "queueSources": [
            {
                "name": "NAME",
                "summary": "Open tasks in TODO.md",
                "options": {
                    "file": {"type": "string", "description": "File with the tasks", "default": "TODO.md"},
                },
            }
        ],
    }


def discover(request):
    path = os.path.join(request["root"] or request["cwd"], request["options"].get("file", "TODO.md"))
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError as error:
        unavailable(f"{path}: {error.strerror}")
    for line in lines:
        if line.startswith("- [ ] "):
            task = line[6:].strip()
            yield {"item": task, "key": task, "minutes": 15}

`,
  "wait-kind": `
def describe():
    return {
        "name": "NAME",
        "waitKinds": [
            {
                "name": "NAME",
                "summary": "A file that says how far a job is",
                "examples": [{"ref": "job.json"}],
            }
        ],
    }


def resolve(request):
    ref = request["request"]["ref"]
    if not ref or not ref.isprintable():
        print("Wanted the path of a status file", file=sys.stderr)
        sys.exit(3)
    path = os.path.abspath(os.path.join(request["cwd"], ref))
    yield {"ref": ref, "key": path, "identity": {"path": path}, "complete": True}


def look(request):
    try:
        with open(request["pin"]["identity"]["path"], encoding="utf-8") as file:
            job = json.load(file)
    except FileNotFoundError:
        yield {"status": "waiting", "reason": "The job has not started"}
        return
    except (OSError, ValueError) as error:
        unavailable(f"The status file cannot be read: {error}")
    state = str(job.get("state"))
    outcome = {"done": "succeeded", "failed": "failed", "running": "running"}.get(state)
    if outcome is None:
        yield {"status": "running", "reason": f'The job is in state "{state}"', "unknown": [state]}
    else:
        yield {"status": outcome, "reason": f"The job is {state}"}

`,
  notifier: `
def describe():
    return {
        "name": "NAME",
        "notifiers": [{"name": "NAME", "summary": "Appends each notice to a file"}],
    }


def deliver(request):
    notice = request["notice"]
    path = os.path.join(request["dataDir"], "notices.txt")
    with open(path, "a", encoding="utf-8") as file:
        file.write(notice["title"] + "\\n")
    return []

`,
};

const TAIL = `
def main():
    request = json.load(sys.stdin)
    call = request["call"]
    if call == "describe":
        print(json.dumps(describe()))
        return
    for answer in globals()[call](request):
        print(json.dumps(answer))


main()
`;

const TEST = `import json
import os
import subprocess
import tempfile
import unittest

PLUGIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "NAME.py")


def ask(call, **fields):
    """Asks as p9 does; gives the objects of the answer and the exit code."""
    request = {"p9": 1, "call": call, "name": "NAME", "options": {}, **fields}
    done = subprocess.run([PLUGIN], input=json.dumps(request), capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()], done.returncode


class PluginTest(unittest.TestCase):
    def test_describes_itself(self):
        self.assertEqual(ask("describe")[0][0]["name"], "NAME")

CHECKS

if __name__ == "__main__":
    unittest.main()
`;

const CHECKS: Readonly<Record<PartType, string>> = {
  source: `    def test_offers_open_tasks_only(self):
        with tempfile.TemporaryDirectory() as root:
            with open(os.path.join(root, "TODO.md"), "w", encoding="utf-8") as file:
                file.write("- [ ] write the docs\\n- [x] done\\n")
            items, code = ask("discover", cwd=root, root=root)
        self.assertEqual(([item["item"] for item in items], code), (["write the docs"], 0))

    def test_says_that_there_is_no_file(self):
        answers, code = ask("discover", cwd="/nowhere", root=None)
        self.assertIn("TODO.md", answers[0]["error"]["message"])
        self.assertEqual(code, 4)
`,
  "wait-kind": `    def test_follows_the_file(self):
        with tempfile.TemporaryDirectory() as cwd:
            pin = ask("resolve", cwd=cwd, request={"ref": "job.json"})[0][0]
            self.assertEqual(ask("look", pin=pin)[0][0]["status"], "waiting")
            for state, status in [("running", "running"), ("done", "succeeded"), ("asleep", "running")]:
                with open(os.path.join(cwd, "job.json"), "w", encoding="utf-8") as file:
                    json.dump({"state": state}, file)
                self.assertEqual(ask("look", pin=pin)[0][0]["status"], status)

    def test_refuses_a_reference_that_means_nothing(self):
        self.assertEqual(ask("resolve", cwd="/", request={"ref": None})[1], 3)
`,
  notifier: `    def test_keeps_the_title(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(ask("deliver", dataDir=folder, notice={"title": "green", "body": ""})[1], 0)
            with open(os.path.join(folder, "notices.txt"), encoding="utf-8") as file:
                self.assertEqual(file.read(), "green\\n")
`,
};
