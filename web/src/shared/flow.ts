// The way to an OpenID Connect issuer and back: authorization code with PKCE (RFC 7636). Loaded only
// when somebody signs in.
import * as oauth from "oauth4webapi";
import type { Issuer } from "./config";
import { keep, pending, type Claims } from "./session";

// Loopback issuers have no certificate; any other must be https.
const insecure = (url: URL) => ({
  [oauth.allowInsecureRequests]: ["127.0.0.1", "localhost"].includes(url.hostname),
});

async function server(issuer: Issuer): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer.issuer);
  const answer = await oauth.discoveryRequest(url, { algorithm: "oidc", ...insecure(url) });
  return oauth.processDiscoveryResponse(url, answer);
}

/** Leaves for the issuer's page; it comes back to `redirect`, and then to the route `back`. */
export async function leave(
  name: string,
  issuer: Issuer,
  redirect: string,
  back: string,
  extra: Record<string, string>,
): Promise<void> {
  const as = await server(issuer);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  pending.put(name, { verifier, state, back });
  const url = new URL(as.authorization_endpoint ?? "");
  url.search = new URLSearchParams({
    client_id: issuer.clientId,
    redirect_uri: redirect,
    response_type: "code",
    scope: "openid",
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...extra,
  }).toString();
  location.assign(url);
}

/** Takes the code that the issuer sent back; gives the route to go on with. */
export async function arrive(
  name: string,
  issuer: Issuer,
  redirect: string,
  here: URL,
): Promise<string> {
  const kept = pending.take(name);
  if (!kept) throw new Error("no sign-in was begun in this tab");
  const as = await server(issuer);
  const client: oauth.Client = { client_id: issuer.clientId };
  const given = oauth.validateAuthResponse(as, client, here, kept.state);
  const answer = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    oauth.None(),
    given,
    redirect,
    kept.verifier,
    insecure(here),
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer);
  keep(name, {
    token: tokens.access_token,
    expiresAt: Math.floor(Date.now() / 1000) + (tokens.expires_in ?? 3600),
    claims: claims(tokens.access_token),
  });
  return kept.back;
}

/** What a token says of its bearer: shown, never relied on. */
function claims(token: string): Claims {
  const part = token.split(".")[1] ?? "";
  const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (it) =>
    it.charCodeAt(0),
  );
  return JSON.parse(new TextDecoder().decode(bytes)) as Claims;
}
