// One translation by DeepL's official client, whose retries are its own.
import * as deepl from "deepl-node";

const client = new deepl.DeepLClient("any", { serverUrl: process.argv[2] });
const result = await client.translateText("Hello world!", "en", "de");
console.log(JSON.stringify(result.text));
