// The operator's voice on the page: microphone and loudspeaker as a telephone of the desk.
//
//   import { Voice } from "./sound/voice.js";
//   const voice = new Voice("/voice", (state) => draw(state));
//   button.onclick = () => voice.start();        // a gesture: browsers let no page speak or listen without one
//   voice.lift(); voice.mute(true); voice.hangUp(); voice.stop();
//
// The WebSocket carries 20 ms of sound in each binary message and one control object in each text message. It is
// opened again by itself; a call waits ten seconds for it.

/**
 * `off` not started; `connecting` no connection to the desk; `no-phone` the desk's telephone is being restarted;
 * `idle` ready; `ringing`; `up` in a call; `ended` a call is over, and ready; `busy-elsewhere` another page has the
 * telephone, `take` takes it; `free` that page has left, `take` takes it.
 * @typedef {"off"|"connecting"|"no-phone"|"idle"|"ringing"|"up"|"ended"|"busy-elsewhere"|"free"} Phase
 */

/**
 * @typedef {object} VoiceState
 * @property {Phase} phase
 * @property {string} leg the line's name of the call's leg, empty without one
 * @property {string} precedence ROUTINE, PRIORITY, IMMEDIATE, FLASH; empty where none was named
 * @property {boolean} muted nobody hears the microphone
 * @property {string} why of `ended`: far-end, hung-up, missed or page-lost
 * @property {"off"|"on"|"lost"} microphone `lost`: the device is gone; it is taken again when one is plugged in
 */

/**
 * @typedef {object} VoiceOptions
 * @property {MediaTrackConstraints} [audio] of the microphone, in place of `MICROPHONE`
 */

/**
 * @typedef {object} Graph for meters and analysers of the page
 * @property {AudioContext} context
 * @property {AudioNode} microphone
 * @property {AudioNode} loudspeaker what is played, before it leaves for the device
 */

/** What every microphone is asked for: the loudspeaker beside it must not be sent back to the line. */
export const MICROPHONE = Object.freeze({ echoCancellation: true, noiseSuppression: true, autoGainControl: true });

const FRAME_BYTES = 320;
/** Frames between two acknowledgements; the desk sends no more than a few of them ahead. */
const ACKNOWLEDGE_EVERY = 10;
const RETRY_MS = 500;
const RETRY_LIMIT_MS = 4000;
/** Sound that waits here for a slow connection, in bytes: 200 ms; more is dropped. */
const UNSENT_LIMIT = 10 * FRAME_BYTES;

/** @type {Readonly<VoiceState>} */
const OFF = Object.freeze({ phase: "off", leg: "", precedence: "", muted: false, why: "", microphone: "off" });

