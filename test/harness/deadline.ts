/** Imported into every test process: one that does not end, for a socket left open or a hook that waits for ever, fails and says what keeps it. */
const fileMaxMs = 180_000;

setTimeout(() => {
  console.error(
    `${process.argv[1] ?? 'the tests'} did not end within ${fileMaxMs / 1000} s; still open: ${process.getActiveResourcesInfo().join(', ')}`,
  );
  process.exit(1);
}, fileMaxMs).unref();
