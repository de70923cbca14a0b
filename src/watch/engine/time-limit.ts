import { ObservationError } from "../../core/observation.ts";

/** Whatever a look does, it is over after `limitS`. The timer is cleared: Deno does not leave while one runs. */
export async function withLimit<T>(work: Promise<T>, limitS: number, controller: AbortController): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ObservationError(`Looking took longer than ${limitS} s`));
      controller.abort();
    }, limitS * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
