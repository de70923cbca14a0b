import type { PrepareNotifier } from "../fixture.ts";

export default ((_, url) => ({ url, topic: "test", tags: "robot" })) satisfies PrepareNotifier;
