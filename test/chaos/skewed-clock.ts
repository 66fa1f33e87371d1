/** For `node --import`: shifts the clock by `CHAOS_SKEW_MS`. Timers and `performance.now()` are unaffected. */
const skewMs = Number(process.env['CHAOS_SKEW_MS']);
const now = Date.now;
Date.now = () => now() + skewMs;
globalThis.Date = new Proxy(Date, {
  construct: (target, given: unknown[], newTarget) =>
    Reflect.construct(target, given.length === 0 ? [Date.now()] : given, newTarget) as Date,
});
