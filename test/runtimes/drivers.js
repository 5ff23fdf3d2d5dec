/** Browsers and how each is driven: Playwright drives Chromium, Puppeteer the Firefox that distributions ship. */
import { browserProgram } from "./tools.js";

const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What Firefox reports among errors, though nothing was thrown. */
const POLICY_REPORT = "Content-Security-Policy:";

const DRIVERS = {
  async chromium(flags) {
    const { chromium } = await import("playwright-core");
    const browser = await chromium.launch({ executablePath: browserProgram("chromium"), args: [...CHROMIUM_FLAGS, ...flags] });
    return { browser, version: browser.version() };
  },
  async firefox() {
    const { launch } = await import("puppeteer-core");
    const browser = await launch({ browser: "firefox", executablePath: browserProgram("firefox"), headless: true });
    return { browser, version: (await browser.version()).replace(/^\w+\//, "") };
  },
};

/**
 * Opens `url` in a browser of its own, with nothing kept of earlier rows, and gives its version and what `use` makes of the page. An error that nobody caught in the page is
 * thrown.
 */
export async function visit(name, url, use, flags = []) {
  const { browser, version } = await DRIVERS[name](flags);
  try {
    const page = await browser.newPage();
    const faults = [];
    page.on("pageerror", ({ message }) => message.startsWith(POLICY_REPORT) || faults.push(message));
    await page.goto(url);
    const found = await use(page);
    if (faults.length) throw new Error(`the page threw ${faults.join("; ")}`);
    return { version, found };
  } finally {
    await browser.close();
  }
}
