/* The live stream: one connection per browser and identity, shared by its tabs; each message becomes a DOM event. */
const { live, liveAs = "" } = document.body.dataset;
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60000;

const name = `concord-live:${liveAs}`;
const others = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
let source = null;
let wait = FIRST_WAIT;
let retry = 0;
let release = null;
let lost = false;
let began = 0;

function tell(type, detail) {
  document.body.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
}

function hear(message) {
  if (message.state) {
    document.body.dataset.liveState = message.state;
    if (message.again) tell("live:reconnected", {});
  } else if (/^[a-z0-9-]+$/.test(message.topic ?? "")) {
    tell(`live:${message.topic}`, message);
  }
}

function share(message) {
  others?.postMessage(message);
  hear(message);
}

function connect() {
  source = new EventSource(live);
  source.onopen = () => {
    wait = FIRST_WAIT;
    share({ state: "on", again: lost });
    lost = false;
  };
  source.onmessage = (event) => {
    try {
      share(JSON.parse(event.data));
    } catch {
      return;
    }
  };
  source.onerror = () => {
    lost = true;
    share({ state: "off" });
    if (source.readyState !== EventSource.CLOSED) return;
    // The browser gave up (a refusal, or a proxy's page). Try again, later each time and not all at once.
    retry = setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
}

function disconnect() {
  clearTimeout(retry);
  source?.close();
  source = null;
  release?.();
  release = null;
}

function start() {
  began = Date.now();
  // Browsers allow six connections to a host without HTTP/2: only the tab that holds the lock opens the stream.
  if (others && navigator.locks) {
    const stopped = new AbortController();
    const leading = () => new Promise((done) => {
      release = done;
      // A tab that takes over from a closed one may have missed something in between.
      lost ||= Date.now() - began > FIRST_WAIT;
      connect();
    });
    release = () => stopped.abort();
    navigator.locks.request(name, { signal: stopped.signal }, leading).catch(() => {});
  } else {
    connect();
  }
}

if (live !== undefined && "EventSource" in window) {
  if (others) others.onmessage = (event) => hear(event.data);
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    start();
    tell("live:reconnected", {});
  });
  start();
}
