// Uploads a file by tus-js-client in one of several ways, and prints the address of the upload.
const fs = require("node:fs");
const tus = require("tus-js-client");

const [endpoint, path, way] = process.argv.slice(2);
const MEBIBYTE = 2 ** 20;
const metadata = { filename: "naïve.txt", filetype: "text/plain", relativePath: "null", empty: "" };
const options = {
  plain: { chunkSize: MEBIBYTE },
  creation: { uploadDataDuringCreation: true },
  "chunked creation": { uploadDataDuringCreation: true, chunkSize: MEBIBYTE },
  empty: {},
  override: { overridePatchMethod: true, chunkSize: MEBIBYTE },
  parallel: { parallelUploads: 3 },
  resumed: { chunkSize: MEBIBYTE },
  aborted: { chunkSize: MEBIBYTE },
};

function upload(more) {
  return new Promise((resolve, reject) => {
    const data = way === "empty" ? Buffer.alloc(0) : fs.readFileSync(path);
    const made = new tus.Upload(data, {
      endpoint,
      metadata,
      retryDelays: [0, 200],
      ...options[way],
      ...more(resolve, () => made),
      onError: reject,
      onSuccess: () => resolve(made.url),
    });
    made.start();
  });
}

async function main() {
  if (way === "resumed" || way === "aborted") {
    const begun = await upload((resolve, made) => ({
      onChunkComplete: () => made().abort(way === "aborted").then(() => resolve(made().url)),
    }));
    return way === "aborted" ? begun : upload(() => ({ uploadUrl: begun }));
  }
  return upload(() => ({}));
}

main().then(
  (url) => console.log(url),
  (error) => {
    console.error(String(error));
    process.exit(1);
  },
);
