// A real client has documents translated: node documents.mjs ADDRESS KEY FOLDER FILE... writes each FILE's translation
// into FOLDER under the same name and prints what it was told, as JSON.
import { DeepLClient } from "deepl-node";
import { basename, join } from "node:path";

const [address, key, folder, ...files] = process.argv.slice(2);
const deepl = new DeepLClient(key, { serverUrl: address, maxRetries: 1 });
const results = {};
for (const file of files) {
  const status = await deepl.translateDocument(file, join(folder, basename(file)), "de", "en-US");
  results[basename(file)] = { status: status.status, billed: status.billedCharacters };
}

console.log(JSON.stringify(results));
