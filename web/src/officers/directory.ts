// Names of units and channels. Until they are loaded, and for what is not registered
// any more, the code.
import { ref } from "vue";
import type { Directory } from "@/generated/api";
import { data } from "@/shared/api";
import { api } from "./officer";

export const directory = ref<Directory>({ units: [], channels: [] });
let asked: Promise<void> | undefined;

/** Loads them once; a failure is forgotten, and asked again by the next who needs them. */
export function loadDirectory(): Promise<void> {
  asked ??= (async () => {
    try {
      directory.value = data(await (await api()).GET("/directory"));
    } catch {
      asked = undefined;
    }
  })();
  return asked;
}

export function unitName(id: string | undefined): string {
  return directory.value.units.find((unit) => unit.id === id)?.name ?? id ?? "";
}

export function channelName(code: string): string {
  return directory.value.channels.find((channel) => channel.code === code)?.name ?? code;
}
