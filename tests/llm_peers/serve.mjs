// Starts aimock with the fixtures of a file, says where it listens, and ends when its input does.
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`); // the packages lie in the folder this is started from
const { LLMock } = require("@copilotkit/aimock");

const mock = new LLMock({ port: 0, logLevel: "silent", journalMaxEntries: 0, fixtureCountsMaxTestIds: 0 });
mock.loadFixtureFile(process.argv[2]);
await mock.start();
console.log(mock.url);
process.stdin.resume();
process.stdin.on("end", async () => {
  await mock.stop();
  process.exit(0);
});
