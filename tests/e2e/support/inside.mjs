// Runs inside a fresh network namespace: raises loopback, relays one TCP port to the model server's unix socket, then runs the client.
// argv: <port> <socket> <program> <args…>; exits as the program does.
import { spawn, spawnSync } from "node:child_process";
import { connect, createServer } from "node:net";

const [port, socket, program, ...args] = process.argv.slice(2);
const up = spawnSync("ip", ["link", "set", "lo", "up"], { encoding: "utf8" });
if (up.status !== 0) {
  console.error(`Cannot raise loopback in the test's network namespace: ${up.stderr || up.error}`);
  process.exit(70);
}
const relay = createServer((near) => {
  const far = connect(socket);
  near.pipe(far).pipe(near);
  near.on("error", () => far.destroy());
  far.on("error", () => near.destroy());
});
relay.listen(Number(port), "127.0.0.1", () => {
  const child = spawn(program, args, { stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => process.kill(child.pid, signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 128 : 1)));
  child.on("error", (error) => {
    console.error(String(error));
    process.exit(71);
  });
});
