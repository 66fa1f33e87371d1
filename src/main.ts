import { main } from './cli/main.ts';

await main(process.argv.slice(2));
// Ends what the command left open, such as retries against an unavailable database.
process.exit();
