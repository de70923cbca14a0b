import type { PrepareNotifier } from "../fixture.ts";

export default (() => ({ form: "osc9", device: "/dev/null" })) satisfies PrepareNotifier;
