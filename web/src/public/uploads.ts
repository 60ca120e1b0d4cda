// Files on their way to the object storage. What broke off is sent again with the same grant; what
// arrived is never asked for again.
import { computed, onBeforeUnmount, onMounted, ref } from "vue";
import type { components } from "@/generated/api";
import { asProblem } from "@/shared/problem";

export type Grant = components["schemas"]["UploadGrant"];
export type UploadBody = components["schemas"]["UploadBody"];

export type UploadState =
  "reading" | "waiting" | "sending" | "broken" | "gone" | "refused" | "unreadable" | "done";

/** A file and how far it is; everything but its bytes can be kept. */
export interface Upload {
  name: string;
  size: number;
  type: string;
  state: UploadState;
  /** Of a hundred. */
  percent: number;
  sha256?: string;
  grant?: Grant;
  /** Why it was refused. */
  error?: unknown;
}

/** Types that not every browser tells by itself. */
const types: Record<string, string> = {
  amr: "audio/amr",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  heic: "image/heic",
  "3gp": "video/3gpp",
  m4a: "audio/mp4",
};

const tries = 3;

function typeOf(file: File): string {
  const ending = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  return file.type || types[ending] || "application/octet-stream";
}

async function digest(file: File): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return btoa(String.fromCharCode(...hash));
}

const isLive = (grant: Grant | undefined): grant is Grant =>
  grant !== undefined && new Date(grant.expiresAt).getTime() > Date.now();

/** Whether the server does not want the file, which another try would not change. */
function isRefusal(thrown: unknown): boolean {
  const { status } = asProblem(thrown);
  return status >= 400 && status < 500 && status !== 429;
}

/** Sends the form; true when the storage took it, false when it refused. Throws when it broke off. */
function send(grant: Grant, file: File, told: (percent: number) => void): Promise<boolean> {
  const form = new FormData();
  for (const [name, value] of Object.entries(grant.fields)) form.append(name, value);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) =>
      told(Math.floor((100 * loaded) / Math.max(total, 1)));
    request.onload = () => resolve(request.status < 300);
    request.onerror = () => reject(new TypeError("the connection broke"));
    request.open("POST", grant.url);
    request.send(form);
  });
}

/** The files of one form. */
export class Uploads {
  readonly items = ref<Upload[]>([]);
  readonly isBusy = computed(() =>
    this.items.value.some((it) => ["reading", "waiting", "sending"].includes(it.state)),
  );
  /** What did not arrive and is not on its way. */
  readonly unsent = computed(() =>
    this.items.value.filter((it) => ["broken", "gone", "refused", "unreadable"].includes(it.state)),
  );
  /** What arrived, to be named with what is submitted. */
  readonly ids = computed(() =>
    this.items.value.flatMap((it) => (it.state === "done" && it.grant ? [it.grant.uploadId] : [])),
  );
  private readonly files = new WeakMap<Upload, File>();
  private last = Promise.resolve();

  constructor(
    private readonly grantFor: (body: UploadBody) => Promise<Grant>,
    kept: Upload[] = [],
  ) {
    this.items.value = kept;
  }

  add(chosen: Iterable<File>): void {
    for (const file of chosen) {
      const { name, size } = file;
      this.items.value.push({ name, size, type: typeOf(file), state: "reading", percent: 0 });
      // The reactive one, so that what happens to it is seen.
      const item = this.items.value.at(-1);
      if (item) void this.take(item, file);
    }
  }

  remove(item: Upload): void {
    this.items.value = this.items.value.filter((it) => it !== item);
  }

  dropUnsent(): void {
    this.unsent.value.forEach((item) => this.remove(item));
  }

  retry(item: Upload): void {
    item.state = "waiting";
    item.percent = 0;
    delete item.error;
    // One after the other: a telephone's line carries one at a time.
    this.last = this.last.then(() => this.run(item));
  }

  /** Goes on with what broke off. */
  resume(): void {
    for (const item of this.items.value)
      if (item.state === "broken" && this.files.has(item)) this.retry(item);
  }

  private async take(item: Upload, file: File): Promise<void> {
    try {
      item.sha256 = await digest(file);
    } catch {
      item.state = "unreadable";
      return;
    }
    const same = this.items.value.find((it) => it !== item && it.sha256 === item.sha256);
    if (same?.state === "done") return this.remove(item);
    // The same file, chosen again after it broke off, goes on with what it was granted.
    if (same) {
      if (same.grant) item.grant = same.grant;
      this.remove(same);
    }
    this.files.set(item, file);
    this.retry(item);
  }

  private async run(item: Upload): Promise<void> {
    const file = this.files.get(item);
    const isWanted = () => this.items.value.includes(item);
    for (let left = tries; file && left > 0 && isWanted(); left -= 1) {
      try {
        if (await this.attempt(item, file)) {
          item.state = "done";
          return;
        }
      } catch (thrown) {
        if (isRefusal(thrown)) {
          item.error = thrown;
          item.state = "refused";
          return;
        }
        if (!navigator.onLine) break;
      }
    }
    if (isWanted()) item.state = "broken";
  }

  private async attempt(item: Upload, file: File): Promise<boolean> {
    if (!isLive(item.grant)) {
      const { type: contentType, size: sizeBytes, sha256 = "" } = item;
      item.grant = await this.grantFor({ contentType, sizeBytes, sha256 });
    }
    item.state = "sending";
    const isTaken = await send(item.grant, file, (percent) => (item.percent = percent));
    // A grant that the storage does not take is not tried again.
    if (!isTaken) delete item.grant;
    return isTaken;
  }
}

/** The files of a form in view: what broke off goes on when the network is back. */
export function useUploads(
  grantFor: (body: UploadBody) => Promise<Grant>,
  kept: Upload[] = [],
): Uploads {
  const uploads = new Uploads(grantFor, kept);
  const resume = () => uploads.resume();
  onMounted(() => addEventListener("online", resume));
  onBeforeUnmount(() => removeEventListener("online", resume));
  return uploads;
}

/** What can be kept of uploads over a reload: not the bytes of what did not arrive. */
export function keepable(items: Upload[]): Upload[] {
  const kept = items.filter((it) => it.sha256 && it.state !== "refused");
  return kept.map(({ error: _, ...it }) => ({
    ...it,
    state: it.state === "done" ? "done" : "gone",
  }));
}
