// What went wrong, as people read it (RFC 9457).
import type { components } from "@/generated/api";

export type ProblemDocument = components["schemas"]["Problem"];

/** A refusal by the server, or the server that cannot be reached. */
export class ProblemError extends Error {
  readonly problem: Partial<ProblemDocument> & { title: string };
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Partial<ProblemDocument> & { title: string }, answer?: Response) {
    super(problem.title);
    this.problem = problem;
    this.status = answer?.status ?? 0;
    const wait = Number(answer?.headers.get("retry-after"));
    this.retryAfterSeconds = Number.isFinite(wait) && wait > 0 ? wait : undefined;
  }

  /** What is said about the field at `pointer`, such as `/answer/basis`. */
  field(pointer: string): string | undefined {
    return this.problem.errors?.find((error) => error.pointer === pointer)?.detail;
  }
}

/** Anything thrown, as something that can be shown. */
export function asProblem(thrown: unknown): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  if (thrown instanceof TypeError)
    return new ProblemError({
      title: "连接不上服务器",
      detail: "请检查网络后重试；已填写的内容不会丢失。",
    });
  return new ProblemError({ title: "页面出错", detail: "请刷新页面后重试。" });
}
