// What a real client makes of refusals: node refusals.mjs ADDRESS KEY RATE-LIMITED-ADDRESS prints the errors, as JSON.
import { DeepLClient } from "deepl-node";
import { Translate } from "translate";

const [address, key, limited] = process.argv.slice(2);

async function failure(attempt) {
  try {
    await attempt();
    return null;
  } catch (error) {
    return { name: error.constructor.name, message: error.message };
  }
}

const client = (serverUrl, authKey, maxRetries = 1) => new DeepLClient(authKey, { serverUrl, maxRetries });
const results = {};
results.wrongKey = await failure(() => client(address, "wrong").translateText("Guten Morgen!", "de", "en-US"));
results.wrongTarget = await failure(() => client(address, key).translateText("Guten Morgen!", "de", "fr"));
results.glossary = await failure(() =>
  client(address, key).translateText("Guten Morgen!", "de", "en-US", { glossary: "4711" }),
);
results.libreWrongKey = await failure(() =>
  Translate({ engine: "libre", url: `${address}/translate`, from: "de", to: "en", key: "wrong" })("Guten Morgen!"),
);
results.libreNoKey = await failure(() =>
  Translate({ engine: "libre", url: `${address}/translate`, from: "de", to: "en" })("Guten Morgen!"),
);

// One request per minute is allowed: the second is refused, and the client tries again.
await client(limited, key).getUsage();
const began = Date.now();
results.rate = await failure(() => client(limited, key, 2).getUsage());
results.rateRetried = Date.now() - began > 900;
console.log(JSON.stringify(results));
