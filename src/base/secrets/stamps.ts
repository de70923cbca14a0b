/** What providers and tools write before every line of a log (names of job and step, times), as the source of a pattern. */
export const STAMPS = String.raw`(?:[^\t\n]{0,200}\t){0,2}\ufeff?(?:[[(]?\d{4}-\d\d-\d\d[T ][\d:.,]{5,20}(?:Z|[+-]\d\d:?\d\d)?[\])]? ?|#\d+ \d+\.\d+ |\[?\d\d:\d\d:\d\d[\d.,]*\]? ?){0,3}`;
