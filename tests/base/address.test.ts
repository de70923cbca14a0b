import { expect, test } from "vitest";
import { privateHostsIn, privateHostsNote, whyNotPublic } from "../../src/base/address.ts";

const hostname = (host: string) => new URL(`http://${host}/`).hostname;

test.each([
  ..."127.0.0.1 127.8.8.8 0.0.0.0 0 127.1 2130706433 0x7f000001 0177.0.0.1 localhost LOCALHOST. a.localhost".split(" "),
  ..."10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 100.127.255.255 169.254.169.254 198.18.0.1 224.0.0.1 255.255.255.255".split(
    " ",
  ),
  ..."[::] [::1] [fe80::1] [fc00::1] [fd12:3456::1] [fec0::1] [ff02::1]".split(" "),
  ..."[::ffff:127.0.0.1] [::ffff:a00:1] [::127.0.0.1] [64:ff9b::10.0.0.1] [64:ff9b:1::1] [2002:7f00:1::] [2002:a00:1::1] [::ffff:0:127.0.0.1]".split(
    " ",
  ),
  ..."printer.local db.internal nas.lan intranet jenkins.corp router.home.arpa metadata.google.internal".split(" "),
])("%s is not on the public internet", (host) => {
  expect(whyNotPublic(hostname(host))).not.toBeNull();
});

test.each(
  "example.com 1.1.1.1 8.8.8.8 172.15.0.1 172.32.0.1 100.63.0.1 100.128.0.1 169.253.1.1 11.0.0.1 localhost.example.com local.test.org [2606:4700::1] [2002:808:808::1] [::ffff:8.8.8.8] [64:ff9b::8.8.8.8]".split(
    " ",
  ),
)("%s is on the public internet", (host) => {
  expect(whyNotPublic(hostname(host))).toBeNull();
});

test("an address of a resolver may carry a zone", () => {
  expect(whyNotPublic("fe80::1%eth0")).toBe("the link-local network");
});

test("private hosts are found wherever an entry names one, as a URL spells them", () => {
  const entry = {
    base: { url: "http://0x7f.1:8080/x" },
    host: "2130706433",
    list: [{ url: "https://user@10.0.0.5/a" }, "postgres://db.internal/x"],
    cmd: "curl -s http://169.254.169.254/latest | sh",
    address: "::1",
    plain: "localhost",
    url: "http:\\\\192.168.0.9\\x",
  };
  expect([...privateHostsIn(entry)].sort()).toEqual(
    ["127.0.0.1", "10.0.0.5", "db.internal", "169.254.169.254", "[::1]", "localhost", "192.168.0.9"].sort(),
  );
  expect(privateHostsNote({ url: "http://localhost:1/" })).toBe(
    "Not on the public internet: localhost (a name of this machine or its network)",
  );
});

test("names, versions, numbers and public addresses are none", () => {
  const entry = {
    use: "vercel",
    project: "prj_1",
    id: 10,
    version: "10.1",
    url: "https://example.com/127.0.0.1",
    paths: ["docs/**"],
  };
  expect(privateHostsIn(entry)).toEqual([]);
  expect(privateHostsNote(entry)).toBe("");
});
