/** Does something soon: calls close together lead to one, and a steady stream of calls still gets it done. */
import { onScopeDispose } from "vue";

export function useSoon(work: () => void, waitMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer));
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, waitMs);
  };
}
