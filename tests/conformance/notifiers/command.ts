import type { PrepareNotifier } from "../fixture.ts";

export default (() => ({ cmd: "cat >/dev/null" })) satisfies PrepareNotifier;
