// Validates an AsyncAPI document, with every schema it refers to, with the AsyncAPI parser. Prints what is wrong.
import { Parser, fromFile } from "@asyncapi/parser";

const parser = new Parser();
const { document, diagnostics } = await fromFile(parser, process.argv[2]).parse();
const wrong = diagnostics.filter(({ severity }) => severity <= 1);
for (const { severity, message, path } of wrong) console.error(`${severity} ${path.join(".")}: ${message}`);
console.log(document ? JSON.stringify({
  version: document.version(),
  channels: document.channels().all().length,
  messages: document.messages().all().length,
}) : "no document");
process.exit(document && wrong.length === 0 ? 0 : 1);
