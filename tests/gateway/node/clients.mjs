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
    libre,
    libreAtPath,
  }),
);
