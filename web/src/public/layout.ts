// What the pages are shown on. A kiosk or a television opens them with `?layout=kiosk` or
// `?layout=tv`; the tab keeps it, also over the sign-in page.
import { setLarge } from "@/shared/large";
import { forgetPerson, lastTouch } from "./kept";

export type Layout = "page" | "kiosk" | "tv";

const key = "suqiu.layout";
const layouts: readonly string[] = ["page", "kiosk", "tv"] satisfies Layout[];

function asked(): Layout | undefined {
  const queries = [location.search, location.hash.split("?")[1]];
  const named = queries.map((query) => new URLSearchParams(query).get("layout"));
  return named.find((it): it is Layout => it !== null && layouts.includes(it));
}

/** A kiosk that was left at another page, such as the issuer's, has another user after this. */
const abandonedAfter = 5 * 60_000;

function begin(): Layout {
  const kept = sessionStorage.getItem(key) as Layout | null;
  const wanted = asked() ?? kept ?? "page";
  if (wanted !== kept) {
    sessionStorage.setItem(key, wanted);
    if (wanted !== "page") setLarge(true);
  }
  if (wanted === "kiosk" && Date.now() - (lastTouch.get() ?? Date.now()) > abandonedAfter)
    forgetPerson();
  document.documentElement.classList.add(wanted);
  return wanted;
}

export const layout = begin();

/** The channel through which these pages speak: what the appeal is entered by. */
export function channel(): string {
  if (layout !== "page") return layout;
  return matchMedia("(max-width: 47.99rem)").matches ? "mobile" : "pc";
}
