import { main } from './cli/main.ts';

await main(process.argv.slice(2));
// Whatever a command leaves open, such as a retry against a database that is away, ends with it.
process.exit();
