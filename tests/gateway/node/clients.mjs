// The npm clients against the server whose address is the first argument; prints what they got.
import * as deepl from "deepl-node";
import translate from "translate";

const url = process.argv[2];
const client = new deepl.DeepLClient("any", { serverUrl: url });
const many = await client.translateText(["Hello world!", "Thank you!"], null, "de");
const one = await client.translateText("Guten Morgen!", "de", "en-GB");
const targets = await client.getTargetLanguages();
const sources = await client.getSourceLanguages();
const usage = await client.getUsage();
const refused = await client
  .translateText("Hello", "en", "de", { formality: "more" })
  .catch((error) => error.message);

const entries = new deepl.GlossaryEntries({ entries: { world: "Erde" } });
const glossary = await client.createGlossary("Ours", "en", "de", entries);
const withGlossary = await client.translateText("Hello world!", "en", "de", { glossary });
const read = await client.getGlossaryEntries(glossary);
const both = await client.createMultilingualGlossary("Both", [
  { sourceLangCode: "en", targetLangCode: "de", entries },
  { sourceLangCode: "de", targetLangCode: "en", entries: new deepl.GlossaryEntries({ entries: { Welt: "globe" } }) },
]);
await client.updateMultilingualGlossaryName(both, "Renamed");
const replaced = await client.replaceMultilingualGlossaryDictionary(both, {
  sourceLangCode: "en",
  targetLangCode: "de",
  entries: new deepl.GlossaryEntries({ entries: { a: "b", c: "d" } }),
});
const names = (await client.listMultilingualGlossaries()).map(({ name }) => name);
await client.deleteMultilingualGlossaryDictionary(both, "de", "en");
const left = await client.getMultilingualGlossary(both.glossaryId);
await client.deleteGlossary(glossary);
await client.deleteMultilingualGlossary(both);
const gone = await client.getGlossary(glossary.glossaryId).catch((error) => error.constructor.name);

translate.engine = "libre";
translate.url = url;
const libre = await translate("Hello world!", { from: "en", to: "de" });
translate.url = `${url}/translate`;
const libreAtPath = await translate("Hello world!", { from: "en", to: "de" });

console.log(
  JSON.stringify({
    many: many.map(({ text, detectedSourceLang, billedCharacters }) => [text, detectedSourceLang, billedCharacters]),
    one: one.text,
    targets: targets.map((language) => language.code),
    sources: sources.map((language) => language.code),
    used: usage.character.count,
    refused,
    glossary: {
      text: withGlossary.text,
      ready: glossary.ready,
      created: glossary.creationTime instanceof Date,
      entries: read.entries(),
      counts: both.dictionaries.map(({ entryCount }) => entryCount),
      replaced: replaced.entryCount,
      names,
      left: left.dictionaries.map(({ sourceLangCode }) => sourceLangCode),
      gone,
    },
    libre,
    libreAtPath,
  }),
);
