/** Search over the posts of one's site. */
import { signal } from "@preact/signals";
import { type ApiError, asApiError } from "../api/errors.ts";
import type { Found } from "../api/types.ts";
import { searchPosts } from "../api/writing.ts";

export interface Result {
  readonly query: string;
  readonly page: number;
  readonly found: Found["found"];
  readonly more: boolean;
}

/** One search field: its newest answer; an answer to an older question is not shown. */
export function makeSearch() {
  const result = signal<Result | null>(null);
  const fault = signal<ApiError | null>(null);
  const busy = signal(false);
  let asked = 0;

  async function look(query: string, page = 1): Promise<void> {
    asked += 1;
    const mine = asked;
    busy.value = true;
    fault.value = null;
    try {
      const answer = await searchPosts(query, page);
      if (mine === asked) result.value = { query, page, ...answer };
    } catch (thrown) {
      if (mine === asked) fault.value = asApiError(thrown);
    } finally {
      if (mine === asked) busy.value = false;
    }
  }
  return { result, fault, busy, look };
}
