// HTTP/2 and HTTP/1.1 over TLS for the tests. usage: node tls_server.mjs KEY CERTIFICATE [h1]
// Prints its port; ends when its standard input does.
import { createSecureServer as createH2 } from "node:http2";
import { createServer as createH1 } from "node:https";
import { readFileSync } from "node:fs";

const [key, cert, only] = process.argv.slice(2);
const options = { key: readFileSync(key), cert: readFileSync(cert), allowHTTP1: true };
let connections = 0;
const waiting = [];

const answers = {
  "/state": (request, response) => {
    response.setHeader("x-version", request.httpVersion);
    response.end(JSON.stringify({ connections, waiting: waiting.length }));
  },
  "/large": (request, response) => response.end(Buffer.alloc(48 << 20, "x")),
  "/wait": (request, response) => {
    response.write("data: one\n\n");
    waiting.push(response);
  },
  "/silent": () => waiting.push({ end() {} }),
  "/release": (request, response) => {
    for (const one of waiting.splice(0)) one.end("data: two\n\n");
    response.end();
  },
  // The whole connection goes, as a proxy's does that restarts.
  "/die": (request, response) => (request.stream?.session ?? request.socket).destroy(),
};

const server = only === "h1" ? createH1(options) : createH2(options);
server.on("secureConnection", () => ++connections);
server.on("tlsClientError", () => {});
server.on("sessionError", () => {});
server.on("request", (request, response) => {
  request.on("error", () => {});
  response.on("error", () => {});
  request.resume();
  request.on("end", () => answers[request.url](request, response));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume().on("end", () => process.exit(0));
