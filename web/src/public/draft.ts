// An appeal being written: kept on the machine at every change, and sent under one key until it was
// accepted, so that a retry after a broken connection never makes a second one.
import { reactive, ref, watch } from "vue";
import type { components } from "@/generated/api";
import { data } from "@/shared/api";
import { ProblemError, asProblem } from "@/shared/problem";
import { api, appellant } from "./appellant";
import { onMachine } from "./kept";
import { channel } from "./layout";
import {
  keepable,
  useUploads,
  type Grant,
  type Upload,
  type UploadBody,
  type Uploads,
} from "./uploads";

type AppealBody = components["schemas"]["AppealBody"];
export type Receipt = components["schemas"]["AppealReceipt"];

/** What sending gave; `isEarlier` when it is of what stood here before. */
export interface Sent {
  receipt: Receipt;
  isEarlier: boolean;
}

export interface Fields {
  kind: string;
  subject: string;
  text: string;
  appellantKind: string;
  name: string;
  phone: string;
  address: string;
  replyBy: string;
}

interface Draft {
  key: string;
  /** Uploads are granted to a channel, so it stays the same. */
  channel: string;
  fields: Fields;
  files: Upload[];
  /** What was sent and may have arrived, and who sent it. */
  sent: AppealBody[];
  by?: string;
  at: string;
}

const stored = onMachine<Draft>("draft");

const emptyFields = (): Fields => ({
  kind: "",
  subject: "",
  text: "",
  appellantKind: "person",
  name: "",
  phone: "",
  address: "",
  replyBy: "sms",
});

const emptyDraft = (): Draft => ({
  key: crypto.randomUUID(),
  channel: channel(),
  fields: emptyFields(),
  files: [],
  sent: [],
  at: "",
});

/** What the issuer says of who is signed in, and so need not be kept. */
function known(): Pick<Fields, "name" | "phone"> {
  const claims = appellant.value?.claims;
  return { name: claims?.name ?? "", phone: claims?.phone_number ?? "" };
}

function bodyOf(fields: Fields, attachments: string[]): AppealBody {
  const { name, phone, address, replyBy } = fields;
  return {
    kind: fields.kind as AppealBody["kind"],
    subject: fields.subject as AppealBody["subject"],
    text: fields.text.trim(),
    appellant: {
      kind: fields.appellantKind as AppealBody["appellant"]["kind"],
      name: name.trim(),
      ...(phone.trim() ? { phone: phone.trim() } : {}),
      ...(replyBy === "post" && address.trim() ? { address: address.trim() } : {}),
    },
    replyBy: replyBy as AppealBody["replyBy"],
    ...(attachments.length ? { attachments } : {}),
  };
}

/** Whether the server certainly did not take it. */
function isRefusal(thrown: unknown): boolean {
  const { status } = asProblem(thrown);
  return status >= 400 && status < 500;
}

/** The draft of this machine. */
export class DraftDesk {
  readonly fields: Fields;
  readonly uploads: Uploads;
  /** When what was found was written. */
  readonly restoredAt = ref<string>();
  readonly mayHaveArrived = ref(false);
  private draft: Draft;
  private filled = { name: "", phone: "" };

  constructor() {
    const before = stored.get();
    this.draft = before ?? emptyDraft();
    this.fields = reactive(this.draft.fields);
    this.uploads = useUploads((body) => this.grant(body), this.draft.files);
    this.restoredAt.value = before?.at;
    this.mayHaveArrived.value = this.draft.sent.length > 0;
    watch([this.fields, this.uploads.items], () => this.hasContent() && this.save(), {
      deep: true,
    });
    watch(appellant, () => this.fillIn());
    this.fillIn();
  }

  discard(): void {
    stored.drop();
    this.draft = emptyDraft();
    Object.assign(this.fields, this.draft.fields);
    this.fillIn();
    this.uploads.items.value = [];
    this.restoredAt.value = undefined;
    this.mayHaveArrived.value = false;
  }

  /** Sends what stands here; gives the receipt, also of what arrived before it was changed. */
  async send(): Promise<Sent> {
    this.own();
    const [body, earlier] = [bodyOf(this.fields, this.uploads.ids.value), this.draft.sent];
    const others = earlier.filter((it) => JSON.stringify(it) !== JSON.stringify(body));
    this.note([...others, body]);
    try {
      return this.done(await this.post(body), false);
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      this.note(earlier);
      if (asProblem(thrown).problem.code !== "idempotency-key-reused") throw thrown;
      return await this.again(others, thrown);
    }
  }

  /** One of what was sent before arrived after all: its receipt. */
  private async again(bodies: AppealBody[], thrown: unknown): Promise<Sent> {
    for (const body of bodies) {
      try {
        return this.done(await this.post(body), true);
      } catch (other) {
        if (!isRefusal(other)) throw other;
      }
    }
    throw thrown;
  }

  private done(receipt: Receipt, isEarlier: boolean): Sent {
    this.discard();
    return { receipt, isEarlier };
  }

  private hasContent(): boolean {
    const { kind, subject, text } = this.fields;
    return Boolean(kind || subject || text) || this.uploads.items.value.length > 0;
  }

  private save(): void {
    const [files, issuer] = [keepable(this.uploads.items.value), known()];
    const kept = { ...this.fields };
    if (kept.name === issuer.name) kept.name = "";
    if (kept.phone === issuer.phone) kept.phone = "";
    this.draft = { ...this.draft, files, at: new Date().toISOString() };
    stored.put({ ...this.draft, fields: kept });
  }

  /** Name and telephone of who is signed in; those of who was before them go. */
  private fillIn(): void {
    const [now, { fields, filled }] = [known(), this];
    if (!fields.name || fields.name === filled.name) fields.name = now.name;
    if (!fields.phone || fields.phone === filled.phone) fields.phone = now.phone;
    this.filled = now;
  }

  private note(sent: AppealBody[]): void {
    this.draft.sent = sent;
    this.mayHaveArrived.value = sent.length > 0;
    this.save();
  }

  /** What somebody else sent from this machine is not sent again as this person's. */
  private own(): void {
    const by = appellant.value?.claims.sub ?? "";
    if (this.draft.by !== by) Object.assign(this.draft, { key: crypto.randomUUID(), sent: [], by });
  }

  private async grant(body: UploadBody): Promise<Grant> {
    const client = await api();
    const headers = { "suqiu-channel": this.draft.channel };
    return data(await client.POST("/uploads", { body, headers }));
  }

  private async post(body: AppealBody): Promise<Receipt> {
    const client = await api();
    const answer = await client.POST("/appeals", {
      body,
      params: { header: { "Idempotency-Key": this.draft.key } },
      headers: { "suqiu-channel": this.draft.channel },
    });
    return data(answer);
  }
}

/** Marks the files that the server does not know any more: they are to be chosen again. */
export function markLost(items: Upload[], error: ProblemError): void {
  const arrived = items.filter((it) => it.state === "done");
  arrived.forEach((item, index) => {
    if (!error.field(`/attachments/${index}`)) return;
    item.state = "gone";
    delete item.grant;
  });
}
