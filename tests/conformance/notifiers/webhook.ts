import type { PrepareNotifier } from "../fixture.ts";

export default ((_, url) => ({ url, format: "json" })) satisfies PrepareNotifier;
