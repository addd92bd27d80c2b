/** The worker that solves, and who asks it: only the newest question counts, and one that takes long can be stopped. */
import { unpacked } from "./bundle.js";

const LONG = 5000; // milliseconds after which solving can be stopped

/** Asks the worker one thing at a time. */
export class Engine {
  /** @param {{problem: string, worker: string, solver: string}} texts  packed, as they stand in the page */
  constructor(texts) {
    this.texts = texts;
    this.number = 0;
    this.waiting = new Map();
    this.next = null;
    this.busy = false;
    /** @type {function(boolean): void} told when solving takes long, and when it no longer does */
    this.onLong = () => {};
  }

  /** Start a worker; gives its first answer, the run's own problem solved. What is asked meanwhile waits for it. */
  start() {
    this.started = this.begun();
    return this.started;
  }

  async begun() {
    const [program, bundle, solver] = await Promise.all([this.texts.worker, this.texts.problem, this.texts.solver].map(unpacked));
    const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    this.worker = new Worker(address);
    URL.revokeObjectURL(address);
    this.worker.onmessage = ({ data }) => {
      const asked = this.waiting.get(data.number);
      this.waiting.delete(data.number);
      if (data.error !== undefined) asked?.refuse(new Error(data.error));
      else asked?.answer(data.answer);
    };
    this.worker.onerror = (event) => this.refuseAll(new Error(event.message || "the solver could not be started"));
    return await this.ask("start", { bundle, solver }, [bundle, solver]);
  }

  /** Ask the worker something; what it is handed over it owns. */
  ask(what, more = {}, owned = []) {
    const number = ++this.number;
    const promise = new Promise((answer, refuse) => this.waiting.set(number, { answer, refuse }));
    this.worker.postMessage({ ask: what, number, ...more }, owned);
    return promise;
  }

  /**
   * Solve with settings moved, or once what is being solved has ended; of several that wait only the newest is solved.
   * @returns {Promise<?Object>} null where a newer one came in between
   */
  solve(values) {
    return this.queued("solve", { values });
  }

  /** What is asked when nothing newer waits: the fewest redundancies of the plan solved last, or the check. */
  queued(what, more = {}) {
    this.next?.answer(null);
    return new Promise((answer, refuse) => {
      this.next = { what, more, answer, refuse };
      if (!this.busy) this.go();
    });
  }

  async go() {
    this.busy = true;
    while (this.next) {
      const { what, more, answer, refuse } = this.next;
      this.next = null;
      const long = setTimeout(() => this.onLong(true), LONG);
      try {
        await this.started;
        const found = await this.ask(what, more);
        answer(this.next && what !== "check" ? null : found);
      } catch (error) {
        refuse(error);
      } finally {
        clearTimeout(long);
        this.onLong(false);
      }
    }
    this.busy = false;
  }

  /** Stop whatever is being solved: the worker ends, with all its memory, and another one starts. */
  async stop() {
    this.worker.terminate();
    this.refuseAll(new Error("stopped"));
    this.next?.answer(null);
    this.next = null;
    return await this.start();
  }

  refuseAll(error) {
    for (const { refuse } of this.waiting.values()) refuse(error);
    this.waiting.clear();
  }
}
