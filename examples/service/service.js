/**
 * node examples/service/service.js: serves synthetic rows of a table and fits them anew every night at three, or on SIGHUP. When that fails, yesterday's generator stays.
 * Settings, from the environment: PORT, SOURCE (a CSV), TARGET (its label column), STORE (the file the generator is kept in; it contains real rows).
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { restoreGenerator } from "counterpoise/generator";
import { answer } from "./answer.js";
import { train } from "./train.js";

const HOUR = 3;
const { PORT = "3000", TARGET: target = "species", STORE: store = "generator.json" } = process.env;
const source = process.env.SOURCE ?? fileURLToPath(new URL("../penguins.csv", import.meta.url));

let generator = restoreGenerator(existsSync(store) ? JSON.parse(await readFile(store, "utf8")) : await train({ source, store, target }));
let training = Promise.resolve();

/** One after the other, whoever asks. */
function retrain() {
  training = training.then(async () => {
    try {
      generator = restoreGenerator(await train({ source, store, target }));
      console.log(`trained: ${generator.labels.join(", ")}`);
    } catch (error) {
      console.error(`not trained, the old generator stays: ${error.message}`);
    }
  });
  return training;
}

function everyNight() {
  const next = new Date();
  next.setHours(HOUR, 0, 0, 0);
  if (next <= new Date()) next.setDate(next.getDate() + 1);
  setTimeout(() => retrain().then(everyNight), next - Date.now());
}

const server = createServer(async (request, response) => {
  const [status, said] = await answer(generator, request.method, request.url).catch((error) => {
    console.error(error);
    return [500, { error: "Something went wrong here." }];
  });
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(said));
});

everyNight();
process.on("SIGHUP", retrain);
process.on("SIGTERM", () => server.close(() => training.then(() => process.exit(0))));
server.listen(Number(PORT), "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
