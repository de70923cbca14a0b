/** The version of p9; a test compares it with both manifests. */
export const VERSION = "1.0.0";
