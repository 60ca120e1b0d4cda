// The typed clients of both front doors; every answer that is not a success is thrown as a
// `ProblemError`, so callers read data only.
import createClient, { type Client, type Middleware } from "openapi-fetch";
import type { paths } from "@/generated/api";
import { config } from "./config";
import { ProblemError, asProblem, type ProblemDocument } from "./problem";

export type Api = Client<paths>;

export interface Credentials {
  /** The bearer token, if somebody is signed in. */
  token(): string | undefined;
  /** Called when the server does not know the token any more. */
  expired(): void;
}

const problems: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return undefined;
    let problem: Partial<ProblemDocument> & { title: string };
    try {
      problem = (await response.json()) as ProblemDocument;
    } catch {
      problem = { title: "服务暂时不可用", detail: "请稍后重试。" };
    }
    throw new ProblemError(problem, response);
  },
  onError({ error }) {
    return asProblem(error);
  },
};

function bearer(credentials: Credentials): Middleware {
  return {
    onRequest({ request }) {
      const token = credentials.token();
      if (token && !request.headers.has("query-code"))
        request.headers.set("authorization", `Bearer ${token}`);
      return request;
    },
    onResponse({ request, response }) {
      // A wrong query code is not the end of a sign-in.
      if (response.status === 401 && !request.headers.has("query-code")) credentials.expired();
      return undefined;
    },
  };
}

async function client(base: "publicApi" | "consoleApi", credentials: Credentials): Promise<Api> {
  const { [base]: baseUrl } = await config();
  const made = createClient<paths>({ baseUrl });
  // The last added sees an answer first.
  made.use(problems, bearer(credentials));
  return made;
}

export const publicApi = (credentials: Credentials) => client("publicApi", credentials);
export const consoleApi = (credentials: Credentials) => client("consoleApi", credentials);

/** The data of an answer that was a success. */
export function data<T>(answer: { data?: T }): T {
  return answer.data as T;
}
