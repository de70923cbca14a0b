/** What `p9 plugin test` was told. */
export interface TestOptions {
  readonly ref?: string;
  readonly option?: readonly string[];
  readonly only?: string;
  readonly here?: true;
}
