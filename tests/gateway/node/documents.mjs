// Documents by DeepL's official client: server, folder, and a name of a file in it for each.
import { join } from "node:path";
import * as deepl from "deepl-node";

const [url, folder, ...names] = process.argv.slice(2);
const client = new deepl.DeepLClient("any", { serverUrl: url });
const found = {};
for (const name of names) {
  const handle = await client.uploadDocument(join(folder, name), "en", "de");
  let status = await client.getDocumentStatus(handle);
  while (status.ok() && !status.done()) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    status = await client.getDocumentStatus(handle);
  }
  if (status.ok()) {
    await client.downloadDocument(handle, join(folder, `de-${name}`));
  }
  found[name] = {
    status: status.status,
    billed: status.billedCharacters,
    error: status.errorMessage,
    again: await client.downloadDocument(handle, join(folder, `again-${name}`)).catch((error) => error.constructor.name),
  };
}
const buffer = await client.uploadDocument(Buffer.from("Thank you!"), null, "de", { filename: "a.txt" });
found.pdf = await client
  .uploadDocument(Buffer.from("%PDF"), null, "de", { filename: "a.pdf" })
  .catch((error) => error.message);
found.handle = [buffer.documentId.length, buffer.documentKey.length];
console.log(JSON.stringify(found));
