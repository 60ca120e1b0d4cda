// The receipt of what was submitted, in this tab only.
import { inTab } from "./kept";
import type { Sent } from "./draft";

export const lastReceipt = inTab<Sent>("receipt");