export class Voice {
  /** @type {VoiceState} */
  #state = { ...OFF };
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AudioWorkletNode | null} */
  #capture = null;
  /** @type {AudioWorkletNode | null} */
  #playback = null;
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {MediaStreamAudioSourceNode | null} */
  #microphone = null;
  #retryMs = RETRY_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  #received = 0;
  /** Known to the desk for as long as the page is loaded: a second connection replaces the first. */
  #page = crypto.randomUUID();

  /**
   * @param {string} url of the desk's voice, relative to the page
   * @param {(state: Readonly<VoiceState>) => void} onState told after every change
   * @param {VoiceOptions} [options]
   */
  constructor(url, onState, options = {}) {
    this.url = url;
    this.onState = onState;
    this.options = options;
    /** Loudest sample of the last 20 ms (in) and 100 ms (out), 0 to 1. @type {{in: number, out: number}} */
    this.level = { in: 0, out: 0 };
    /** How the sound does. @type {{sent: number, unsent: number, received: number, depthMs: number, targetMs: number, starved: number, droppedMs: number}} */
    this.figures = { sent: 0, unsent: 0, received: 0, depthMs: 0, targetMs: 0, starved: 0, droppedMs: 0 };
  }

  /** @returns {Readonly<VoiceState>} */
  get state() {
    return this.#state;
  }

  /** @returns {Graph | null} null while not started */
  get graph() {
    const [context, microphone, loudspeaker] = [this.#context, this.#microphone, this.#playback];
    return context && microphone && loudspeaker ? { context, microphone, loudspeaker } : null;
  }

  /**
   * Open microphone, loudspeaker and connection. Call it from a gesture.
   * @throws {DOMException} no microphone, or not allowed; nothing is left open
   */
  async start() {
    if (this.#context !== null) return;
    const context = new AudioContext({ latencyHint: "interactive" });
    this.#context = context;
    try {
      await context.resume();
      for (const name of ["capture.js", "playback.js"]) {
        await context.audioWorklet.addModule(new URL(name, import.meta.url).href);
      }
      const mono = { channelCount: 1, channelCountMode: /** @type {const} */ ("explicit") };
      this.#capture = new AudioWorkletNode(context, "capture", { numberOfInputs: 1, numberOfOutputs: 0, ...mono });
      this.#playback = new AudioWorkletNode(context, "playback", { numberOfInputs: 0, outputChannelCount: [1] });
      this.#capture.port.onmessage = (event) => this.#said(event.data);
      this.#playback.port.onmessage = (event) => this.#played(event.data);
      this.#playback.connect(context.destination);
      await this.#listen();
    } catch (error) {
      this.stop();
      throw error;
    }
    navigator.mediaDevices.addEventListener("devicechange", this.#devicesChanged);
    this.#connect();
  }

  /** Answer a ringing telephone. */
  lift() {
    this.#ask("lift");
  }

  /** End the call, or let the telephone ring elsewhere. */
  hangUp() {
    this.#ask("hang-up");
  }

  /** Take the telephone over from another page. */
  take() {
    this.#ask("take");
  }

  /**
   * Keep the microphone from the line; at once, and at the desk as well. As a cough key: true while held.
   * @param {boolean} muted
   */
  mute(muted) {
    this.#change({ muted });
    this.#ask(muted ? "mute" : "unmute");
  }

  /** Close everything. A call that is up is lost to this page; the desk hangs it up after ten seconds. */
  stop() {
    clearTimeout(this.#retry);
    navigator.mediaDevices.removeEventListener("devicechange", this.#devicesChanged);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#stream?.getTracks().forEach((track) => track.stop());
    void this.#context?.close();
    this.#stream = this.#microphone = this.#capture = this.#playback = this.#context = null;
    this.level = { in: 0, out: 0 };
    this.#change({ ...OFF });
  }

  // -- microphone and loudspeaker

  async #listen() {
    const wanted = this.options.audio ?? { ...MICROPHONE };
    const stream = await navigator.mediaDevices.getUserMedia({ audio: wanted, video: false });
    if (this.#context === null || this.#capture === null) {
      stream.getTracks().forEach((track) => track.stop()); // stopped meanwhile
      return;
    }
    this.#microphone?.disconnect();
    this.#stream = stream;
    this.#microphone = this.#context.createMediaStreamSource(stream);
    this.#microphone.connect(this.#capture);
    for (const track of stream.getAudioTracks()) {
      track.addEventListener("ended", () => {
        if (this.#stream === stream) this.#change({ microphone: "lost" });
      });
    }
    this.#change({ microphone: "on" });
  }

  #devicesChanged = () => {
    if (this.#state.microphone !== "lost") return;
    this.#listen().catch(() => this.#change({ microphone: "lost" }));
  };

  /** @param {{pcm: ArrayBuffer, peak: number}} frame */
  #said(frame) {
    this.level.in = frame.peak;
    const socket = this.#socket;
    if (this.#state.phase !== "up" || this.#state.muted || socket?.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > UNSENT_LIMIT) {
      this.figures.unsent += 1;
      return;
    }
    socket.send(frame.pcm);
    this.figures.sent += 1;
  }

  /** @param {{peak: number, depthMs: number, targetMs: number, starved: number, droppedMs: number}} report */
  #played({ peak, ...figures }) {
    this.level.out = peak;
    Object.assign(this.figures, figures);
  }

  // -- the connection

  #connect() {
    const url = new URL(this.url, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#received = 0;
    this.#change({ phase: "connecting" });
    socket.onmessage = (event) => {
      if (this.#socket !== socket) return;
      if (typeof event.data === "string") this.#told(event.data);
      else this.#heard(event.data);
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#change({ phase: "connecting" });
      this.#retry = setTimeout(() => this.#connect(), this.#retryMs);
      this.#retryMs = Math.min(RETRY_LIMIT_MS, 2 * this.#retryMs);
    };
  }

  /** @param {ArrayBuffer} sound */
  #heard(sound) {
    this.#received += 1;
    this.figures.received += 1;
    if (this.#received % ACKNOWLEDGE_EVERY === 0) this.#ask("heard", { frames: this.#received });
    this.#playback?.port.postMessage(sound, [sound]);
  }

  /** @param {string} text */
  #told(text) {
    const word = JSON.parse(text);
    this.#retryMs = RETRY_MS;
    switch (word.type) {
      case "who":
        this.#ask("hello", { page: this.#page });
        break;
      case "ringing":
        this.#change({ phase: "ringing", leg: word.leg, precedence: word.precedence, why: "", muted: false });
        break;
      case "up":
        if (this.#state.phase !== "up") this.#playback?.port.postMessage("clear");
        this.#change({ phase: "up", leg: word.leg, precedence: word.precedence, why: "" });
        break;
      case "muted":
        this.#change({ muted: word.muted });
        break;
      case "ended":
        this.#change({ phase: "ended", leg: "", precedence: "", why: word.why, muted: false });
        break;
      case "idle":
        this.#change({ phase: "idle", leg: "", precedence: "", why: "", muted: false });
        break;
      case "no-phone":
      case "busy-elsewhere":
      case "free":
        this.#change({ phase: word.type, leg: "", precedence: "", why: "" });
        break;
    }
  }

  /**
   * @param {string} type
   * @param {Record<string, string | number>} [fields]
   */
  #ask(type, fields = {}) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ type, ...fields }));
  }

  /** @param {Partial<VoiceState>} news */
  #change(news) {
    const before = JSON.stringify(this.#state);
    this.#state = { ...this.#state, ...news };
    if (JSON.stringify(this.#state) !== before) this.onState(this.#state);
  }
}
