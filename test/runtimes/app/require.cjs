/** Node: the same with require. */
import("./probe.mjs")
  .then(({ probe }) => probe({ main: () => require("counterpoise"), generator: () => require("counterpoise/generator") }))
  .then((report) => console.log(JSON.stringify(report)));
