// What differs between deployments, read once from the site itself.

/** An OpenID Connect issuer and the name under which these pages are known there. */
export interface Issuer {
  issuer: string;
  clientId: string;
}

/** `config.json` beside the pages; see infra/README.md. */
export interface Config {
  city: string;
  publicApi: string;
  consoleApi: string;
  appellants: Issuer;
  officers: Issuer;
}

let loaded: Promise<Config> | undefined;

export function config(): Promise<Config> {
  loaded ??= fetch("/config.json", { cache: "no-cache" }).then(async (answer) => {
    if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
    return (await answer.json()) as Config;
  });
  // What failed is asked for again by the next who needs it.
  loaded.catch(() => (loaded = undefined));
  return loaded;
}
