// Pictures and files: chosen, pasted or dropped; sent after the server took them.
import { ApiError } from "./api.js";
import * as desk from "./endpoints.js";
import { byId } from "./dom.js";
import * as outbox from "./outbox.js";
import { chosenRow, isMine, state, tell } from "./store.js";
import * as threads from "./threads.js";
import { fail, toast } from "./toast.js";
import { say, setup } from "./words.js";
import { isNote } from "./composer.js";

export function start() {
  state.takesFiles = true;
  byId("attach").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", () => {
    sendAll([...byId("file").files]);
    byId("file").value = "";
  });
  byId("composer-text").addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) event.preventDefault();
    sendAll(files);
  });
  const middle = byId("middle");
  middle.addEventListener("dragover", (event) => {
    if (!maySend() || ![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    middle.classList.add("dropping");
  });
  middle.addEventListener("dragleave", (event) => middle.contains(event.relatedTarget) || middle.classList.remove("dropping"));
  middle.addEventListener("drop", (event) => {
    middle.classList.remove("dropping");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    sendAll([...event.dataTransfer.files]);
  });
}

const maySend = () => state.takesFiles && isMine(chosenRow()) && !isNote();

async function sendAll(files) {
  if (!files.length) return;
  if (!maySend()) return toast(isNote() ? say("noFilesInNotes") : say("takeFirst"), "bad");
  const row = chosenRow();
  for (const file of files) await sendOne(row, file);
}

async function sendOne(row, file) {
  if (file.size > setup.rules.fileBytes) return toast(say("fileTooBig", { name: file.name }), "bad");
  toast(say("uploading", { name: file.name }));
  try {
    const form = new FormData();
    form.append("file", file, file.name);
    form.append("purpose", "chat");
    const stored = await desk.putFile(form);
    const seen = threads.lastSeq(threads.threadOf(row.conversation));
    const { id, kind, name, mime, size, width, height, duration_ms } = stored;
    await outbox.send(row.conversation, { kind, attachment: id, extra: { file: id, name, mime, size, width, height, duration_ms }, seen });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      state.takesFiles = false;
      tell("me");
    }
    fail(error);
  }
}
