// Real clients ask for translations of texts: node texts.mjs ADDRESS KEY TEXT... prints what each of them got, as JSON.
import { DeepLClient } from "deepl-node";
import { Translate } from "translate";

const [address, key, ...texts] = process.argv.slice(2);

const libre = Translate({ engine: "libre", url: `${address}/translate`, from: "de", to: "en", key });
const deepl = new DeepLClient(key, { serverUrl: address, maxRetries: 1 });

const results = {};
results.libre = [];
for (const text of texts) {
  results.libre.push(await libre(text));
}

results.deeplOne = (await deepl.translateText(texts[0], "de", "en-US")).text;
const many = await deepl.translateText(texts, null, "en-GB");
results.deeplMany = many.map((result) => result.text);
results.deeplDetected = many.map((result) => result.detectedSourceLang);
results.deeplBilled = many.map((result) => result.billedCharacters);
results.deeplOptions = (
  await deepl.translateText(texts[0], "de", "en-US", {
    splitSentences: "off",
    formality: "prefer_more",
    preserveFormatting: true,
    context: "Ein Satz davor.",
    modelType: "latency_optimized",
  })
).text;
results.deeplSources = await deepl.getSourceLanguages();
results.deeplTargets = await deepl.getTargetLanguages();
const usage = await deepl.getUsage();
results.deeplUsage = { count: usage.character.count, limit: usage.character.limit, reached: usage.anyLimitReached() };
results.deeplGlossaries = await deepl.listGlossaries();
console.log(JSON.stringify(results));
